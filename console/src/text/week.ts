// Hours of the week in UTC as hours of the week where the viewer lives.

const HOURS_PER_WEEK = 168

/** Whole hours east of UTC; undefined where the zone is off by minutes, so that UTC is shown. */
export const hourOffset = (offsetMinutes: number): number | undefined =>
  offsetMinutes % 60 === 0 ? offsetMinutes / 60 : undefined

/** @param hourOfWeek 168 counts, Monday 00:00 UTC first; the answer is Monday 00:00 there first */
export const inViewerHours = (
  hourOfWeek: readonly number[],
  offsetMinutes: number,
): readonly number[] => {
  const offset = hourOffset(offsetMinutes) ?? 0
  return Array.from(
    { length: HOURS_PER_WEEK },
    (_, hour) => hourOfWeek[(hour - offset + HOURS_PER_WEEK) % HOURS_PER_WEEK] ?? 0,
  )
}
