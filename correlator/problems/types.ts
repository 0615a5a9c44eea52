// What the pattern detector reads, keeps and decides: plain, serialisable views.
import type { Hint } from '../../domain/evidence.ts'
import type { Severity } from '../../domain/severity.ts'
import type { Millis } from '../../domain/time.ts'

/** One alert of an incident; several of one CI and type count once. */
export interface PatternAlert {
  readonly ci?: string
  readonly name: string
  readonly severity: Severity
  readonly onset: Millis
}

export interface PatternIncident {
  readonly id: string
  readonly scope: string
  readonly openedAt: Millis
  readonly alerts: Iterable<PatternAlert>
  /** Of other incidents around the time when it began: its cause may have alerted there alone. */
  readonly elsewhere?: Iterable<PatternAlert>
  /** Ranked, likeliest first. */
  readonly hints: readonly Hint[]
  /** CI that a person confirmed as the cause; outweighs the hints. */
  readonly confirmedCause?: string
}

export interface ClosedIncident extends PatternIncident {
  readonly resolvedAt: Millis
  /** Default: from opening to resolution. */
  readonly minutesLost?: number
}

/** `TYPE@role`, `cause:role`, `at-cause:TYPE`, `first:TYPE`; heaviest first. */
export type SignatureTerm = readonly [term: string, weight: number]

/** An incident without its ids and serial numbers. */
export interface Signature {
  readonly terms: readonly SignatureTerm[]
  /** Alert types on the suspected cause, in onset order; empty for a silent or unknown cause. */
  readonly causeTypes: readonly string[]
  /** All alert types, in onset order. */
  readonly names: readonly string[]
  /** Role of the suspected cause; absent where no alert has a CI. */
  readonly causeRole?: string
  /** True where one alert type on one CI is all there is, and no change explains it. */
  readonly solitary: boolean
}

/** A closed incident as the detector keeps it. */
export interface Occurrence {
  readonly incidentId: string
  readonly openedAt: Millis
  readonly resolvedAt: Millis
  readonly minutesLost: number
  readonly cis: readonly string[]
  /** Its CI x alert types, by `cellKey`, the earliest: what a late verdict is remembered by. */
  readonly cells?: readonly string[]
  readonly hints: readonly Hint[]
  /** The suspected cause, serial number included; '' = unknown. */
  readonly cause: string
  /** How sure that cause is, 0 to 1; a person's word is 1. */
  readonly surety: number
  readonly signature: Signature
}

/** The CI names and identities behind ids: how the topology calls them. */
export type CiName = (ci: string) => string

export interface PatternSettings {
  /** Recurrences that make a pattern a problem candidate. */
  readonly occurrencesMin: number
  /** ... within this time. */
  readonly windowMs: number
  /** Two incidents of one cause recur when their alert types there are at least this alike, 0 to 1. */
  readonly likenessMin: number
  /** An incident whose cause is less sure than this belongs to no problem of that cause, 0 to 1. */
  readonly suretyMin: number
  /** ... in full once the scope has had this many incidents: before, no hint can be sure. */
  readonly experiencedAfter: number
  /** Known patterns shown for an opening incident are at least this similar, 0 to 1. */
  readonly matchMin: number
  readonly matchesMax: number
  /** Terms kept of one signature, the heaviest. */
  readonly termsMax: number
  /** Closed incidents kept of one cause, the newest. */
  readonly occurrencesPerCauseMax: number
  /** Closed incidents kept in all, the newest. */
  readonly occurrencesMax: number
  /** Problems kept; at the limit the one longest silent is forgotten. */
  readonly problemsMax: number
  /** Decisions of people kept, the newest. */
  readonly decisionsMax: number
}

/** A person said that an incident is, or is not, one of a problem's. */
export interface ProblemDecision {
  readonly incidentId: string
  readonly problemId: string
  readonly same: boolean
}
