// What the desk's API answers of incidents, problems and CIs. The console imports these types.
import { type Static, Type } from 'typebox'
import { MUTE_REASONS } from '../../domain/mute.ts'
import { INCIDENT_ACTIONS, INCIDENT_STATES } from '../lifecycles/incident.ts'
import { PROBLEM_ACTIONS, PROBLEM_STATES } from '../lifecycles/problem.ts'
import { TASK_KINDS, TASK_STATES } from '../lifecycles/task.ts'
import { PRIORITIES } from '../priority.ts'
import { Analysis } from '../problems/analysis.ts'
import { SLA_KINDS } from '../sla/policies.ts'
import { Count, Labels, PriorityWord, Score, SeverityWord, Texts, Time } from './schema-parts.ts'

/** The types of the rest, so that the console finds all of them here. */
export type * from '../mutes/views.ts'
export type * from './work-schemas.ts'

const IncidentStatus = Type.Enum([...INCIDENT_STATES])
const ProblemStatus = Type.Enum([...PROBLEM_STATES])

export const EvidenceView = Type.Object({
  signal: Type.String(),
  weight: Score,
  text: Type.String(),
})
export type EvidenceView = Static<typeof EvidenceView>

export const HintView = Type.Object({
  ci: Type.String(),
  change: Type.Optional(Type.String()),
  alertName: Type.Optional(Type.String()),
  score: Score,
  /** 0 to 1. */
  confidence: Score,
  reasons: Type.Array(EvidenceView),
})
export type HintView = Static<typeof HintView>

/** Why something is muted: a code, what does it, and a sentence. */
export const MutingView = Type.Object({
  reason: Type.Enum([...MUTE_REASONS]),
  by: Type.String(),
  text: Type.String(),
  until: Type.Optional(Time),
})
export type MutingView = Static<typeof MutingView>

export const AlertView = Type.Object({
  id: Type.String(),
  fingerprint: Type.String(),
  incidentId: Type.Optional(Type.String()),
  source: Type.String(),
  scope: Type.String(),
  name: Type.String(),
  ci: Type.Optional(Type.String()),
  severity: SeverityWord,
  status: Type.Enum(['firing', 'resolved']),
  summary: Type.String(),
  labels: Labels,
  startsAt: Time,
  firstSeen: Time,
  lastSeen: Time,
  resolvedAt: Type.Optional(Time),
  occurrences: Count,
  flapping: Type.Boolean(),
  /** How often it fired anew after a resolve. */
  flaps: Type.Optional(Count),
  muted: Type.Optional(Type.Enum([...MUTE_REASONS])),
  /** All that mutes it, each with a sentence. */
  muting: Type.Optional(Type.Array(MutingView)),
  evidence: Type.Array(EvidenceView),
  link: Type.Optional(Type.String()),
  runbook: Type.Optional(Type.String()),
})
export type AlertView = Static<typeof AlertView>

export const TimelineView = Type.Object({
  id: Type.String(),
  at: Time,
  /** The correlator's kinds, or the desk action: acknowledge, assign, notes, resolve … */
  kind: Type.String(),
  text: Type.String(),
  /** Absent where the correlator speaks. */
  actor: Type.Optional(Type.String()),
  alertId: Type.Optional(Type.String()),
})
export type TimelineView = Static<typeof TimelineView>

export const IncidentSummary = Type.Object({
  id: Type.String(),
  /** `INC-7`. */
  number: Type.String(),
  title: Type.String(),
  status: IncidentStatus,
  severity: SeverityWord,
  priority: PriorityWord,
  scope: Type.String(),
  openedAt: Time,
  lastEventAt: Time,
  acknowledgedAt: Type.Optional(Time),
  resolvedAt: Type.Optional(Time),
  alertCount: Count,
  firingCount: Count,
  occurrenceCount: Count,
  /** CIs touched, most alerts first. */
  cis: Texts,
  assignee: Type.Optional(Type.String()),
  team: Type.Optional(Type.String()),
  holdReason: Type.Optional(Type.String()),
  problemId: Type.Optional(Type.String()),
  mergedInto: Type.Optional(Type.String()),
  storm: Type.Optional(Type.Object({ collapsedAlerts: Count, since: Time })),
  muted: Type.Boolean(),
  muting: Type.Optional(Type.Array(MutingView)),
  /** When the first of its running service levels is due. */
  dueAt: Type.Optional(Time),
  /** A service level was missed. */
  breached: Type.Optional(Type.Boolean()),
  /** Grows with each transition; the ETag, and what If-Match is compared with. */
  version: Count,
})
export type IncidentSummary = Static<typeof IncidentSummary>

/** A known pattern that this incident looks like, with what the desk knows of it. */
export const KnownErrorView = Type.Object({
  problemId: Type.String(),
  number: Type.Optional(Type.String()),
  title: Type.String(),
  status: Type.Optional(ProblemStatus),
  /** 0 to 1. */
  similarity: Score,
  cause: Type.Optional(Type.String()),
  workaround: Type.Optional(Type.String()),
})
export type KnownErrorView = Static<typeof KnownErrorView>

export const SlaView = Type.Object({
  kind: Type.Enum([...SLA_KINDS]),
  policy: Type.String(),
  targetMs: Type.Number(),
  /** Business time used up when the clock last moved. */
  elapsedMs: Type.Number(),
  running: Type.Boolean(),
  dueAt: Type.Optional(Time),
  breached: Type.Boolean(),
})
export type SlaView = Static<typeof SlaView>

export const TaskView = Type.Object({
  id: Type.String(),
  ticketId: Type.String(),
  kind: Type.Enum([...TASK_KINDS]),
  title: Type.String(),
  status: Type.Enum([...TASK_STATES]),
  assignee: Type.Optional(Type.String()),
  createdAt: Time,
  doneAt: Type.Optional(Time),
  doneBy: Type.Optional(Type.String()),
  version: Count,
})
export type TaskView = Static<typeof TaskView>

/** A runbook that fits an incident. */
export const RunbookView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  steps: Texts,
  documentation: Type.Optional(Type.String()),
  version: Count,
})
export type RunbookView = Static<typeof RunbookView>

/** A post-incident review: written by people over the timeline that is there already. */
export const ReviewView = Type.Object({
  summary: Type.String(),
  impact: Type.Optional(Type.String()),
  causes: Type.Optional(Type.String()),
  lessons: Type.Optional(Type.String()),
  by: Type.String(),
  at: Time,
})
export type ReviewView = Static<typeof ReviewView>

/** How satisfied somebody was, 1 to 5; the last one holds. */
export const RatingView = Type.Object({
  rating: Type.Integer(),
  times: Count,
  comment: Type.Optional(Type.String()),
  by: Type.String(),
  at: Time,
})

export const IncidentDetail = Type.Interface([IncidentSummary], {
  impact: Type.Enum(['high', 'medium', 'low']),
  urgency: Type.Enum(['high', 'medium', 'low']),
  /** Set where a person overrode impact x urgency. */
  priorityReason: Type.Optional(Type.String()),
  resolution: Type.Optional(Type.String()),
  reopenCount: Count,
  /** The newest alerts, firing first, at most 200; the rest under `/alerts?incident=`. */
  alerts: Type.Array(AlertView),
  /** Oldest first, the newest 500. */
  timeline: Type.Array(TimelineView),
  hints: Type.Array(HintView),
  knownErrors: Type.Array(KnownErrorView),
  slas: Type.Optional(Type.Array(SlaView)),
  tasks: Type.Optional(Type.Array(TaskView)),
  commander: Type.Optional(Type.String()),
  communications: Type.Optional(Type.String()),
  watchers: Type.Optional(Texts),
  /** Ids of other incidents. */
  related: Type.Optional(Texts),
  review: Type.Optional(ReviewView),
  rating: Type.Optional(RatingView),
  /** Runbooks linked to its alert types, CIs or problem. */
  runbooks: Type.Optional(Type.Array(RunbookView)),
  /** What a person may do now. */
  actions: Type.Array(Type.Enum([...INCIDENT_ACTIONS])),
})
export type IncidentDetail = Static<typeof IncidentDetail>

export const StatisticsView = Type.Object({
  count: Count,
  firstAt: Time,
  lastAt: Time,
  meanIntervalMs: Type.Optional(Type.Number()),
  /** 168 counts, Monday 00:00 UTC first. */
  hourOfWeek: Type.Array(Type.Number()),
  minutesLost: Type.Number(),
  share: Type.Number(),
  trendPerDay: Type.Number(),
})

export const ProblemSummary = Type.Object({
  id: Type.String(),
  /** `PRB-3`. */
  number: Type.String(),
  title: Type.String(),
  status: ProblemStatus,
  scope: Type.String(),
  foundBy: Type.Enum(['recurrence', 'clustering']),
  incidentCount: Count,
  firstAt: Time,
  lastAt: Time,
  minutesLost: Type.Number(),
  cis: Texts,
  alertNames: Texts,
  assignee: Type.Optional(Type.String()),
  version: Count,
})
export type ProblemSummary = Static<typeof ProblemSummary>

/** What is to fix a problem for good, and what the watch since then has seen. */
export const FixView = Type.Object({
  changeId: Type.String(),
  number: Type.Optional(Type.String()),
  title: Type.Optional(Type.String()),
  status: Type.Optional(Type.String()),
  /** Planned or under way; resolved and silent since; seen again. */
  verification: Type.Enum(['pending', 'holding', 'recurred']),
  /** Since when it is watched. */
  since: Type.Optional(Time),
})
export type FixView = Static<typeof FixView>

export const ProblemView = Type.Interface([ProblemSummary], {
  signature: Texts,
  statistics: StatisticsView,
  hints: Type.Array(HintView),
  /** The newest incidents of the pattern, at most 100. */
  incidents: Type.Array(IncidentSummary),
  cause: Type.Optional(Type.String()),
  workaround: Type.Optional(Type.String()),
  /** The chain of whys and what contributed, each with its evidence. */
  analysis: Analysis,
  fix: Type.Optional(FixView),
  dismissedBecause: Type.Optional(Type.String()),
  createdAt: Time,
  resolvedAt: Type.Optional(Time),
  timeline: Type.Array(TimelineView),
  actions: Type.Array(Type.Enum([...PROBLEM_ACTIONS])),
})
export type ProblemView = Static<typeof ProblemView>

export const AuditView = Type.Object({
  sequence: Count,
  at: Time,
  actor: Type.String(),
  /** `incident.acknowledge` … */
  action: Type.String(),
  target: Type.String(),
  commandId: Type.String(),
  /** `applied`, or the reason of the refusal. */
  outcome: Type.String(),
  before: Type.Unknown(),
  after: Type.Unknown(),
  /** SHA-256 over the previous hash and this entry. */
  hash: Type.String(),
})
export type AuditView = Static<typeof AuditView>

export const RelationView = Type.Object({
  from: Type.String(),
  to: Type.String(),
  type: Type.Enum(['depends_on', 'runs_on', 'connects_to', 'part_of']),
})
export type RelationView = Static<typeof RelationView>

export const CiView = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  name: Type.String(),
  attributes: Labels,
})
export type CiView = Static<typeof CiView>

export const CiDetail = Type.Interface([CiView], {
  relations: Type.Array(RelationView),
  openIncidents: Type.Array(IncidentSummary),
})
export type CiDetail = Static<typeof CiDetail>

export const CiVersionView = Type.Interface([CiView], {
  validFrom: Time,
  /** Absent on the version that holds now. */
  validTo: Type.Optional(Time),
})
export type CiVersionView = Static<typeof CiVersionView>

/** What suffers where a CI fails. */
export const ImpactView = Type.Object({
  ci: Type.String(),
  impact: Type.Optional(Type.Enum(['high', 'medium', 'low'])),
  services: Texts,
  /** Nearest first. */
  dependants: Type.Array(
    Type.Object({ id: Type.String(), name: Type.String(), kind: Type.String(), distance: Count }),
  ),
})
export type ImpactView = Static<typeof ImpactView>

/** A CI that alerts speak of and nobody has entered. */
export const ProposalView = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  name: Type.String(),
  label: Type.String(),
  alerts: Count,
  lastSeen: Time,
})
export type ProposalView = Static<typeof ProposalView>

export const AssetWarningView = Type.Object({
  ci: Type.String(),
  what: Type.Enum(['warranty', 'licence', 'owner']),
  text: Type.String(),
  date: Type.Optional(Type.String()),
})
export type AssetWarningView = Static<typeof AssetWarningView>

export const ServiceView = Type.Interface([CiView], {
  /** The worst open incident on it or on what it depends on; `ok` where there is none. */
  health: Type.Enum(['ok', ...PRIORITIES]),
  openIncidents: Type.Array(
    Type.Object({ id: Type.String(), number: Type.String(), title: Type.String() }),
  ),
})
export type ServiceView = Static<typeof ServiceView>

/** RFC 9457. */
export const ProblemJson = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  /** Machine-readable: not-found, illegal-transition, version-conflict, invalid-request … */
  reason: Type.String(),
  detail: Type.String(),
  /** On 409: what would be legal now. */
  legalActions: Type.Optional(Texts),
  /** On 412: the version that the ticket has now. */
  version: Type.Optional(Count),
})
export type ProblemJson = Static<typeof ProblemJson>

export interface Page<T> {
  items: T[]
  nextCursor?: string
}

/** `GET /api/v1/stream`: event `incident` or `problem`, data a summary, id the change sequence. */
export type StreamEvent =
  | { event: 'incident'; data: IncidentSummary }
  | { event: 'problem'; data: ProblemSummary }
