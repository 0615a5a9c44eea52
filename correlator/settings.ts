// Every limit and weight of the correlator that config may set, in one table with its unit and reason.

import type { Severity } from '../domain/severity.ts'
import { HOUR_MS, MINUTE_MS, type Millis, SECOND_MS } from '../domain/time.ts'
import type { RelationType } from '../domain/topology.ts'
import { defaultHeartbeatSettings, type HeartbeatSettings } from './heartbeats/settings.ts'
import type { InhibitionRule } from './mutes/inhibition.ts'
import type { OpenRule } from './opening.ts'
import { DEFAULT_PATTERN_SETTINGS } from './problems/settings.ts'

export interface CorrelatorSettings {
  // --- time ------------------------------------------------------------------------------------
  /** How late an event may arrive and still be put in its place by event time. */
  readonly settleAfterMs: Millis
  /** Alerts that can still be put in another order; beyond it the oldest settle early. */
  readonly unsettledMax: number
  /** The same event id within this window counts nothing. */
  readonly replayWindowMs: Millis
  /** Event ids remembered at most; beyond it the oldest are forgotten before their window ends. */
  readonly replayIdsMax: number
  /** All alerts of an incident must have been resolved for this long before it is. */
  readonly quietGapMs: Millis
  /** A re-fire within this of the resolve is the same alert (and reopens its incident). */
  readonly reopenWindowMs: Millis
  /** A firing alert not heard of for this long no longer holds its incident open. */
  readonly staleAfterMs: Millis
  /** Where a source never resolves: this much silence ends an alert's life. */
  readonly silentLifeMs: Millis
  /** Coalesces what need not be told at once: counts, last-seen times. */
  readonly emitEveryMs: Millis
  /** An alert whose only news is occurrences is told again at most this often. */
  readonly refreshEveryMs: Millis

  // --- limits ----------------------------------------------------------------------------------
  /** An incident takes new alerts for this long after it opened; then they open another. */
  readonly incidentLifeMs: Millis
  /** Alerts of one incident that are kept and told one by one; beyond it they are only counted. */
  readonly incidentSampleMax: number
  /** Two incidents are merged by a bridge only while the younger is no older than this. */
  readonly mergeAgeMs: Millis
  /** Alerts compared with a new one, over all indexes. */
  readonly candidatesMax: number
  /** Newest alerts kept under one key of an index. */
  readonly postingsMax: number
  /** CIs looked at around the CI of a new alert, nearest first. */
  readonly neighboursMax: number
  /** An alert older than this is no candidate. */
  readonly joinHorizonMs: Millis
  /** Live alerts; beyond it those longest unheard of are forgotten; their incidents count on. */
  readonly alertsMax: number
  /** People's merges, splits and moves that are remembered; the oldest is forgotten beyond it. */
  readonly correctionsMax: number
  /** Incidents whose hints are ranked at one record; the rest wait for the next. */
  readonly thinkMax: number
  /** Changes remembered for joining and hints. */
  readonly changesMax: number

  /** So many incidents of one pattern make it a problem. */
  readonly recurrencesMin: number
  /** They count where they open within this time; what recurs less often is forgotten. */
  readonly recurrenceWindowMs: Millis

  /** See heartbeats/settings.ts. */
  readonly heartbeats: HeartbeatSettings

  // --- what opens an incident ------------------------------------------------------------------
  /** A single alert below this severity stays an alert until another joins it. */
  readonly openSeverityMin: Severity
  /** A single alert stays an alert until it has lasted this long. */
  readonly openAfterMs: Millis
  /** For some alerts it is otherwise: the first rule that matches one decides. */
  readonly openRules: readonly OpenRule[]

  // --- muting ----------------------------------------------------------------------------------
  /** While a source fires, such targets are muted: as in Alertmanager. */
  readonly inhibition: readonly InhibitionRule[]
  /** `on`: a new alert of a type that usually resolves by itself is held back for a moment. */
  readonly autoPause: 'on' | 'off'
  /** How long it is held back; a resolve within this counts as one by itself. */
  readonly autoPauseMs: Millis
  /** So many ends of such alerts must be known (decayed, half in 21 days) ... */
  readonly autoPauseEndsMin: number
  /** ... and this share of them was within that time. */
  readonly autoPauseShareMin: number
  /** Silences and maintenance windows; beyond it the one that ends first is forgotten. */
  readonly mutesMax: number

  // --- storms ----------------------------------------------------------------------------------
  /** This many new alerts of one type within the window are a storm, unless it is used to more. */
  readonly stormAlertsMin: number
  readonly stormWindowMs: Millis
  /** ... and this many times as many as the type usually brings in such a window. */
  readonly stormTimesUsual: number

  // --- flapping --------------------------------------------------------------------------------
  /** This many resolves within the window make an alert flap. */
  readonly flapResolves: number
  readonly flapWindowMs: Millis

  // --- join ------------------------------------------------------------------------------------
  /** Log-odds that two unrelated alerts meet as candidates: every sum of signals starts here. */
  readonly joinBias: number
  /** A sum above this joins. */
  readonly joinThreshold: number
  /** A second incident that reaches this is tied to the first by a bridge. */
  readonly mergeThreshold: number
  readonly weights: SignalWeights

  /** Labels that name the CI, in order of trust. */
  readonly ciLabels: readonly string[]
  /** Labels that say nothing about what belongs together. */
  readonly blandLabels: readonly string[]
}

/** Scale factors and scores of the signals, in nats of log-odds. See correlator/README.md. */
export interface SignalWeights {
  /** Further alerts of an incident that fit, too, add at most this to the one that fits best. */
  readonly supportMax: number
  /** Gaps, ascending, at which the curves say what a gap means; straight lines in its log between. */
  readonly timeKnotsMs: readonly Millis[]
  /** What a gap says at each knot: on one CI, over one relation, otherwise. */
  readonly timeSame: readonly number[]
  readonly timeNext: readonly number[]
  readonly timeElse: readonly number[]
  /** Gaps between CIs are wider, or narrower, by the scope's own pace, at most this many times. */
  readonly paceMax: number
  readonly sameCi: number
  /** The other alert is on what the CI needs (a fault comes from there), by relation type. */
  readonly from: Readonly<Record<RelationType, number>>
  /** Per nat of how much needs the cause: that a hub is near says little. */
  readonly fromHubPerNat: number
  readonly toHubPerNat: number
  readonly besideHubPerNat: number
  /** Per nat of how many CIs that need the same cause alert within `witnessMs`. */
  readonly witnessMs: Millis
  readonly fromWitnessPerNat: number
  readonly toWitnessPerNat: number
  readonly besideWitnessPerNat: number
  readonly kinWitnessPerNat: number
  /** The other alert is on what needs the CI (it was told before its cause), by relation type. */
  readonly to: Readonly<Record<RelationType, number>>
  readonly fromTwo: number
  readonly fromFar: number
  readonly toTwo: number
  readonly toFar: number
  /** Both need something, directly or not; it may be silent itself. */
  readonly beside: Readonly<Record<RelationType, number>>
  readonly besideFar: number
  /** No path although both CIs are in the topology. */
  readonly noPath: number
  /** The topology has a hole where one of the CIs is: with a rare word in common, and without. */
  readonly kin: number
  readonly unknownPath: number
  /** Times how much likelier than others two such CIs are related, by their kinds. */
  readonly likelyWay: number
  /** There is no topology at all. */
  readonly noTopology: number
  /** The same, beside an alert of a storm: one is close in time to everything. */
  readonly besideStorm: number
  /** Per nat of rarity of a shared word, where no path is known. */
  readonly rarePerNat: number
  readonly rareNatsMax: number
  readonly text: number
  /** Times the company that the two alert types keep: where both are on one CI, and elsewhere. */
  readonly companySame: CompanyWeights
  readonly companyElse: CompanyWeights
  /** Times the log of how much oftener the two types meet than by chance, within a bound. */
  readonly lift: number
  readonly liftMax: number
  readonly sameCondition: number
  readonly sharedChange: number
  readonly flapping: number
  /** It would be a second cause of an alert that has one; or a second, silent one. */
  readonly secondCause: number
  readonly secondSilentCause: number
  /** What it may come from has a cause itself. */
  readonly chain: number
  /** Whether the alerts' words are those of causes or of symptoms, by the way between them. */
  readonly roles: Readonly<Record<'same' | 'from' | 'to' | 'beside' | 'far' | 'none', RoleWeights>>
  /** By how severe the new alert is, and the other. */
  readonly severity: Readonly<Record<Severity, number>>
  readonly otherSeverity: Readonly<Record<Severity, number>>
  /** People said that such alerts belong together, or do not. */
  readonly mustLink: number
  readonly cannotLink: number
}

/** By what an alert's words say it is: the new alert, and the other. */
export interface RoleWeights {
  readonly mine: Readonly<Record<'cause' | 'symptom' | 'none', number>>
  readonly other: Readonly<Record<'cause' | 'symptom' | 'none', number>>
}

/** Of the log of how much oftener a type comes in company than one not yet known. */
export interface CompanyWeights {
  /** The new alert's type, and the other's: any company at all. */
  readonly mine: number
  readonly others: number
  /** Company on this side: on its CI, from what it needs, to what needs it, … */
  readonly mineSide: number
  readonly othersSide: number
  /** Further, for the lonelier type, beyond the point where it hardly ever has any. */
  readonly loner: number
  readonly lonerSide: number
}

export const defaultCorrelatorSettings: CorrelatorSettings = {
  settleAfterMs: 3 * MINUTE_MS,
  unsettledMax: 512,
  replayWindowMs: 3 * MINUTE_MS,
  replayIdsMax: 1_000_000,
  quietGapMs: 3 * MINUTE_MS,
  reopenWindowMs: 30 * MINUTE_MS,
  staleAfterMs: 5 * HOUR_MS,
  silentLifeMs: 5 * MINUTE_MS,
  emitEveryMs: 5 * SECOND_MS,
  refreshEveryMs: MINUTE_MS,

  incidentLifeMs: 90 * MINUTE_MS,
  incidentSampleMax: 1_000,
  mergeAgeMs: 15 * MINUTE_MS,
  candidatesMax: 48,
  postingsMax: 64,
  neighboursMax: 96,
  joinHorizonMs: 30 * MINUTE_MS,
  alertsMax: 2_000_000,
  correctionsMax: 2_000,
  thinkMax: 8,
  changesMax: 10_000,

  recurrencesMin: DEFAULT_PATTERN_SETTINGS.occurrencesMin,
  recurrenceWindowMs: DEFAULT_PATTERN_SETTINGS.windowMs,

  heartbeats: defaultHeartbeatSettings,

  openSeverityMin: 'info',
  openAfterMs: 0,
  openRules: [],

  inhibition: [],
  autoPause: 'off',
  autoPauseMs: 5 * MINUTE_MS,
  autoPauseEndsMin: 10,
  autoPauseShareMin: 0.8,
  mutesMax: 5_000,

  stormAlertsMin: 60,
  stormWindowMs: MINUTE_MS,
  stormTimesUsual: 10,

  flapResolves: 4,
  flapWindowMs: 30 * MINUTE_MS,

  joinBias: -1.6,
  joinThreshold: 0,
  mergeThreshold: 2,
  weights: {
    supportMax: 1.2,
    timeKnotsMs: [10, 30, 60, 120, 180, 300, 600, 1_200].map((s) => s * SECOND_MS),
    timeSame: [2.71, 2.11, -0.38, -3.57, -3.65, -4.06, -4.19, -4.24],
    timeNext: [2.87, 1.34, 1.18, 0.14, -0.4, -1.4, -3, -3.25],
    timeElse: [2.92, 1.34, 0.96, -0.28, -0.95, -1.88, -2.21, -2.35],
    paceMax: 3,
    sameCi: 2.92,
    from: { depends_on: 1.88, runs_on: 1.64, connects_to: 2.53, part_of: 1.35 },
    fromHubPerNat: -0.27,
    toHubPerNat: -0.31,
    besideHubPerNat: -1.32,
    witnessMs: 3 * MINUTE_MS,
    fromWitnessPerNat: 1.42,
    toWitnessPerNat: 1.5,
    besideWitnessPerNat: 1.69,
    kinWitnessPerNat: 1.37,
    to: { depends_on: -0.47, runs_on: -0.78, connects_to: 0.43, part_of: 0 },
    fromTwo: 0.44,
    fromFar: -2.44,
    toTwo: -1.5,
    toFar: -1.86,
    beside: { depends_on: -0.44, runs_on: -2.33, connects_to: 1.84, part_of: 0 },
    besideFar: -1.33,
    noPath: -4.34,
    kin: 0.1,
    unknownPath: -0.85,
    likelyWay: 0.7,
    noTopology: -2.5,
    besideStorm: -4,
    rarePerNat: -0.05,
    rareNatsMax: 3.5,
    text: 0.2,
    companySame: {
      mine: 0.53,
      others: 0.3,
      mineSide: 0.9,
      othersSide: 0.66,
      loner: 0.2,
      lonerSide: 1.79,
    },
    companyElse: {
      mine: 1.13,
      others: 1.21,
      mineSide: 0.07,
      othersSide: 0.06,
      loner: 1.21,
      lonerSide: 0.65,
    },
    lift: 0.6,
    liftMax: 1.5,
    sameCondition: -0.14,
    sharedChange: 0.66,
    flapping: -3.24,
    secondCause: -2.49,
    secondSilentCause: -0.86,
    chain: 0.61,
    roles: {
      same: {
        mine: { cause: 1.36, symptom: 0, none: 0 },
        other: { cause: 0, symptom: 0, none: 0 },
      },
      from: {
        mine: { cause: -0.81, symptom: 0.79, none: 0 },
        other: { cause: 0.68, symptom: 0.04, none: 0 },
      },
      to: {
        mine: { cause: -0.13, symptom: -0.89, none: 0 },
        other: { cause: -0.62, symptom: -0.2, none: 0 },
      },
      beside: {
        mine: { cause: -0.63, symptom: 0.78, none: 0 },
        other: { cause: -0.76, symptom: 0.14, none: 0 },
      },
      far: {
        mine: { cause: -0.91, symptom: -0.05, none: 0 },
        other: { cause: -0.02, symptom: -1.52, none: 0 },
      },
      none: {
        mine: { cause: -1.32, symptom: 0.64, none: 0 },
        other: { cause: 0.04, symptom: -0.89, none: 0 },
      },
    },
    severity: { info: -0.4, warning: 0.12, error: 0, critical: 0.88 },
    otherSeverity: { info: -0.64, warning: -0.2, error: 0, critical: 0.71 },
    mustLink: 12,
    cannotLink: -12,
  },

  ciLabels: [
    'service',
    'instance',
    'host',
    'pod',
    'container',
    'device',
    'resource',
    'node',
    'hostname',
    'server',
    'database',
    'queue',
    'topic',
    'app',
    'source',
    'subject',
    'target',
  ],
  blandLabels: ['severity', 'status', 'alertname', 'env', 'priority', 'monitor', 'prometheus'],
}
