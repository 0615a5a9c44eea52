// Every limit of pattern detection in one place, with the defaults.
import { DAY_MS } from '../../domain/time.ts'
import type { PatternSettings } from './types.ts'

export const DEFAULT_PATTERN_SETTINGS: PatternSettings = {
  occurrencesMin: 3,
  windowMs: 30 * DAY_MS,
  likenessMin: 0.55,
  suretyMin: 0.6,
  experiencedAfter: 100,
  matchMin: 0.5,
  matchesMax: 3,
  termsMax: 24,
  occurrencesPerCauseMax: 200,
  occurrencesMax: 20_000,
  problemsMax: 1_000,
  decisionsMax: 10_000,
}
