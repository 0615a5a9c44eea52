// What the server answers: the API's own types, and nothing of its code.

/** One page of a KPI list, one KPI with its groups, the rows beneath it. */
export type {
  KpiDetail,
  KpiGroupView,
  KpiList,
  KpiRows,
  KpiView,
} from '../../../dashboards/kpis/schemas.ts'
export type {
  AlertView,
  AuditView,
  CiDetail,
  CiView,
  DeadLetterView,
  EvidenceView,
  HintView,
  IncidentDetail,
  IncidentSummary,
  KnownErrorView,
  Page,
  ProblemJson,
  ProblemSummary,
  ProblemView,
  RelationView,
  ReviewView,
  ServiceView,
  SlaView,
  StreamEvent,
  TaskView,
  TimelineView,
} from '../../../ticketing/api/schemas.ts'

/** What `POST /api/v1/changes` takes; an answer may say more. */
export interface ChangeView {
  readonly id: string
  readonly ci: string
  readonly type: string
  readonly summary: string
  readonly startedAt: string
  readonly endedAt?: string
  readonly link?: string
  readonly status?: string
}
