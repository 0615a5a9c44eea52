// The words that tools use for severity, where a source's own table has none.
import type { Severity } from '../domain/severity.ts'

/** Lower-case words, so that a table reads as a table. */
export const wordTable = <T>(words: Readonly<Record<string, T>>): ReadonlyMap<string, T> =>
  new Map(Object.entries(words))

export const GENERAL_SEVERITIES = wordTable<Severity>({
  critical: 'critical',
  crit: 'critical',
  fatal: 'critical',
  emergency: 'critical',
  emerg: 'critical',
  alert: 'critical',
  disaster: 'critical',
  page: 'critical',
  p1: 'critical',
  sev1: 'critical',
  error: 'error',
  err: 'error',
  major: 'error',
  high: 'error',
  p2: 'error',
  sev2: 'error',
  warning: 'warning',
  warn: 'warning',
  minor: 'warning',
  medium: 'warning',
  moderate: 'warning',
  average: 'warning',
  p3: 'warning',
  sev3: 'warning',
  notice: 'info',
  info: 'info',
  information: 'info',
  informational: 'info',
  low: 'info',
  debug: 'info',
  trace: 'info',
  ok: 'info',
  none: 'info',
  p4: 'info',
  p5: 'info',
  sev4: 'info',
  sev5: 'info',
})

/** What an alert counts as when its tool does not say; flagged `severity-guessed`. */
export const GUESSED_SEVERITY: Severity = 'warning'

/** @returns undefined where neither table knows the word */
export const severityOf = (
  word: string | undefined,
  table: ReadonlyMap<string, Severity>,
): Severity | undefined => {
  if (word === undefined) return undefined
  const known = table.get(word) ?? GENERAL_SEVERITIES.get(word)
  if (known !== undefined) return known
  const lower = word.trim().toLowerCase()
  return table.get(lower) ?? GENERAL_SEVERITIES.get(lower)
}
