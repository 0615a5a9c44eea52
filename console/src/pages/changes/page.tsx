// Changes: the calendar of what is planned, the list, and the form that asks for one.
import { useState } from 'preact/hooks'
import { can } from '../../api/capabilities.ts'
import { post } from '../../api/client.ts'
import type { ChangeDetail, ChangeSummary } from '../../api/types.ts'
import { now } from '../../clock.ts'
import type { Column } from '../../parts/data-table.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { ListPage } from '../../parts/list-page.tsx'
import { QueryTabs } from '../../parts/query-tabs.tsx'
import { StatusMark } from '../../parts/severity.tsx'
import { SpanLanes } from '../../parts/span-lanes.tsx'
import { Time } from '../../parts/time.tsx'
import { navigate, query } from '../../router.ts'
import { usePages } from '../../state/pages.ts'
import { say } from '../../state/toasts.ts'
import { countText } from '../../text/counts.ts'
import { changePath } from '../paths.ts'
import { newChangeFields } from './forms.ts'

const DAY_MS = 86_400_000
const CALENDAR_DAYS = 14
const CALENDAR_ROWS_MAX = 20

const COLUMNS: readonly Column<ChangeSummary>[] = [
  { title: 'Status', cell: ({ status }) => <StatusMark status={status} /> },
  { title: 'Number', cell: ({ number }) => <span class="num">{number}</span>, wideOnly: true },
  { title: 'What', cell: ({ id, title }) => <a href={changePath(id)}>{title}</a>, grows: true },
  { title: 'Type', cell: ({ type }) => type, wideOnly: true },
  {
    title: 'CI',
    cell: ({ ci, cis }) => (cis.length > 1 ? `${ci} +${cis.length - 1}` : ci),
    wideOnly: true,
  },
  { title: 'Risk', cell: ({ risk }) => risk ?? '–', wideOnly: true },
  { title: 'Planned', cell: ({ plannedStart }) => <Time at={plannedStart} />, numeric: true },
  {
    title: 'Incidents',
    cell: ({ incidentCount }) => countText(incidentCount),
    numeric: true,
    wideOnly: true,
  },
]

const VIEWS = [
  ['', 'All'],
  ['awaiting-approval', 'To approve'],
  ['scheduled', 'Scheduled'],
  ['implementing', 'Under way'],
  ['review', 'To review'],
] as const

const OVER: ReadonlySet<string> = new Set(['closed', 'rejected', 'cancelled'])

const Calendar = ({ changes }: { changes: readonly ChangeSummary[] }) => {
  const from = now.value - CALENDAR_DAYS * DAY_MS
  const to = now.value + CALENDAR_DAYS * DAY_MS
  const lanes = changes
    .map((change) => ({
      id: change.id,
      label: `${change.number} ${change.title}`,
      href: changePath(change.id),
      from: Date.parse(change.startedAt),
      to: Date.parse(change.endedAt ?? change.plannedEnd),
      words: change.status.replace('-', ' '),
      over: OVER.has(change.status),
    }))
    .filter((lane) => lane.to > from && lane.from < to)
    .sort((a, b) => a.from - b.from)
    .slice(0, CALENDAR_ROWS_MAX)
  return lanes.length === 0 ? null : (
    <section class="block" aria-labelledby="calendar">
      <header class="block-head">
        <h2 id="calendar">Calendar, two weeks either way</h2>
        <a href="/api/v1/changes.ics" data-leaves>
          Subscribe (iCalendar)
        </a>
      </header>
      <SpanLanes lanes={lanes} from={from} to={to} />
    </section>
  )
}

const NewChange = ({ onClose }: { onClose: () => void }) => (
  <FormDialog
    title="Ask for a change"
    verb="Save as draft"
    intro="Submitting the draft assesses it: impact, risk, conflicts, freezes."
    fields={newChangeFields(now.peek())}
    onClose={onClose}
    onSubmit={(body) =>
      void post<ChangeDetail>('/api/v1/rfcs', body).then((answer) => {
        if (answer.ok) navigate(changePath(answer.data.id))
        else say(answer.refusal.detail, 'bad')
        onClose()
      })
    }
  />
)

export const ChangesPage = () => {
  const [asking, setAsking] = useState(false)
  const status = query.value.get('status') ?? ''
  const address = `/api/v1/changes${status === '' ? '' : `?status=${encodeURIComponent(status)}`}`
  const pages = usePages<ChangeSummary>(address)
  return (
    <ListPage
      title="Changes"
      pages={pages}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      tools={
        <>
          <QueryTabs name="status" label="Status" choices={VIEWS} />
          {can('POST /api/v1/rfcs') && (
            <button type="button" class="primary" onClick={() => setAsking(true)}>
              Ask for a change
            </button>
          )}
        </>
      }
      empty={
        <>
          <h2>No changes here</h2>
          <p>
            Ask for one, or let deployments tell of themselves: <code>POST /api/v1/changes</code>.
          </p>
        </>
      }
    >
      <Calendar changes={pages.items} />
      {asking && <NewChange onClose={() => setAsking(false)} />}
    </ListPage>
  )
}
