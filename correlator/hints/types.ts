// What ranking reads and what a hint is: plain views, so that it needs no correlator to run.
import type { Change } from '../../domain/change.ts'
import type { Severity } from '../../domain/severity.ts'
import type { Millis } from '../../domain/time.ts'
import type { RelationType } from '../../domain/topology.ts'
import type { Leaning } from './vocabulary.ts'

/** One alert of the incident; the domain's Alert fits. */
export interface HintAlert {
  readonly id: string
  /** Absent where no binding rule found a CI: such an alert counts for nothing here. */
  readonly ci?: string
  readonly name: string
  readonly severity: Severity
  /** When the condition began, by the source's clock. */
  readonly startsAt: Millis
  /** Log time of the first event. */
  readonly firstSeen: Millis
  readonly source: string
  /** Another CI that the alert itself complains of (the peer of a failed call), where it names one. */
  readonly about?: string
  /** Of an alert of another incident: true where that one touches no other CI. */
  readonly lone?: boolean
}

/** The other end of a relation. */
export interface Neighbour {
  readonly ci: string
  readonly type: RelationType
}

/** Typed directed adjacency; both lookups answer in a fixed order. */
export interface TopologyView {
  /** What people call the CI, and what kind of thing it is; undefined where it is not known. */
  describe(ci: string): { readonly name: string; readonly kind: string } | undefined
  /** What `ci` depends on, runs on, connects to or is part of. */
  dependencies(ci: string): readonly Neighbour[]
  /** What depends on, runs on, connects to or is part of `ci`. */
  dependants(ci: string): readonly Neighbour[]
}

/** What past incidents taught; `createHintKnowledge` keeps it. */
export interface HintKnowledge {
  /**
   * Information of one CI x alert type, w = log((n + 2) / (df + 1)), in nats; of the CI alerting at
   * all where no type is given. O(1).
   */
  rarity(ci: string, name: string | undefined, now: Millis): number
  /** Decayed number of past incidents. */
  incidents(now: Millis): number
  /** Decayed numbers of past incidents. */
  seen(ci: string, name: string | undefined, now: Millis): Seen
  /** Milliseconds to add to a source's `startsAt` to compare it with other sources' times. */
  onsetCorrectionMs(source: string): number
  /** Decayed numbers of past incidents with this alert type, and of those that had nothing else. */
  company(name: string, now: Millis): { readonly seen: number; readonly alone: number }
  /** log P(type | cause) - log P(type | symptom), with the decayed counts behind it. */
  role(name: string, now: Millis): AlertRole
  /** People's verdicts about this CI as a cause, newest last, at most a named limit of them. */
  verdicts(ci: string): readonly Verdict[]
}

export interface Seen {
  /** All of them. */
  readonly incidents: number
  /** Those in which this CI alerted (with this alert type). */
  readonly ofCell: number
}

export interface AlertRole {
  readonly logOdds: number
  readonly asCause: number
  readonly asSymptom: number
  /** What its words say. */
  readonly leaning: Leaning
}

/** A person confirmed or rejected a hint. */
export interface Verdict {
  readonly incidentId: string
  readonly ci: string
  readonly change?: string
  readonly confirmed: boolean
  readonly at: Millis
  /** The incident's CI x alert types at that time, by `cellKey`; at most a named limit of them. */
  readonly cells: readonly string[]
}

export interface HintInput {
  readonly incidentId?: string
  readonly alerts: readonly HintAlert[]
  /** Alerts of other incidents that began around the same time: the join may have missed a link. */
  readonly elsewhere?: readonly HintAlert[]
  readonly topology: TopologyView
  /** Changes on one CI that started within the look-back, in any order. */
  changesOn(ci: string): readonly Change[]
  readonly knowledge: HintKnowledge
  readonly now: Millis
}

/** One CI x alert type of the incident: its alerts, however many, count once. */
export interface Cell {
  readonly ci: string
  readonly name: string
  /** Earliest corrected onset of its alerts. */
  readonly onset: Millis
  /** Rarity weight, natural log. */
  readonly weight: number
  readonly severity: Severity
  /** Log-odds of a cause against a symptom, nearer to 0 the commoner the alert is here. */
  readonly reads: number
  /** CIs that its alerts complain of. */
  readonly about: readonly string[]
}

/** One alerting CI of the incident. */
export interface AlertingCi {
  readonly ci: string
  readonly cells: readonly Cell[]
  readonly onset: Millis
  readonly severity: Severity
  /** log((n + 2) / (df + 1)) of the CI alerting at all. */
  readonly rarity: number
}

/** An alerting CI that a candidate could explain. */
export interface Explained {
  readonly target: AlertingCi
  /** Relations between the two; 0 = the candidate itself. */
  readonly distance: number
}

/** A CI that may be the root cause. */
export interface Candidate {
  readonly ci: string
  /** Undefined for a silent one: it raised no alert itself. */
  readonly alerting?: AlertingCi
  /** Set where its alerts are in another incident; lone = which touches no other CI. */
  readonly elsewhere?: { readonly lone: boolean }
  /** Downstream of it, itself included where it alerts; nearest first. */
  readonly explains: readonly Explained[]
}

/** The incident as the hints see it, bounded by the settings' caps. */
export interface Scene {
  readonly input: HintInput
  readonly settings: HintSettings
  /** Rarest first. */
  readonly alerting: readonly AlertingCi[]
  readonly byCi: ReadonlyMap<string, AlertingCi>
  /** Those whose upstream was walked: the heaviest. */
  readonly walked: readonly AlertingCi[]
  readonly candidates: readonly Candidate[]
  readonly firstOnset: Millis
  /** The two alerting CIs whose onsets came first. */
  readonly earliest: readonly AlertingCi[]
  /** The most that any alert here reads like a cause, log-odds. */
  readonly plainestCause: number
  /** By CI complained of. */
  readonly complaints: ReadonlyMap<string, readonly Cell[]>
  readonly name: (ci: string) => string
}

/** One hint's say about one candidate. */
export interface HintSay {
  /** Natural log-odds; 0 or absent = no opinion. */
  readonly weight: number
  /** One sentence that a person can check. */
  readonly text: string
  readonly change?: string
}

/** One file each; a line in the registry. */
export interface RootCauseHint {
  readonly name: string
  speak(candidate: Candidate, scene: Scene): HintSay | undefined
}

export interface HintSettings {
  /** Hints given per incident. */
  readonly hintsMax: number
  /** Distinct CI x alert types looked at; the earliest onsets stay. */
  readonly cellsMax: number
  /** Alerting CIs whose upstream is walked; the heaviest stay. */
  readonly alertingMax: number
  /** Relations followed from an alerting CI towards what it depends on. */
  readonly distanceMax: number
  /** CIs visited in one upstream walk. */
  readonly walkMax: number
  /** Candidates scored: those that explain most rarity. */
  readonly candidatesMax: number
  /** CIs of other incidents looked at, nearest in time. */
  readonly elsewhereMax: number
  /** ... whose onset is at most this far from the incident's first. */
  readonly elsewhereWithinMs: number
  /** How long before the onset a change is suspected. */
  readonly changeLookbackMs: number
  /** Onsets closer together than this are not ordered. */
  readonly onsetToleranceMs: number
  /** With fewer past incidents a confidence is told as a prior. */
  readonly experiencedAfter: number
}
