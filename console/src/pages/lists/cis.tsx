// Managed components, by kind and name, and the import that replaces the topology.
import { useState } from 'preact/hooks'
import { can } from '../../api/capabilities.ts'
import { post } from '../../api/client.ts'
import type { CiView } from '../../api/types.ts'
import type { Column } from '../../parts/data-table.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { ListPage } from '../../parts/list-page.tsx'
import { query, setQuery } from '../../router.ts'
import { usePages } from '../../state/pages.ts'
import { say } from '../../state/toasts.ts'
import { countText } from '../../text/counts.ts'
import { ciPath } from '../paths.ts'
import { Proposals } from './proposals.tsx'

const COLUMNS: readonly Column<CiView>[] = [
  { title: 'Kind', cell: ({ kind }) => kind },
  { title: 'Name', cell: ({ id, name }) => <a href={ciPath(id)}>{name}</a>, grows: true },
  { title: 'Team', cell: ({ attributes }) => attributes.team ?? attributes.owner ?? '–' },
  {
    title: 'Criticality',
    cell: ({ attributes }) => attributes.criticality ?? '–',
    wideOnly: true,
  },
]

const PARTS = [
  ['added', 'CIs added'],
  ['changed', 'changed'],
  ['removed', 'removed'],
  ['relationsAdded', 'relations added'],
  ['relationsRemoved', 'relations removed'],
] as const

/** A dry run lists what would change, the import itself counts it. */
type Difference = Readonly<Record<(typeof PARTS)[number][0], readonly unknown[] | number>>

const differenceText = (found: Difference): string =>
  PARTS.map(([name, words]) => {
    const part = found[name]
    return `${countText(typeof part === 'number' ? part : part.length)} ${words}`
  }).join(', ')

interface Draft {
  readonly topology: unknown
  readonly difference: string
}

const Import = ({ onDone }: { onDone: () => void }) => {
  const [draft, setDraft] = useState<Draft>()
  const [fault, setFault] = useState<string>()
  const compare = async (file: File | undefined): Promise<void> => {
    setDraft(undefined)
    setFault(undefined)
    if (file === undefined) return
    try {
      const topology: unknown = JSON.parse(await file.text())
      const answer = await post<Difference>('/api/v1/cis/import?dryRun=true', topology)
      if (answer.ok) setDraft({ topology, difference: differenceText(answer.data) })
      else setFault(answer.refusal.detail)
    } catch {
      setFault('The file is not JSON.')
    }
  }
  const apply = async (topology: unknown): Promise<void> => {
    const answer = await post('/api/v1/cis/import', topology)
    say(answer.ok ? 'Topology imported' : answer.refusal.detail, answer.ok ? 'good' : 'bad')
    onDone()
  }
  return (
    <Dialog title="Import the topology" onClose={onDone}>
      <div class="form">
        <p>
          A JSON file <code>{'{"cis": […], "relations": […]}'}</code> that replaces what is known.
          First it is only compared.
        </p>
        <input
          type="file"
          accept=".json,application/json"
          aria-label="Topology file"
          onChange={(event) => void compare(event.currentTarget.files?.[0])}
        />
        {fault !== undefined && <p role="alert">{fault}</p>}
        {draft !== undefined && <p role="status">{draft.difference}.</p>}
        {draft !== undefined && (
          <button type="button" class="primary" onClick={() => void apply(draft.topology)}>
            Replace the topology
          </button>
        )}
      </div>
    </Dialog>
  )
}

export const CisPage = () => {
  const [importing, setImporting] = useState(false)
  const [round, setRound] = useState(0)
  const q = query.value.get('q') ?? ''
  const address = `/api/v1/cis${q === '' ? '' : `?q=${encodeURIComponent(q)}`}`
  return (
    <ListPage
      title="CIs"
      pages={usePages<CiView>(address, round)}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      tools={
        <>
          <input
            type="search"
            aria-label="Search CIs"
            placeholder="Search"
            value={q}
            onInput={(event) => setQuery({ q: event.currentTarget.value })}
          />
          {can('POST /api/v1/cis/import') && (
            <button type="button" onClick={() => setImporting(true)}>
              Import
            </button>
          )}
        </>
      }
      empty={
        <>
          <h2>No CIs here</h2>
          <p>Import a topology, so that incidents are joined along dependencies.</p>
        </>
      }
    >
      <Proposals onAdopted={() => setRound((value) => value + 1)} />
      {importing && (
        <Import
          onDone={() => {
            setImporting(false)
            setRound(round + 1)
          }}
        />
      )}
    </ListPage>
  )
}
