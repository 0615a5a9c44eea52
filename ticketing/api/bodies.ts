// What people may send with each action: checked at the edge, and again when it is applied.
import { type Static, Type } from 'typebox'
import { CHANGE_OUTCOMES, CHANGE_TYPES, type ChangeAction } from '../lifecycles/change.ts'
import type { IncidentAction } from '../lifecycles/incident.ts'
import type { ProblemAction } from '../lifecycles/problem.ts'
import type { RequestAction } from '../lifecycles/request.ts'
import type { TaskAction } from '../lifecycles/task.ts'
import { PRIORITIES } from '../priority.ts'
import { Analysis } from '../problems/analysis.ts'

const LINE_MAX = 200
const TEXT_MAX = 16_384
const ID_MAX = 256
export const RATING_COMMENT_MAX = 2_000
/** Of one incident: who has the link could fill the log with second thoughts. */
export const RATINGS_MAX = 20
const ALERTS_PER_DECISION_MAX = 1_000

const closed = <P extends Type.TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })

const Line = Type.String({ minLength: 1, maxLength: LINE_MAX })
const Text = Type.String({ minLength: 1, maxLength: TEXT_MAX })
const Id = Type.String({ minLength: 1, maxLength: ID_MAX })
const AlertIds = Type.Array(Id, {
  minItems: 1,
  maxItems: ALERTS_PER_DECISION_MAX,
  uniqueItems: true,
})
const Nothing = closed({})
/** null takes the value away; absent leaves it. */
const LineOrNone = Type.Optional(Type.Union([Line, Type.Null()]))
const HintChoice = closed({ ci: Id, change: Type.Optional(Id) })
const ProblemChoice = closed({ problemId: Id })

export const INCIDENT_BODIES = {
  acknowledge: closed({ note: Type.Optional(Text) }),
  start: Nothing,
  hold: closed({ reason: Line }),
  resume: Nothing,
  resolve: closed({ resolution: Type.Optional(Text) }),
  close: Nothing,
  reopen: closed({ reason: Type.Optional(Line) }),
  notes: closed({ text: Text }),
  tasks: closed({
    title: Line,
    assignee: Type.Optional(Line),
    kind: Type.Optional(Type.Enum(['task', 'review-action'])),
  }),
  /** Without a person: whoever asks. */
  watch: closed({ person: Type.Optional(Line) }),
  unwatch: closed({ person: Type.Optional(Line) }),
  relate: closed({ incident: Id }),
  unrelate: closed({ incident: Id }),
  /** Sets the runbook's steps as tasks. */
  runbook: closed({ process: Id }),
  rate: closed({
    rating: Type.Integer({ minimum: 1, maximum: 5 }),
    comment: Type.Optional(Type.String({ minLength: 1, maxLength: RATING_COMMENT_MAX })),
  }),
  review: closed({
    summary: Text,
    impact: Type.Optional(Text),
    causes: Type.Optional(Text),
    lessons: Type.Optional(Text),
  }),
  roles: closed({ commander: LineOrNone, communications: LineOrNone }),
  assign: closed({ assignee: LineOrNone, team: LineOrNone }),
  /** Without a priority it follows impact x urgency again. */
  prioritise: closed({ priority: Type.Optional(Type.Enum([...PRIORITIES])), reason: Line }),
  merge: closed({ into: Id }),
  split: closed({ alertIds: AlertIds }),
  move: closed({ alertIds: AlertIds, to: Id }),
  'confirm-hint': HintChoice,
  'reject-hint': HintChoice,
  'link-problem': ProblemChoice,
  'unlink-problem': ProblemChoice,
} as const satisfies Record<IncidentAction, Type.TObject>
export type IncidentBody<A extends IncidentAction> = Static<(typeof INCIDENT_BODIES)[A]>

export const TASK_BODIES = {
  complete: Nothing,
  drop: closed({ reason: Type.Optional(Line) }),
  reopen: Nothing,
  assign: closed({ assignee: Type.Union([Line, Type.Null()]) }),
} as const satisfies Record<TaskAction, Type.TObject>
export type TaskBody<A extends TaskAction> = Static<(typeof TASK_BODIES)[A]>

const Time = Type.String({ format: 'date-time' })
const Cis = Type.Array(Id, { minItems: 1, maxItems: 200, uniqueItems: true })
const ChangeParts = {
  title: Line,
  description: Text,
  cis: Cis,
  plannedStart: Time,
  plannedEnd: Time,
  plan: Type.Optional(Text),
  backoutPlan: Type.Optional(Text),
}
export const NewChange = closed({ type: Type.Enum([...CHANGE_TYPES]), ...ChangeParts })
export type NewChange = Static<typeof NewChange>

export const CHANGE_BODIES = {
  update: Type.Partial(closed(ChangeParts), { additionalProperties: false }),
  submit: Nothing,
  approve: closed({ comment: Type.Optional(Text) }),
  reject: closed({ comment: Text }),
  revise: closed({ reason: Line }),
  begin: Nothing,
  finish: closed({ outcome: Type.Enum([...CHANGE_OUTCOMES]), comment: Type.Optional(Text) }),
  close: closed({ comment: Type.Optional(Text) }),
  cancel: closed({ reason: Line }),
  assign: closed({ assignee: Type.Union([Line, Type.Null()]) }),
  notes: closed({ text: Text }),
  /** Id or number of an incident. */
  match: closed({ incident: Id }),
  'no-match': closed({ incident: Id }),
} as const satisfies Record<ChangeAction, Type.TObject>
export type ChangeBodyOf<A extends ChangeAction> = Static<(typeof CHANGE_BODIES)[A]>

export const NewRequest = closed({
  item: Id,
  values: Type.Record(Type.String({ maxLength: LINE_MAX }), Type.Unknown()),
})
export type NewRequest = Static<typeof NewRequest>

export const REQUEST_BODIES = {
  approve: Nothing,
  reject: closed({ reason: Line }),
  fulfil: Nothing,
  reopen: closed({ reason: Line }),
  close: Nothing,
  cancel: closed({ reason: Line }),
  assign: closed({ assignee: Type.Union([Line, Type.Null()]) }),
  notes: closed({ text: Text }),
} as const satisfies Record<RequestAction, Type.TObject>
export type RequestBody<A extends RequestAction> = Static<(typeof REQUEST_BODIES)[A]>

const Names = Type.Optional(Type.Array(Id, { maxItems: 200, uniqueItems: true }))
const Steps = Type.Array(Line, { minItems: 1, maxItems: 100 })
const Links = closed({ alertNames: Names, cis: Names, problems: Names })
export const NewProcess = closed({
  name: Line,
  kind: Type.Enum(['process', 'runbook']),
  owner: Type.Optional(Line),
  objective: Text,
  steps: Steps,
  documentation: Type.Optional(Text),
  links: Type.Optional(Links),
  reviewBy: Type.Optional(Time),
})
export type NewProcess = Static<typeof NewProcess>

/** null takes owner or review date away; absent leaves it. */
export const ProcessUpdate = closed({
  name: Type.Optional(Line),
  owner: LineOrNone,
  objective: Type.Optional(Text),
  steps: Type.Optional(Steps),
  documentation: Type.Optional(Text),
  links: Type.Optional(Links),
  reviewBy: Type.Optional(Type.Union([Time, Type.Null()])),
})
export type ProcessUpdate = Static<typeof ProcessUpdate>

export const PROBLEM_BODIES = {
  accept: Nothing,
  dismiss: closed({ reason: Line }),
  'record-cause': closed({ cause: Text, workaround: Type.Optional(Text) }),
  resolve: closed({ resolution: Text }),
  close: Nothing,
  reopen: closed({ reason: Line }),
  analyse: Analysis,
  workaround: closed({ workaround: Type.Union([Text, Type.Null()]) }),
  /** Id or number of a change; null takes it away. */
  fix: closed({ change: Type.Union([Id, Type.Null()]) }),
  assign: closed({ assignee: Type.Union([Line, Type.Null()]) }),
  notes: closed({ text: Text }),
} as const satisfies Record<ProblemAction, Type.TObject>
export type ProblemBody<A extends ProblemAction> = Static<(typeof PROBLEM_BODIES)[A]>
