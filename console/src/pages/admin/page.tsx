// The installation itself: whether its parts work, who did what, and whether that record is whole.
import { useState } from 'preact/hooks'
import { can } from '../../api/capabilities.ts'
import { get } from '../../api/client.ts'
import type { AuditView } from '../../api/types.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Refusal } from '../../parts/refusal.tsx'
import { StatusMark } from '../../parts/severity.tsx'
import { Time } from '../../parts/time.tsx'
import { usePages } from '../../state/pages.ts'
import { useReadiness } from '../../state/readiness.ts'
import { plural } from '../../text/counts.ts'
import { People } from './people.tsx'

interface Verdict {
  readonly entries: number
  readonly intact: boolean
  readonly broken?: { readonly sequence: number; readonly detail: string }
}

const verdictText = ({ entries, intact, broken }: Verdict): string =>
  intact
    ? `The chain of ${plural(entries, 'entry', 'entries')} is whole.`
    : `Broken at entry ${broken?.sequence}: ${broken?.detail}`

const Verify = () => {
  const [said, setSaid] = useState('')
  const verify = async (): Promise<void> => {
    const answer = await get<Verdict>('/api/v1/audit/verify')
    setSaid(answer.ok ? verdictText(answer.data) : answer.refusal.detail)
  }
  return (
    <span class="inline">
      <span role="status">{said}</span>
      <button type="button" onClick={() => void verify()}>
        Verify the chain
      </button>
    </span>
  )
}

const COLUMNS: readonly Column<AuditView>[] = [
  { title: 'At', cell: ({ at }) => <Time at={at} /> },
  { title: 'Who', cell: ({ actor }) => actor },
  { title: 'Did', cell: ({ action }) => action },
  { title: 'To', cell: ({ target }) => target, grows: true, wideOnly: true },
  { title: 'Outcome', cell: ({ outcome }) => outcome, wideOnly: true },
]

const json = (value: unknown): string => JSON.stringify(value, null, 2) ?? ''

const Audit = () => {
  const { items, refusal, readMore } = usePages<AuditView>('/api/v1/audit')
  if (items.length === 0 && refusal !== undefined)
    return <Refusal refusal={refusal} what="audit log" />
  return (
    <section class="block table-block" aria-labelledby="audit">
      <header class="block-head">
        <h2 id="audit">Audit log</h2>
        {can('GET /api/v1/audit/verify') && <Verify />}
      </header>
      <DataTable
        label="Audit log"
        columns={COLUMNS}
        rows={items}
        keyOf={({ sequence }) => String(sequence)}
        more={({ before, after, hash, commandId }) => (
          <div class="audit-more">
            <pre class="payload">{json(before)}</pre>
            <pre class="payload">{json(after)}</pre>
            <p class="faint">
              Command {commandId}, hash {hash}
            </p>
          </div>
        )}
      />
      {readMore !== undefined && (
        <button type="button" onClick={readMore}>
          Read more
        </button>
      )}
    </section>
  )
}

const Health = () => {
  const parts = useReadiness()
  return (
    <section class="block" aria-labelledby="health">
      <h2 id="health">Parts of this installation</h2>
      {parts === undefined ? (
        <p class="faint">Asking …</p>
      ) : (
        <dl class="facts">
          {Object.entries(parts).map(([name, { status, detail }]) => (
            <div key={name} class="facts-row">
              <dt>{name}</dt>
              <dd>
                <StatusMark status={status} /> {detail}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}

export const AdminPage = () => (
  <main class="page page-stack" id="page">
    <header class="page-head">
      <h1>Admin</h1>
      <span class="inline">
        <a href="/docs/guide" data-leaves>
          Guide
        </a>
        <a href="/docs" data-leaves>
          API description
        </a>
      </span>
    </header>
    <Health />
    {can('GET /api/v1/users') && <People />}
    <Audit />
  </main>
)
