// Whether something happens more often: weekly counts, and the slope in words.
import type { BarValue } from '../parts/bars.tsx'

const WEEK_MS = 7 * 86_400_000
/** A change smaller than one incident in three months is none. */
const STEADY_PER_DAY = 0.01

const dayMonth = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' })

/** Incidents per day and day, as the API's `trendPerDay` has it: positive is worsening. */
export const trendWords = (trendPerDay: number): string => {
  if (Math.abs(trendPerDay) < STEADY_PER_DAY) return 'steady'
  const monthly = Math.abs(trendPerDay * 30).toFixed(1)
  return trendPerDay > 0 ? `worsening, +${monthly} a month` : `improving, −${monthly} a month`
}

/** The last `weeks` weeks up to now, each labelled with its first day. */
export const weeklyCounts = (
  moments: readonly number[],
  now: number,
  weeks: number,
): BarValue[] => {
  const begin = now - weeks * WEEK_MS
  const counts = new Array<number>(weeks).fill(0)
  for (const at of moments) {
    const week = Math.floor((at - begin) / WEEK_MS)
    if (week >= 0 && week < weeks) counts[week] = (counts[week] ?? 0) + 1
  }
  return counts.map((value, i) => ({ label: dayMonth.format(begin + i * WEEK_MS), value }))
}
