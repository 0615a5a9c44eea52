// Recurring patterns: candidates first, for somebody to decide upon.
import { can } from '../../api/capabilities.ts'
import type { ProblemSummary } from '../../api/types.ts'
import type { Column } from '../../parts/data-table.tsx'
import { ListPage } from '../../parts/list-page.tsx'
import { QueryTabs } from '../../parts/query-tabs.tsx'
import { StatusMark } from '../../parts/severity.tsx'
import { Time } from '../../parts/time.tsx'
import { query } from '../../router.ts'
import { anythingHeard } from '../../state/changes-heard.ts'
import { usePages } from '../../state/pages.ts'
import { countText } from '../../text/counts.ts'
import { durationText } from '../../text/time.ts'
import { problemPath } from '../paths.ts'

const MINUTE_MS = 60_000

const COLUMNS: readonly Column<ProblemSummary>[] = [
  { title: 'Status', cell: ({ status }) => <StatusMark status={status} /> },
  { title: 'Number', cell: ({ number }) => <span class="num">{number}</span>, wideOnly: true },
  { title: 'Pattern', cell: ({ id, title }) => <a href={problemPath(id)}>{title}</a>, grows: true },
  { title: 'With', cell: ({ assignee }) => assignee ?? '–', wideOnly: true },
  { title: 'Incidents', cell: ({ incidentCount }) => countText(incidentCount), numeric: true },
  {
    title: 'Time lost',
    cell: ({ minutesLost }) => durationText(minutesLost * MINUTE_MS),
    numeric: true,
  },
  { title: 'Last', cell: ({ lastAt }) => <Time at={lastAt} />, numeric: true, wideOnly: true },
]

const VIEWS = [
  ['', 'All'],
  ['candidate', 'Candidates'],
  ['investigating', 'Investigating'],
  ['known-error', 'Known errors'],
  ['resolved', 'Resolved'],
] as const

export const ProblemsPage = () => {
  const status = query.value.get('status') ?? ''
  const address = `/api/v1/problems${status === '' ? '' : `?status=${encodeURIComponent(status)}`}`
  const pages = usePages<ProblemSummary>(address, anythingHeard('problem'))
  return (
    <ListPage
      title="Problems"
      pages={pages}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      tools={
        <>
          <QueryTabs name="status" label="Status" choices={VIEWS} />
          {can('GET /api/v1/problems/report') && <a href="/problem-report">Report</a>}
        </>
      }
      empty={
        <>
          <h2>No recurring pattern here</h2>
          <p>When incidents of one pattern recur often enough, they appear as a candidate.</p>
        </>
      }
    />
  )
}
