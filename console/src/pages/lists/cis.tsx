// Managed components by kind and name, and what about them needs somebody.
import { useState } from 'preact/hooks'
import { can } from '../../api/capabilities.ts'
import type { CiView } from '../../api/types.ts'
import type { Column } from '../../parts/data-table.tsx'
import { ListPage } from '../../parts/list-page.tsx'
import { query, setQuery } from '../../router.ts'
import { usePages } from '../../state/pages.ts'
import { ciPath } from '../paths.ts'
import { AssetWarnings } from './asset-warnings.tsx'
import { Proposals } from './proposals.tsx'
import { TopologyImport } from './topology-import.tsx'

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
      <AssetWarnings />
      <Proposals onAdopted={() => setRound((value) => value + 1)} />
      {importing && (
        <TopologyImport
          onDone={() => {
            setImporting(false)
            setRound(round + 1)
          }}
        />
      )}
    </ListPage>
  )
}
