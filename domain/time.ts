// Time as every stage sees it: integer milliseconds UTC, handed in from outside.

/** Milliseconds since 1970-01-01T00:00:00Z, an integer. */
export type Millis = number

export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** The only way a stage learns the time. The runtime owns the one real implementation. */
export interface Clock {
  now(): Millis
}

export const isoTime = (at: Millis): string => new Date(at).toISOString()

/** Whether the name is of a time zone (IANA) that this runtime knows. */
export const isTimeZone = (timeZone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return true
  } catch {
    return false
  }
}
