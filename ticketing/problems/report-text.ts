// The report for problem managers as Markdown to read and as a table to reckon with.
import { csvTable, escapeMarkdown } from '../../domain/written.ts'
import type { FixedProblem, ProblemReport, ReportedProblem } from '../api/report-schemas.ts'

type Entry = ReportedProblem & Partial<Pick<FixedProblem, 'silentDays' | 'fixedBy'>>

const SECTIONS: readonly {
  readonly name: Exclude<keyof ProblemReport, 'from' | 'to' | 'complete'>
  readonly title: string
  readonly empty: string
}[] = [
  { name: 'top', title: 'Costliest patterns', empty: 'No known pattern was seen.' },
  { name: 'new', title: 'New', empty: 'None.' },
  { name: 'worsening', title: 'Getting worse', empty: 'None.' },
  { name: 'fixedAndSilent', title: 'Fixed, and silent since', empty: 'None.' },
  { name: 'awaitingDecision', title: 'Awaiting a decision', empty: 'None.' },
]

const INCIDENTS_NAMED_MAX = 10

const numbersOf = ({ beneath }: Entry): string => {
  const named = beneath
    .slice(0, INCIDENTS_NAMED_MAX)
    .map(({ number, link }) => `[${number}](${link})`)
  const more = beneath.length - named.length
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

const lineOf = (entry: Entry): string => {
  const { number, link, title, status, owner, incidents, minutesLost, before } = entry
  const facts = [
    escapeMarkdown(status),
    owner === undefined ? 'no owner' : `owner ${escapeMarkdown(owner)}`,
    `${minutesLost} min in ${incidents} incidents (before: ${before.minutesLost} min in ${before.incidents})`,
    ...(entry.silentDays === undefined
      ? []
      : [`silent for ${entry.silentDays} days${entry.fixedBy ? ` since ${entry.fixedBy}` : ''}`]),
  ]
  const beneath = numbersOf(entry)
  return [
    `- **[${number}](${link})** ${escapeMarkdown(title)}: ${facts.join('; ')}`,
    ...(beneath === '' ? [] : [`  Incidents: ${beneath}`]),
  ].join('\n')
}

export const problemReportMarkdown = (report: ProblemReport): string => {
  const day = (time: string): string => time.slice(0, 10)
  const parts = SECTIONS.map(({ name, title, empty }) => {
    const entries: readonly Entry[] = report[name]
    return `## ${title}\n\n${entries.length === 0 ? empty : entries.map(lineOf).join('\n')}\n`
  })
  const partial = report.complete ? '' : '\nNot all problems or incidents could be read.\n'
  return `# Problems, ${day(report.from)} to ${day(report.to)}\n${partial}\n${parts.join('\n')}`
}

const COLUMNS = [
  'section',
  'problem',
  'title',
  'status',
  'owner',
  'incidents',
  'minutes_lost',
  'incidents_before',
  'minutes_lost_before',
  'last_seen',
  'fixed_by',
  'silent_days',
  'incident_numbers',
  'link',
]

export const problemReportCsv = (report: ProblemReport): string =>
  csvTable(
    COLUMNS,
    SECTIONS.flatMap(({ name }) =>
      (report[name] as readonly Entry[]).map((entry) => [
        name,
        entry.number,
        entry.title,
        entry.status,
        entry.owner,
        entry.incidents,
        entry.minutesLost,
        entry.before.incidents,
        entry.before.minutesLost,
        entry.lastAt,
        entry.fixedBy,
        entry.silentDays,
        entry.beneath.map(({ number }) => number).join(' '),
        entry.link,
      ]),
    ),
  )
