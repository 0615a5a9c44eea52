// A recurring pattern of incidents, as the correlator proposes it.
import type { Hint } from './evidence.ts'
import type { Millis } from './time.ts'

export interface PatternStatistics {
  readonly count: number
  readonly firstAt: Millis
  readonly lastAt: Millis
  /** Absent until there are two. */
  readonly meanIntervalMs?: number
  /** 168 counts, Monday 00:00 UTC first. */
  readonly hourOfWeek: readonly number[]
  readonly minutesLost: number
  /** Share of all incidents seen in the window, 0 to 1. */
  readonly share: number
  /** Least-squares slope of recurrences, per day: positive = worsening. */
  readonly trendPerDay: number
}

export interface ProblemCandidate {
  readonly id: string
  readonly version: number
  readonly scope: string
  readonly title: string
  /** The streaming pass, or the periodic k-means pass. */
  readonly foundBy: 'recurrence' | 'clustering'
  /** Human-readable terms of the signature, heaviest first. */
  readonly signature: readonly string[]
  readonly incidentIds: readonly string[]
  readonly cis: readonly string[]
  readonly alertNames: readonly string[]
  readonly hints: readonly Hint[]
  /** Ids of problems with the same alert types on other CIs of the same role. */
  readonly linkedTo?: readonly string[]
  readonly statistics: PatternStatistics
}
