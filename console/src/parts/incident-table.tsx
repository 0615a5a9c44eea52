// A short list of incidents inside another page.
import type { IncidentSummary } from '../api/types.ts'
import { incidentPath } from '../pages/paths.ts'
import { type Column, DataTable } from './data-table.tsx'
import { SeverityMark, StatusMark } from './severity.tsx'
import { Age, Time } from './time.tsx'

const COLUMNS: readonly Column<IncidentSummary>[] = [
  { title: 'Severity', cell: ({ severity }) => <SeverityMark severity={severity} /> },
  { title: 'Number', cell: ({ number }) => <span class="num">{number}</span>, wideOnly: true },
  {
    title: 'What happened',
    cell: ({ id, title }) => <a href={incidentPath(id)}>{title}</a>,
    grows: true,
  },
  { title: 'Status', cell: ({ status }) => <StatusMark status={status} /> },
  {
    title: 'Opened',
    cell: ({ openedAt }) => <Time at={openedAt} />,
    numeric: true,
    wideOnly: true,
  },
  {
    title: 'Lasted',
    cell: ({ openedAt, resolvedAt }) => <Age since={openedAt} until={resolvedAt} />,
    numeric: true,
  },
]

export const IncidentTable = ({ incidents }: { incidents: readonly IncidentSummary[] }) => (
  <DataTable label="Incidents" columns={COLUMNS} rows={incidents} keyOf={({ id }) => id} />
)
