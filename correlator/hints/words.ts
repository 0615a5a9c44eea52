// How hints put lengths of time into words.
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts'

const UNITS = [
  [HOUR_MS, 'h'],
  [MINUTE_MS, 'min'],
  [SECOND_MS, 's'],
] as const

/** One unit, rounded: "40 s", "6 min", "3 h"; two of a unit before the next larger one. */
export const durationText = (durationMs: number): string => {
  const [size, unit] = UNITS.find(([size]) => durationMs >= 2 * size) ?? UNITS[2]
  return `${Math.round(durationMs / size)} ${unit}`
}
