// What is known of a change before it is approved: impact, risk, conflicts, freezes, open incidents.
import { and, eq, gt, inArray, lt, ne, sql } from 'drizzle-orm'
import type { Millis } from '../../domain/time.ts'
import { type Graph, impactOf } from '../cis/graph.ts'
import type { Risk } from '../lifecycles/change.ts'
import type { Level } from '../priority.ts'
import { type ChangeRow, changes } from '../store/schema.ts'
import type { Work } from '../work.ts'
import type { FreezeWindow } from './policy.ts'
import {
  describeStanding,
  reachOf,
  readStanding,
  refOf,
  type Standing,
  type TicketRef,
} from './standing.ts'

export interface Assessment extends Standing {
  readonly at: Millis
  readonly impact: Level
  /** Services that suffer where the change goes wrong. */
  readonly services: readonly string[]
  readonly risk: Risk
  /** Why, one sentence each. */
  readonly reasons: readonly string[]
  readonly conflicts: readonly TicketRef[]
  /** Names of the freeze windows that it falls into. */
  readonly freezes: readonly string[]
}

const SERVICES_MAX = 50
const REFS_MAX = 20
const OTHERS_READ_MAX = 500
const FAILURE_RATE_HIGH = 0.3
const FAILURE_RATE_NOTABLE = 0.1
/** Fewer changes than this say nothing about the next one. */
const HISTORY_MIN = 3

/** What became of earlier changes of this type on these CIs. */
export interface History {
  readonly closed: number
  readonly failed: number
}

/** Risk by what it could hit and how such changes went before. */
export const riskOf = (type: string, impact: Level, { closed, failed }: History): Risk => {
  const rate = closed < HISTORY_MIN ? undefined : failed / closed
  if (rate !== undefined && rate >= FAILURE_RATE_HIGH) return 'high'
  if (impact === 'high' && (rate ?? 1) >= FAILURE_RATE_NOTABLE && type !== 'standard') return 'high'
  if (impact === 'low' || type === 'standard') return 'low'
  return rate !== undefined && rate < FAILURE_RATE_NOTABLE && impact === 'medium' ? 'low' : 'medium'
}

/** By its own outcome, or because a person matched it with an incident. */
const wentWrong = ({ outcome, verdicts }: Pick<ChangeRow, 'outcome' | 'verdicts'>): boolean =>
  outcome === 'failed' || outcome === 'backed-out' || Object.values(verdicts).includes('match')

const readHistory = async (work: Work, { cis, type }: ChangeRow): Promise<History> => {
  const rows = await work.sql
    .select({ outcome: changes.outcome, verdicts: changes.verdicts })
    .from(changes)
    .where(
      and(
        eq(changes.status, 'closed'),
        eq(changes.type, type),
        sql`exists (select 1 from jsonb_array_elements_text(${changes.cis}) as on_ci
          where on_ci in ${[...cis]})`,
      ),
    )
    .limit(OTHERS_READ_MAX)
  return {
    closed: rows.length,
    failed: rows.filter(wentWrong).length,
  }
}

/** Other changes at the same time on the same CIs, or on what needs them. */
const readConflicts = async (work: Work, row: ChangeRow, graph: Graph): Promise<TicketRef[]> => {
  const others = await work.sql
    .select()
    .from(changes)
    .where(
      and(
        ne(changes.id, row.id),
        inArray(changes.status, ['awaiting-approval', 'scheduled', 'implementing']),
        lt(changes.plannedStart, row.plannedEnd),
        gt(changes.plannedEnd, row.plannedStart),
      ),
    )
    .orderBy(changes.plannedStart, changes.id)
    .limit(OTHERS_READ_MAX)
  const reach = reachOf(graph, row.cis)
  const meets = (other: ChangeRow): boolean =>
    other.cis.some((ci) => reach.has(ci)) ||
    [...reachOf(graph, other.cis)].some((ci) => row.cis.includes(ci))
  return others.filter(meets).slice(0, REFS_MAX).map(refOf)
}

export const freezesOver = (
  freezes: readonly FreezeWindow[],
  { plannedStart, plannedEnd, cis }: Pick<ChangeRow, 'plannedStart' | 'plannedEnd' | 'cis'>,
): string[] =>
  freezes
    .filter(
      (freeze) =>
        Date.parse(freeze.from) < plannedEnd &&
        Date.parse(freeze.to) > plannedStart &&
        (freeze.cis === undefined || freeze.cis.some((ci) => cis.includes(ci))),
    )
    .map(({ name }) => name)

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`

const explain = (
  history: History,
  type: string,
  {
    impact,
    services,
    conflicts,
    freezes,
    ...standing
  }: Omit<Assessment, 'reasons' | 'risk' | 'at'>,
): string[] => [
  services.length === 0
    ? `Impact ${impact}: no service is known to need what it changes`
    : `Impact ${impact}: ${count(services.length, 'service needs', 'services need')} what it changes`,
  history.closed === 0
    ? `No ${type} change was made on these CIs before`
    : `${history.failed} of ${count(history.closed, 'earlier change', 'earlier changes')} of this type on these CIs went wrong`,
  ...(conflicts.length > 0
    ? [`Meets ${count(conflicts.length, 'other change', 'other changes')} at the same time`]
    : []),
  ...freezes.map((name) => `Falls into the freeze ${name}`),
  ...describeStanding(standing),
]

export const assessChange = async (work: Work, row: ChangeRow, at: Millis): Promise<Assessment> => {
  const graph = await work.graph()
  const reach = reachOf(graph, row.cis)
  const history = await readHistory(work, row)
  const found = {
    impact: impactOf(graph, row.cis) ?? work.settings.impactDefault,
    services: [...reach].filter((id) => graph.ci(id)?.kind === 'service').slice(0, SERVICES_MAX),
    conflicts: await readConflicts(work, row, graph),
    freezes: freezesOver(work.settings.freezeWindows, row),
    ...(await readStanding(work.sql, reach)),
  }
  return {
    ...found,
    at,
    risk: riskOf(row.type, found.impact, history),
    reasons: explain(history, row.type, found),
  }
}
