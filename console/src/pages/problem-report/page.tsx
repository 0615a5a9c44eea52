// The report for problem managers: what costs most, what is new, worse, gone, and undecided.
import type { FixedProblem, ProblemReport, ReportedProblem } from '../../api/types.ts'
import { now } from '../../clock.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { QueryTabs } from '../../parts/query-tabs.tsx'
import { Refusal } from '../../parts/refusal.tsx'
import { StatusMark } from '../../parts/severity.tsx'
import { Time } from '../../parts/time.tsx'
import { query } from '../../router.ts'
import { useResource } from '../../state/resource.ts'
import { countText, plural } from '../../text/counts.ts'
import { durationText } from '../../text/time.ts'
import { incidentPath, problemPath } from '../paths.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const DAYS_DEFAULT = '7'

const RANGES = [
  ['', '7 days'],
  ['30', '30 days'],
  ['90', '90 days'],
] as const

const lost = (minutes: number): string => durationText(minutes * MINUTE_MS)

const COLUMNS: readonly Column<ReportedProblem>[] = [
  { title: 'Status', cell: ({ status }) => <StatusMark status={status} />, wideOnly: true },
  { title: 'Number', cell: ({ number }) => <span class="num">{number}</span>, wideOnly: true },
  { title: 'Problem', cell: ({ id, title }) => <a href={problemPath(id)}>{title}</a>, grows: true },
  { title: 'Owner', cell: ({ owner }) => owner ?? '–', wideOnly: true },
  { title: 'Incidents', cell: ({ incidents }) => countText(incidents), numeric: true },
  { title: 'Time lost', cell: ({ minutesLost }) => lost(minutesLost), numeric: true },
  {
    title: 'Before',
    cell: ({ before }) => lost(before.minutesLost),
    numeric: true,
    wideOnly: true,
  },
]

const Beneath = ({ problem }: { problem: ReportedProblem }) => (
  <ul class="plain">
    {problem.beneath.map(({ id, number, openedAt, minutesLost }) => (
      <li key={id}>
        <a href={incidentPath(id)}>{number}</a> <Time at={openedAt} /> {lost(minutesLost)}
      </li>
    ))}
  </ul>
)

const Section = (props: {
  title: string
  none: string
  problems: readonly (ReportedProblem | FixedProblem)[]
  columns?: readonly Column<ReportedProblem>[]
}) => {
  const id = props.title.toLowerCase().replaceAll(' ', '-')
  return (
    <section class="block table-block" aria-labelledby={id}>
      <h2 id={id}>{props.title}</h2>
      {props.problems.length === 0 ? (
        <p class="faint">{props.none}</p>
      ) : (
        <DataTable
          label={props.title}
          columns={props.columns ?? COLUMNS}
          rows={props.problems}
          keyOf={({ id: of }) => of}
          more={(problem) => <Beneath problem={problem} />}
        />
      )}
    </section>
  )
}

const FIXED_COLUMNS: readonly Column<ReportedProblem>[] = [
  ...COLUMNS.slice(1, 4),
  {
    title: 'Silent for',
    cell: (problem) => plural((problem as FixedProblem).silentDays, 'day'),
    numeric: true,
  },
  {
    title: 'Fixed by',
    cell: (problem) => (problem as FixedProblem).fixedBy ?? '–',
    wideOnly: true,
  },
]

/** By the minute, so that the address stays the same while it is being looked at. */
const rangeOf = (days: number): string => {
  const to = Math.ceil(now.peek() / MINUTE_MS) * MINUTE_MS
  const from = new Date(to - days * DAY_MS).toISOString()
  return `from=${from}&to=${new Date(to).toISOString()}`
}

const Report = ({ report }: { report: ProblemReport }) => (
  <>
    {!report.complete && <p class="notice">There is more than this report reads.</p>}
    <Section
      title="Awaiting a decision"
      none="No candidate waits."
      problems={report.awaitingDecision}
    />
    <Section title="Most time lost" none="No recurring problem cost any." problems={report.top} />
    <Section title="New" none="Nothing new." problems={report.new} />
    <Section title="Worsening" none="Nothing gets worse." problems={report.worsening} />
    <Section
      title="Fixed and silent since"
      none="Nothing was fixed yet."
      problems={report.fixedAndSilent}
      columns={FIXED_COLUMNS}
    />
  </>
)

export const ProblemReportPage = () => {
  const range = rangeOf(Number(query.value.get('days') ?? DAYS_DEFAULT))
  const { data, refusal } = useResource<ProblemReport>(`/api/v1/problems/report?${range}`)
  const download = (format: string) => `/api/v1/problems/report?${range}&format=${format}`
  return (
    <main class="page page-stack" id="page">
      <header class="page-head">
        <h1>Problem report</h1>
        <QueryTabs name="days" label="Range" choices={RANGES} />
        <a href={download('csv')} data-leaves>
          CSV
        </a>
        <a href={download('markdown')} data-leaves>
          Markdown
        </a>
      </header>
      {data !== undefined && <Report report={data} />}
      {data === undefined && refusal !== undefined && (
        <Refusal refusal={refusal} what="problem report" />
      )}
    </main>
  )
}
