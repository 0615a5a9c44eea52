// Asking for processes: the register, what needs attention, and the runbooks for an incident.
import { and, asc, desc, eq, sql } from 'drizzle-orm'
import { isoTime, type Millis } from '../../domain/time.ts'
import type { ProcessVersionView, ProcessView } from '../api/work-schemas.ts'
import { present, timeOrNone } from '../incidents/views.ts'
import { disabledAmong } from '../people/absent.ts'
import type { DeskSql } from '../store/database.ts'
import { type ProcessRow, processes, processVersions } from '../store/schema.ts'

const PROCESSES_MAX = 1_000
const VERSIONS_SHOWN_MAX = 100

export const processView = (row: ProcessRow): ProcessView => {
  const { steps, links, ...words } = row.body
  const { alertNames = [], cis = [], problems = [] } = links ?? {}
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    ...words,
    steps: [...steps],
    links: { alertNames: [...alertNames], cis: [...cis], problems: [...problems] },
    retired: row.retired,
    updatedAt: isoTime(row.updatedAt),
    version: row.version,
    ...present({ owner: row.owner, reviewBy: timeOrNone(row.reviewBy) }),
  }
}

/** Why somebody should look at a process, one sentence each. */
const attentionOf = (row: ProcessRow, gone: ReadonlySet<string>, now: Millis): string[] => [
  ...(row.owner === null ? ['Nobody owns it'] : []),
  ...(row.owner !== null && gone.has(row.owner)
    ? [`Its owner ${row.owner} is no longer here`]
    : []),
  ...(row.reviewBy === null ? ['No review date is set'] : []),
  ...(row.reviewBy !== null && row.reviewBy < now
    ? [`Its review was due on ${isoTime(row.reviewBy).slice(0, 10)}`]
    : []),
]

/** What an incident has that a runbook may be linked to. */
export interface RunbookSubject {
  readonly alertNames: readonly string[]
  readonly cis: readonly string[]
  readonly problems: readonly string[]
}

const fits = ({ body: { links } }: ProcessRow, subject: RunbookSubject): boolean => {
  const meets = (wanted: readonly string[] | undefined, has: readonly string[]): boolean =>
    wanted?.some((each) => has.includes(each)) ?? false
  return (
    meets(links?.alertNames, subject.alertNames) ||
    meets(links?.cis, subject.cis) ||
    meets(links?.problems, subject.problems)
  )
}

/** Runbooks linked to one of the alert types, CIs or problems, by name. */
export const runbooksFor = async (
  database: DeskSql,
  subject: RunbookSubject,
): Promise<ProcessRow[]> => {
  const rows = await database
    .select()
    .from(processes)
    .where(and(eq(processes.kind, 'runbook'), eq(processes.retired, false)))
    .orderBy(asc(processes.name), asc(processes.id))
    .limit(PROCESSES_MAX)
  return rows.filter((row) => fits(row, subject))
}

export const processQueries = (database: DeskSql) => ({
  /** By name; `attention` keeps those without owner, without review date or past it. */
  async listProcesses(
    filter: { readonly kind?: ProcessRow['kind']; readonly attention?: boolean },
    now: Millis,
  ): Promise<(ProcessView & { attention: string[] })[]> {
    const rows = await database
      .select()
      .from(processes)
      .where(
        and(
          eq(processes.retired, false),
          filter.kind === undefined ? undefined : eq(processes.kind, filter.kind),
        ),
      )
      .orderBy(asc(processes.name), asc(processes.id))
      .limit(PROCESSES_MAX)
    const owners = rows.flatMap(({ owner }) => owner ?? [])
    const gone = await disabledAmong(database, owners)
    return rows
      .map((row) => ({ ...processView(row), attention: attentionOf(row, gone, now) }))
      .filter(({ attention }) => !filter.attention || attention.length > 0)
  },

  async findProcess(id: string): Promise<ProcessView | undefined> {
    const [row] = await database.select().from(processes).where(eq(processes.id, id))
    return row && processView(row)
  },

  /** Newest first. */
  async processHistory(id: string): Promise<ProcessVersionView[]> {
    const rows = await database
      .select()
      .from(processVersions)
      .where(sql`${processVersions.processId} = ${id}`)
      .orderBy(desc(processVersions.version))
      .limit(VERSIONS_SHOWN_MAX)
    return rows.map(({ version, at, actor, body }) => ({
      version,
      at: isoTime(at),
      actor,
      steps: [...body.steps],
      objective: body.objective,
    }))
  },
})
