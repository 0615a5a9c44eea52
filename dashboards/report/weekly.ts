// The weekly report's content: five numbers, whether they got better, and what moved them.
import type { Facts } from '../../domain/ports/facts.ts'
import type { TimeRange } from '../../domain/range.ts'
import { DAY_MS, type Millis } from '../../domain/time.ts'
import { downtimeCost } from '../kpis/downtime-cost.ts'
import { incidents } from '../kpis/incidents.ts'
import { mttr } from '../kpis/mttr.ts'
import { noiseReduction } from '../kpis/noise-reduction.ts'
import { type KpiGroup, kpiFigures, kpiGroups } from '../kpis/query.ts'
import { slaAttainment } from '../kpis/sla.ts'
import type { Kpi } from '../kpis/types.ts'

const WEEK_MS = 7 * DAY_MS
/** 1970-01-05 was a Monday. */
const FIRST_MONDAY = 4 * DAY_MS
const WEEKS_SHOWN = 8
/** A change below this share is no news. */
const NEWS_SHARE = 0.02

/** The five numbers, and the dimension by which each change is explained. */
const NUMBERS: readonly (readonly [kpi: Kpi, by: string])[] = [
  [incidents, 'ci'],
  [mttr, 'service'],
  [slaAttainment, 'team'],
  [downtimeCost, 'service'],
  [noiseReduction, 'scope'],
]

export interface Mover {
  readonly key: string
  /** Its part of the change, in the KPI's unit. */
  readonly contribution: number
}

export interface WeeklyNumber {
  readonly kpi: Kpi
  readonly value: number | null
  readonly before: number | null
  readonly count: number
  readonly verdict: 'better' | 'worse' | 'same' | 'unknown'
  /** What explains the change. */
  readonly by: string
  readonly mover?: Mover
  /** The last weeks, oldest first, this one last. */
  readonly trend: readonly (number | null)[]
}

export interface WeeklyReport extends TimeRange {
  readonly which: ReportedWeek
  readonly numbers: readonly WeeklyNumber[]
}

/** The last whole week, Monday to Monday in UTC, before `now`. */
export const lastWeek = (now: Millis): TimeRange => {
  const to = now - ((now - FIRST_MONDAY) % WEEK_MS)
  return { from: to - WEEK_MS, to }
}

/** From Monday until `now`: what it is compared with ends at the same hour of its week. */
const thisWeek = (now: Millis): TimeRange => ({ from: lastWeek(now).to, to: now })

/** `this` = the week that is not over yet. */
export const REPORTED_WEEKS = ['last', 'this'] as const
export type ReportedWeek = (typeof REPORTED_WEEKS)[number]

const headline = ({ values }: Pick<KpiGroup, 'values'>, kpi: Kpi): number | null =>
  values[Object.keys(kpi.values)[0]!] ?? null

const verdictOf = (kpi: Kpi, value: number | null, before: number | null) => {
  if (value === null || before === null) return 'unknown'
  const change = value - before
  if (Math.abs(change) <= Math.abs(before) * NEWS_SHARE) return 'same'
  return change > 0 === (kpi.good === 'up') ? 'better' : 'worse'
}

const isSum = ({ unit }: Kpi): boolean => unit === 'count' || unit === 'minutes' || unit === 'money'

/** What a group gives to the whole: sums add up, means weigh by their population. */
const share = (kpi: Kpi, group: KpiGroup, population: number): number => {
  const value = headline(group, kpi) ?? 0
  return isSum(kpi) ? value : (value * group.count) / population
}

/** The parts of the change; they add up to it. */
export const moversOf = (
  kpi: Kpi,
  now: readonly KpiGroup[],
  before: readonly KpiGroup[],
): Mover[] => {
  const contributions = new Map<string, number>()
  for (const [groups, sign] of [
    [now, 1],
    [before, -1],
  ] as const) {
    const population = groups.reduce((sum, { count }) => sum + count, 0)
    for (const group of groups) {
      const so = contributions.get(group.key) ?? 0
      contributions.set(group.key, so + sign * share(kpi, group, population))
    }
  }
  return [...contributions]
    .map(([key, contribution]) => ({ key, contribution }))
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
}

const weeksBack = ({ from, to }: TimeRange, weeks: number): TimeRange => ({
  from: from - weeks * WEEK_MS,
  to: to - weeks * WEEK_MS,
})

const numberOf = async (
  facts: Facts,
  [kpi, by]: (typeof NUMBERS)[number],
  week: TimeRange,
): Promise<WeeklyNumber> => {
  const weeks = Array.from({ length: WEEKS_SHOWN }, (_, i) => weeksBack(week, WEEKS_SHOWN - 1 - i))
  const figures = []
  for (const range of weeks) figures.push(await kpiFigures(facts, kpi, range))
  const trend = figures.map((figure) => headline(figure, kpi))
  const [before = null, value = null] = trend.slice(-2)
  const verdict = verdictOf(kpi, value, before)
  const movers = moversOf(
    kpi,
    await kpiGroups(facts, kpi, week, by),
    await kpiGroups(facts, kpi, weeksBack(week, 1), by),
  )
  // The one that pushed in the direction in which the whole went.
  const change = (value ?? 0) - (before ?? 0)
  const mover = movers.find(({ contribution }) => contribution * change > 0)
  const explained = (verdict === 'better' || verdict === 'worse') && mover !== undefined
  return {
    kpi,
    value,
    before,
    count: figures.at(-1)!.count,
    verdict,
    by,
    trend,
    ...(explained ? { mover } : {}),
  }
}

export const weeklyReport = async (
  facts: Facts,
  now: Millis,
  which: ReportedWeek = 'last',
): Promise<WeeklyReport> => {
  const week = which === 'last' ? lastWeek(now) : thisWeek(now)
  const numbers: WeeklyNumber[] = []
  for (const entry of NUMBERS) numbers.push(await numberOf(facts, entry, week))
  return { ...week, which, numbers }
}
