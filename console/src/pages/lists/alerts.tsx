// Every alert, with or without an incident.
import type { AlertView } from '../../api/types.ts'
import type { Column } from '../../parts/data-table.tsx'
import { EvidenceList } from '../../parts/evidence.tsx'
import { FilterChips } from '../../parts/filter-chips.tsx'
import { ListPage } from '../../parts/list-page.tsx'
import { QueryTabs } from '../../parts/query-tabs.tsx'
import { SeverityMark } from '../../parts/severity.tsx'
import { Age, Time } from '../../parts/time.tsx'
import { query, setQuery } from '../../router.ts'
import { usePages } from '../../state/pages.ts'
import { countText } from '../../text/counts.ts'
import { ciPath, incidentPath } from '../paths.ts'

const COLUMNS: readonly Column<AlertView>[] = [
  { title: 'Severity', cell: ({ severity }) => <SeverityMark severity={severity} /> },
  {
    title: 'Alert',
    cell: ({ name, incidentId }) =>
      incidentId === undefined ? name : <a href={incidentPath(incidentId)}>{name}</a>,
  },
  {
    title: 'CI',
    cell: ({ ci }) => (ci === undefined ? '–' : <a href={ciPath(ci)}>{ci}</a>),
    wideOnly: true,
  },
  { title: 'What it says', cell: ({ summary }) => summary, grows: true, wideOnly: true },
  {
    title: 'State',
    cell: ({ status, flapping, muted }) =>
      [status, flapping && 'flapping', muted && `muted by ${muted}`].filter(Boolean).join(', '),
  },
  { title: 'Source', cell: ({ source }) => source, wideOnly: true },
  {
    title: 'Times',
    cell: ({ occurrences }) => countText(occurrences + 1),
    numeric: true,
    wideOnly: true,
  },
  {
    title: 'Last seen',
    cell: ({ lastSeen }) => <Time at={lastSeen} />,
    numeric: true,
    wideOnly: true,
  },
  {
    title: 'Lasting',
    cell: ({ startsAt, resolvedAt }) => <Age since={startsAt} until={resolvedAt} />,
    numeric: true,
  },
]

const VIEWS = [
  ['', 'Firing'],
  ['resolved', 'Resolved'],
  ['all', 'All'],
] as const

const addressOf = (status: string, q: string, incident: string): string => {
  const parts = new URLSearchParams()
  if (incident !== '') parts.set('incident', incident)
  else if (status !== 'all') parts.set('status', status === '' ? 'firing' : status)
  if (q !== '') parts.set('q', q)
  return `/api/v1/alerts${parts.size === 0 ? '' : `?${parts}`}`
}

const More = ({ alert }: { alert: AlertView }) => (
  <div class="why">
    <p>{alert.summary}</p>
    <EvidenceList reasons={alert.evidence} />
    <p class="labels">
      {Object.entries(alert.labels).map(([name, value]) => (
        <span key={name} class="tag">
          {name}={value}
        </span>
      ))}
    </p>
  </div>
)

export const AlertsPage = () => {
  const q = query.value.get('q') ?? ''
  const incident = query.value.get('incident') ?? ''
  return (
    <ListPage
      title="Alerts"
      pages={usePages<AlertView>(addressOf(query.value.get('status') ?? '', q, incident))}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      more={(alert) => <More alert={alert} />}
      tools={
        <>
          <FilterChips names={['incident']} />
          <QueryTabs name="status" label="Status" choices={VIEWS} />
          <input
            type="search"
            aria-label="Search alerts"
            placeholder="Search"
            value={q}
            onInput={(event) => setQuery({ q: event.currentTarget.value })}
          />
        </>
      }
      empty={
        <>
          <h2>No alert here</h2>
          <p>Nothing fires, or nothing has been sent yet.</p>
        </>
      }
    />
  )
}
