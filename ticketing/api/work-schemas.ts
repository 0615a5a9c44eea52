// What the desk's API answers of changes, requests, processes, maintenance and notifications.
import { type Static, Type } from 'typebox'
import { CHANGE_ACTIONS, CHANGE_OUTCOMES, CHANGE_STATES, RISKS } from '../lifecycles/change.ts'
import { REQUEST_ACTIONS, REQUEST_STATES } from '../lifecycles/request.ts'
import { Count, Texts, Time } from './schema-parts.ts'
import { IncidentSummary, TaskView, TimelineView } from './schemas.ts'

const TicketRef = Type.Object({ id: Type.String(), number: Type.String(), title: Type.String() })

export const ChangeSummary = Type.Object({
  id: Type.String(),
  /** `CHG-3`. */
  number: Type.String(),
  title: Type.String(),
  /** The title again, and the first CI: as changes from elsewhere are described. */
  summary: Type.String(),
  ci: Type.String(),
  cis: Texts,
  /** Requested by a person as an RFC, or reported by a tool. */
  origin: Type.Enum(['requested', 'reported']),
  /** standard, normal or emergency; the tool's own word where one reported it. */
  type: Type.String(),
  status: Type.Enum([...CHANGE_STATES]),
  requester: Type.String(),
  assignee: Type.Optional(Type.String()),
  risk: Type.Optional(Type.Enum([...RISKS])),
  plannedStart: Time,
  plannedEnd: Time,
  /** Planned, until it has begun. */
  startedAt: Time,
  endedAt: Type.Optional(Time),
  outcome: Type.Optional(Type.Enum([...CHANGE_OUTCOMES])),
  incidentCount: Count,
  link: Type.Optional(Type.String()),
  version: Count,
})
export type ChangeSummary = Static<typeof ChangeSummary>

/** What is open on the CIs that a change touches and on what depends on them. */
const Standing = {
  openIncidents: Type.Array(TicketRef),
  openProblems: Type.Array(TicketRef),
}

export const AssessmentView = Type.Object({
  at: Time,
  impact: Type.Enum(['high', 'medium', 'low']),
  risk: Type.Enum([...RISKS]),
  services: Texts,
  reasons: Texts,
  conflicts: Type.Array(TicketRef),
  freezes: Texts,
  ...Standing,
})
export type AssessmentView = Static<typeof AssessmentView>

export const ChangeDetail = Type.Interface([ChangeSummary], {
  description: Type.String(),
  plan: Type.Optional(Type.String()),
  backoutPlan: Type.Optional(Type.String()),
  assessment: Type.Optional(AssessmentView),
  votes: Type.Array(
    Type.Object({
      actor: Type.String(),
      approves: Type.Boolean(),
      at: Time,
      comment: Type.Optional(Type.String()),
    }),
  ),
  /** Incidents that the correlator suspects it of. */
  incidents: Type.Array(IncidentSummary),
  /** Of each: suspect until a person says match or no match. */
  suspicions: Type.Array(
    Type.Object({
      incident: Type.String(),
      number: Type.String(),
      verdict: Type.Enum(['suspect', 'match', 'no-match']),
    }),
  ),
  /** Until it is done: as things are now. */
  standing: Type.Optional(Type.Object(Standing)),
  timeline: Type.Array(TimelineView),
  actions: Type.Array(Type.Enum([...CHANGE_ACTIONS])),
})
export type ChangeDetail = Static<typeof ChangeDetail>

export const CatalogueItemView = Type.Object({
  id: Type.String(),
  title: Type.String(),
  description: Type.String(),
  /** JSON Schema of the values to send. */
  form: Type.Unknown(),
  targetMs: Type.Number(),
})
export type CatalogueItemView = Static<typeof CatalogueItemView>

export const RequestSummary = Type.Object({
  id: Type.String(),
  /** `REQ-3`. */
  number: Type.String(),
  item: Type.String(),
  title: Type.String(),
  status: Type.Enum([...REQUEST_STATES]),
  requester: Type.String(),
  assignee: Type.Optional(Type.String()),
  team: Type.Optional(Type.String()),
  createdAt: Time,
  dueAt: Type.Optional(Time),
  fulfilledAt: Type.Optional(Time),
  version: Count,
})
export type RequestSummary = Static<typeof RequestSummary>

export const RequestDetail = Type.Interface([RequestSummary], {
  form: Type.Unknown(),
  tasks: Type.Array(TaskView),
  timeline: Type.Array(TimelineView),
  actions: Type.Array(Type.Enum([...REQUEST_ACTIONS])),
})
export type RequestDetail = Static<typeof RequestDetail>

export const ProcessView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  kind: Type.Enum(['process', 'runbook']),
  owner: Type.Optional(Type.String()),
  objective: Type.String(),
  steps: Texts,
  documentation: Type.Optional(Type.String()),
  links: Type.Object({ alertNames: Texts, cis: Texts, problems: Texts }),
  reviewBy: Type.Optional(Time),
  retired: Type.Boolean(),
  updatedAt: Time,
  version: Count,
})
export type ProcessView = Static<typeof ProcessView>

/** With why somebody should look at it: no owner, no review date, past it. */
export const ProcessListView = Type.Interface([ProcessView], { attention: Texts })

export const ProcessVersionView = Type.Object({
  version: Count,
  at: Time,
  actor: Type.String(),
  objective: Type.String(),
  steps: Texts,
})
export type ProcessVersionView = Static<typeof ProcessVersionView>

export const NotificationView = Type.Object({
  id: Type.String(),
  incidentId: Type.String(),
  number: Type.String(),
  rule: Type.String(),
  channel: Type.String(),
  event: Type.String(),
  status: Type.Enum(['pending', 'claimed', 'sent', 'cancelled', 'muted', 'stale', 'dead']),
  text: Type.String(),
  dueAt: Time,
  createdAt: Time,
  attempts: Count,
  sentAt: Type.Optional(Time),
  /** Why it was not sent, or what went wrong last. */
  detail: Type.Optional(Type.String()),
})
export type NotificationView = Static<typeof NotificationView>
