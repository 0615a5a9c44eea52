// The import that replaces the topology: first compared, name by name, then carried out.
import { useState } from 'preact/hooks'
import { type Answer, createIdempotencyKey, send } from '../../api/client.ts'
import type { CiView, RelationView } from '../../api/types.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { say } from '../../state/toasts.ts'
import { plural } from '../../text/counts.ts'

/** Of each kind of change so many are named, the rest is counted. */
const NAMES_MAX = 40

interface Difference {
  readonly added: readonly CiView[]
  readonly changed: readonly CiView[]
  readonly removed: readonly CiView[]
  readonly relationsAdded: readonly RelationView[]
  readonly relationsRemoved: readonly RelationView[]
}

/** A file as it was read: JSON as it is, a table as CSV. */
interface Upload {
  readonly text: string
  readonly type: 'application/json' | 'text/csv'
}

const uploadOf = async (file: File): Promise<Upload> => ({
  text: await file.text(),
  type: /\.csv$/i.test(file.name) ? 'text/csv' : 'application/json',
})

const tell = <T,>({ text, type }: Upload, query = ''): Promise<Answer<T>> =>
  send<T>(`/api/v1/cis/import${query}`, {
    method: 'POST',
    body: text,
    headers: {
      accept: 'application/json',
      'content-type': type,
      'idempotency-key': createIdempotencyKey(),
    },
  })

const named = ({ id }: CiView): string => id
const related = ({ from, type, to }: RelationView): string =>
  `${from} ${type.replaceAll('_', ' ')} ${to}`

const sections = (found: Difference): [title: string, sign: string, names: string[]][] => [
  ['CIs added', '+', found.added.map(named)],
  ['CIs changed', '~', found.changed.map(named)],
  ['CIs removed', '−', found.removed.map(named)],
  ['relations added', '+', found.relationsAdded.map(related)],
  ['relations removed', '−', found.relationsRemoved.map(related)],
]

const DifferenceList = ({ found }: { found: Difference }) => {
  const changing = sections(found).filter(([, , names]) => names.length > 0)
  if (changing.length === 0) return <p role="status">Nothing would change.</p>
  return (
    <div class="difference" role="status">
      {changing.map(([title, sign, names]) => (
        <details key={title} open={names.length <= NAMES_MAX}>
          <summary class="num">
            {names.length} {title}
          </summary>
          <ul>
            {names.slice(0, NAMES_MAX).map((name) => (
              <li key={name}>
                {sign} {name}
              </li>
            ))}
            {names.length > NAMES_MAX && (
              <li>and {plural(names.length - NAMES_MAX, 'more', 'more')}</li>
            )}
          </ul>
        </details>
      ))}
    </div>
  )
}

interface Draft {
  readonly upload: Upload
  readonly found: Difference
}

export const TopologyImport = ({ onDone }: { onDone: () => void }) => {
  const [draft, setDraft] = useState<Draft>()
  const [fault, setFault] = useState<string>()
  const compare = async (file: File | undefined): Promise<void> => {
    setDraft(undefined)
    setFault(undefined)
    if (file === undefined) return
    const upload = await uploadOf(file)
    const answer = await tell<Difference>(upload, '?dryRun=true')
    if (answer.ok) setDraft({ upload, found: answer.data })
    else setFault(answer.refusal.detail)
  }
  const apply = async (upload: Upload): Promise<void> => {
    const answer = await tell(upload)
    say(answer.ok ? 'Topology imported' : answer.refusal.detail, answer.ok ? 'good' : 'bad')
    onDone()
  }
  return (
    <Dialog title="Import the topology" onClose={onDone}>
      <div class="form">
        <p>
          A JSON file <code>{'{"cis": […], "relations": […]}'}</code> or a CSV table that replaces
          what is known. First it is only compared.
        </p>
        <input
          type="file"
          accept=".json,.csv,application/json,text/csv"
          aria-label="Topology file"
          onChange={(event) => void compare(event.currentTarget.files?.[0])}
        />
        {fault !== undefined && <p role="alert">{fault}</p>}
        {draft !== undefined && <DifferenceList found={draft.found} />}
        {draft !== undefined && (
          <button type="button" class="primary" onClick={() => void apply(draft.upload)}>
            Replace the topology
          </button>
        )}
      </div>
    </Dialog>
  )
}
