// An incident as the correlator tells it: which alerts belong together, and why.
import type { Hint } from './evidence.ts'
import type { Muting } from './mute.ts'
import type { Severity } from './severity.ts'
import type { Millis } from './time.ts'

/** `merged`: its alerts live on in the incident named by `mergedInto`. */
export type CorrelationStatus = 'open' | 'resolved' | 'merged'

export interface KnownPattern {
  readonly problemId: string
  readonly title: string
  /** 0 to 1. */
  readonly similarity: number
}

export interface Incident {
  readonly id: string
  readonly version: number
  readonly scope: string
  readonly title: string
  readonly status: CorrelationStatus
  readonly severity: Severity
  readonly openedAt: Millis
  readonly lastEventAt: Millis
  readonly resolvedAt?: Millis
  readonly mergedInto?: string
  /** Exact counts, also where the alert list is a sample. */
  readonly alertCount: number
  readonly firingCount: number
  readonly occurrenceCount: number
  /** CIs touched, most alerts first. */
  readonly cis: readonly string[]
  readonly hints: readonly Hint[]
  /** Set while a storm folds alerts: what was collapsed and how many alerts are not shown. */
  readonly storm?: { readonly collapsedAlerts: number; readonly since: Millis }
  readonly problemId?: string
  readonly knownPatterns?: readonly KnownPattern[]
  /** True while every firing alert is muted: recorded, but nobody is to be told. */
  readonly muted?: boolean
  /** By what, at most a few. */
  readonly muting?: readonly Muting[]
}

export const TIMELINE_KINDS = [
  'opened',
  'joined',
  'left',
  'alert-resolved',
  'alert-refired',
  'severity-raised',
  'merged',
  'split',
  'resolved',
  'reopened',
  'storm-began',
  'storm-ended',
  'hint',
  'pattern-matched',
  'muted',
  'unmuted',
] as const
export type TimelineKind = (typeof TIMELINE_KINDS)[number]

/** One thing that happened to an incident in the correlator. */
export interface TimelineEntry {
  /** Unique and stable over replays. */
  readonly id: string
  readonly incidentId: string
  readonly at: Millis
  readonly kind: TimelineKind
  /** One sentence for people. */
  readonly text: string
  readonly alertId?: string
}
