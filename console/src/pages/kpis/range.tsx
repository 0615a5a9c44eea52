// The stretch of time that figures are asked for, kept in the query string.
import { useMemo } from 'preact/hooks'
import { now } from '../../clock.ts'
import { QueryTabs } from '../../parts/query-tabs.tsx'
import { query } from '../../router.ts'

const DAY_MS = 86_400_000

const RANGES = [
  ['1', '24 hours'],
  ['', '7 days'],
  ['30', '30 days'],
  ['90', '90 days'],
] as const

export const RangeTabs = () => <QueryTabs name="days" label="Range" choices={RANGES} />

export const rangeDays = (): number => Number(query.value.get('days')) || 7

/** As the query string of a link that keeps the range. */
export const rangeSuffix = (): string => {
  const days = query.value.get('days')
  return days === null ? '' : `?days=${encodeURIComponent(days)}`
}

/** Interval that gives the range some dozens of points. */
export const intervalFor = (days: number): string =>
  days <= 2 ? 'hour' : days <= 45 ? 'day' : 'week'

/** `from=…&to=…`, fixed for as long as the range stays the same. */
export const useRange = (): string => {
  const days = rangeDays()
  return useMemo(() => {
    const to = now.peek()
    return new URLSearchParams({
      from: new Date(to - days * DAY_MS).toISOString(),
      to: new Date(to).toISOString(),
    }).toString()
  }, [days])
}
