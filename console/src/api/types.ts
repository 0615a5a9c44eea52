// What the server answers: the API's own types, and nothing of its code.

/** One page of a KPI list, one KPI with its groups, the rows beneath it. */
export type {
  KpiDetail,
  KpiGroupView,
  KpiList,
  KpiRows,
  KpiView,
} from '../../../dashboards/kpis/schemas.ts'
export type { DeadLetterView } from '../../../ticketing/api/dead-letter-schema.ts'
export type {
  FixedProblem,
  ProblemReport,
  ReportedProblem,
} from '../../../ticketing/api/report-schemas.ts'
export type {
  AlertView,
  AssessmentView,
  AssetWarningView,
  AuditView,
  CatalogueItemView,
  ChangeDetail,
  ChangeSummary,
  CiDetail,
  CiVersionView,
  CiView,
  EvidenceView,
  HintView,
  ImpactView,
  IncidentDetail,
  IncidentSummary,
  KnownErrorView,
  MaintenanceWindowView,
  NotificationView,
  Page,
  ProblemJson,
  ProblemSummary,
  ProblemView,
  ProcessView,
  ProposalView,
  RelationView,
  RequestDetail,
  RequestSummary,
  ReviewView,
  RunbookView,
  ServiceView,
  SlaView,
  StreamEvent,
  TaskView,
  TimelineView,
} from '../../../ticketing/api/schemas.ts'
export type { HeartbeatPingView, HeartbeatView } from '../../../ticketing/heartbeats/schemas.ts'
export type { DecisionView } from '../../../ticketing/incidents/decisions.ts'
export type {
  DeliveryView,
  DryRunView,
  IntegrationView,
} from '../../../ticketing/integrations/bodies.ts'
export type { MutePreview, SilenceView } from '../../../ticketing/mutes/views.ts'
export type { TeamView, TokenView, UserView } from '../../../ticketing/people/bodies.ts'
export type { SyncLinkView } from '../../../ticketing/sync/queries.ts'
