// The decision table of access: each route of the desk, who may use it, and what team limits mean.
import { CHANGE_ACTIONS, type ChangeAction } from '../../ticketing/lifecycles/change.ts'
import { INCIDENT_ACTIONS, type IncidentAction } from '../../ticketing/lifecycles/incident.ts'
import { PROBLEM_ACTIONS, type ProblemAction } from '../../ticketing/lifecycles/problem.ts'
import { REQUEST_ACTIONS, type RequestAction } from '../../ticketing/lifecycles/request.ts'
import { TASK_ACTIONS, type TaskAction } from '../../ticketing/lifecycles/task.ts'
import { PEOPLE_ROLES, type PeopleRole } from '../../ticketing/people/roles.ts'

/**
 * What the route is for somebody who is limited to teams: `ticket` = `:id` names a ticket and is
 * looked up; `list` = the route leaves out other teams'; `shared` = nothing of any one team;
 * `refused` = about the whole installation.
 */
export type TeamLimit = 'ticket' | 'list' | 'shared' | 'refused'

export interface Permission {
  /** `anyone` = also who has not signed in. */
  readonly roles: readonly PeopleRole[] | 'anyone'
  readonly limit: TeamLimit
}

const EVERYBODY = PEOPLE_ROLES
const WORKING: readonly PeopleRole[] = ['responder', 'problem-manager', 'change-manager', 'admin']
const RESPONDING: readonly PeopleRole[] = ['responder', 'admin']
const EXPLAINING: readonly PeopleRole[] = ['responder', 'problem-manager', 'admin']
const OF_PROBLEMS: readonly PeopleRole[] = ['problem-manager', 'admin']
const OF_CHANGES: readonly PeopleRole[] = ['change-manager', 'admin']
const OF_WINDOWS: readonly PeopleRole[] = ['responder', 'change-manager', 'admin']
const OF_PROCESSES: readonly PeopleRole[] = ['problem-manager', 'change-manager', 'admin']
const ADMINS: readonly PeopleRole[] = ['admin']

type Roles = readonly PeopleRole[]

const INCIDENT: Readonly<Record<IncidentAction, Roles>> = {
  acknowledge: RESPONDING,
  start: RESPONDING,
  hold: RESPONDING,
  resume: RESPONDING,
  resolve: RESPONDING,
  close: RESPONDING,
  reopen: RESPONDING,
  notes: WORKING,
  tasks: WORKING,
  watch: EVERYBODY,
  unwatch: EVERYBODY,
  relate: EXPLAINING,
  unrelate: EXPLAINING,
  runbook: RESPONDING,
  review: EXPLAINING,
  rate: WORKING,
  roles: RESPONDING,
  assign: RESPONDING,
  prioritise: RESPONDING,
  merge: RESPONDING,
  split: RESPONDING,
  move: RESPONDING,
  'confirm-hint': EXPLAINING,
  'reject-hint': EXPLAINING,
  'link-problem': EXPLAINING,
  'unlink-problem': EXPLAINING,
}

const PROBLEM: Readonly<Record<ProblemAction, Roles>> = {
  accept: OF_PROBLEMS,
  dismiss: OF_PROBLEMS,
  'record-cause': OF_PROBLEMS,
  resolve: OF_PROBLEMS,
  close: OF_PROBLEMS,
  reopen: OF_PROBLEMS,
  analyse: OF_PROBLEMS,
  workaround: OF_PROBLEMS,
  fix: OF_PROBLEMS,
  assign: OF_PROBLEMS,
  notes: WORKING,
}

/** Who may vote at all; the change policy may name fewer. */
const CHANGE: Readonly<Record<ChangeAction, Roles>> = {
  update: WORKING,
  submit: WORKING,
  approve: OF_CHANGES,
  reject: OF_CHANGES,
  revise: WORKING,
  begin: WORKING,
  finish: WORKING,
  close: OF_CHANGES,
  cancel: WORKING,
  assign: WORKING,
  notes: WORKING,
  match: EXPLAINING,
  'no-match': EXPLAINING,
}

/** The catalogue names who approves: whoever it names may, whatever their role. */
const REQUEST: Readonly<Record<RequestAction, Roles>> = {
  approve: EVERYBODY,
  reject: EVERYBODY,
  fulfil: WORKING,
  reopen: WORKING,
  close: WORKING,
  cancel: WORKING,
  assign: WORKING,
  notes: WORKING,
}

const TASK: Readonly<Record<TaskAction, Roles>> = {
  complete: WORKING,
  drop: WORKING,
  reopen: WORKING,
  assign: WORKING,
}

const rows = (
  limit: TeamLimit,
  roles: Roles | 'anyone',
  ...routes: readonly string[]
): [string, Permission][] => routes.map((route) => [route, { roles, limit }])

const actions = <A extends string>(
  kind: string,
  limit: TeamLimit,
  names: readonly A[],
  table: Readonly<Record<A, Roles>>,
): [string, Permission][] =>
  names.map((name) => [`POST /api/v1/${kind}/:id/${name}`, { roles: table[name], limit }])

const ROWS: readonly [string, Permission][] = [
  ...rows('list', EVERYBODY, 'GET /api/v1/incidents', 'GET /api/v1/alerts'),
  ...rows('list', EVERYBODY, 'GET /api/v1/requests', 'GET /api/v1/tasks', 'GET /api/v1/stream'),
  ...rows('ticket', EVERYBODY, 'GET /api/v1/incidents/:id', 'GET /api/v1/requests/:id'),
  ...rows('ticket', EVERYBODY, 'GET /api/v1/incidents/:id/review'),
  ...actions('incidents', 'ticket', INCIDENT_ACTIONS, INCIDENT),
  ...rows('ticket', EVERYBODY, 'GET /api/v1/incidents/:id/decisions'),
  ...rows('ticket', EXPLAINING, 'POST /api/v1/incidents/:id/undo'),
  ...actions('requests', 'ticket', REQUEST_ACTIONS, REQUEST),
  ...rows('ticket', EVERYBODY, 'GET /api/v1/tasks/:id'),
  ...actions('tasks', 'ticket', TASK_ACTIONS, TASK),
  ...rows('shared', EVERYBODY, 'GET /api/v1/catalogue', 'POST /api/v1/requests'),

  ...rows('refused', EVERYBODY, 'GET /api/v1/problems', 'GET /api/v1/problems/:id'),
  ...rows('refused', EVERYBODY, 'GET /api/v1/problems/report'),
  ...actions('problems', 'refused', PROBLEM_ACTIONS, PROBLEM),

  ...rows('refused', EVERYBODY, 'GET /api/v1/changes', 'GET /api/v1/changes/:id'),
  ...rows('refused', EVERYBODY, 'GET /api/v1/changes.ics'),
  ...rows('refused', WORKING, 'POST /api/v1/rfcs'),
  ...actions('changes', 'refused', CHANGE_ACTIONS, CHANGE),
  ...rows('shared', EVERYBODY, 'GET /api/v1/maintenance-windows'),
  ...rows('shared', EVERYBODY, 'GET /api/v1/maintenance-windows/:id'),
  ...rows('shared', EVERYBODY, 'GET /api/v1/silences', 'GET /api/v1/silences/:id'),
  ...rows('list', EVERYBODY, 'POST /api/v1/silences/preview'),
  ...rows('list', EVERYBODY, 'POST /api/v1/maintenance-windows/preview'),
  ...rows('refused', OF_WINDOWS, 'POST /api/v1/silences', 'POST /api/v1/silences/:id/update'),
  ...rows('refused', OF_WINDOWS, 'POST /api/v1/silences/:id/expire'),
  ...rows('shared', EVERYBODY, 'GET /api/v2/silences', 'GET /api/v2/silence/:id'),
  ...rows('refused', OF_WINDOWS, 'POST /api/v2/silences', 'DELETE /api/v2/silence/:id'),
  ...rows('refused', OF_WINDOWS, 'POST /api/v1/maintenance-windows'),
  ...rows('refused', OF_WINDOWS, 'POST /api/v1/maintenance-windows/:id/cancel'),

  ...rows('shared', EVERYBODY, 'GET /api/v1/cis', 'GET /api/v1/cis/:id', 'GET /api/v1/services'),
  ...rows('shared', EVERYBODY, 'GET /api/v1/cis/:id/impact', 'GET /api/v1/cis/:id/history'),
  ...rows('shared', EVERYBODY, 'GET /api/v1/topology', 'GET /api/v1/assets/warnings'),
  ...rows('shared', EVERYBODY, 'GET /api/v1/cis/proposals'),
  ...rows('refused', OF_CHANGES, 'POST /api/v1/cis', 'POST /api/v1/cis/import'),

  ...rows('shared', EVERYBODY, 'GET /api/v1/processes', 'GET /api/v1/processes/:id'),
  ...rows('shared', EVERYBODY, 'GET /api/v1/processes/:id/history'),
  ...rows('refused', OF_PROCESSES, 'POST /api/v1/processes', 'POST /api/v1/processes/:id/update'),
  ...rows('refused', OF_PROCESSES, 'POST /api/v1/processes/:id/retire'),

  ...rows('refused', EVERYBODY, 'GET /api/v1/heartbeats', 'GET /api/v1/heartbeats/:id'),
  ...rows('refused', EVERYBODY, 'GET /api/v1/heartbeats/:id/pings'),
  ...rows('refused', EVERYBODY, 'GET /api/v1/heartbeats/:id/transitions'),
  ...rows('refused', WORKING, 'POST /api/v1/heartbeats', 'PATCH /api/v1/heartbeats/:id'),
  ...rows('refused', WORKING, 'DELETE /api/v1/heartbeats/:id'),
  ...rows('refused', WORKING, 'POST /api/v1/heartbeats/:id/update'),
  ...rows('refused', WORKING, 'POST /api/v1/heartbeats/:id/pause'),
  ...rows('refused', WORKING, 'POST /api/v1/heartbeats/:id/resume'),
  ...rows('refused', WORKING, 'POST /api/v1/heartbeats/:id/delete'),
  ...rows('shared', 'anyone', 'GET /badge/:file'),

  ...rows('refused', EVERYBODY, 'GET /api/v1/kpis', 'GET /api/v1/kpis/:id'),
  ...rows('refused', EVERYBODY, 'GET /api/v1/kpis/:id/rows', 'GET /api/v1/reports/week'),
  ...rows('refused', WORKING, 'GET /api/v1/dead-letters', 'GET /api/v1/notifications'),
  ...rows('refused', RESPONDING, 'POST /api/v1/dead-letters/:id/replay'),
  ...rows('refused', WORKING, 'GET /api/v1/integrations', 'GET /api/v1/integrations/:id'),
  ...rows('refused', WORKING, 'GET /api/v1/integrations/:id/deliveries', 'GET /api/v1/deliveries'),
  ...rows('refused', WORKING, 'POST /api/v1/integrations/dry-run'),
  ...rows('refused', RESPONDING, 'POST /api/v1/integrations/:id/test'),
  ...rows('refused', ADMINS, 'POST /api/v1/integrations', 'PATCH /api/v1/integrations/:id'),
  ...rows('refused', ADMINS, 'POST /api/v1/integrations/:id/rotate'),
  ...rows('refused', ADMINS, 'DELETE /api/v1/integrations/:id'),
  ...rows('refused', WORKING, 'GET /api/v1/notifications/:id'),
  ...rows('refused', RESPONDING, 'POST /api/v1/notifications/:id/replay'),
  ...rows('refused', RESPONDING, 'POST /api/v1/notifications/test'),
  ...rows('refused', WORKING, 'GET /api/v1/sync'),
  ...rows('refused', RESPONDING, 'POST /api/v1/sync/:id/retry'),
  ...rows('shared', EVERYBODY, 'GET /api/v1/status', 'GET /api/v1/status/:id'),
  ...rows('shared', EVERYBODY, 'GET /status', 'GET /status/:id'),

  ...rows('refused', ADMINS, 'GET /api/v1/audit', 'GET /api/v1/audit/export'),
  ...rows('refused', ADMINS, 'GET /api/v1/audit/verify'),
  ...rows('shared', EVERYBODY, 'GET /api/v1/users', 'GET /api/v1/users/:id', 'GET /api/v1/teams'),
  ...rows('refused', ADMINS, 'POST /api/v1/users', 'PATCH /api/v1/users/:id'),
  ...rows('refused', ADMINS, 'POST /api/v1/teams', 'PATCH /api/v1/teams/:id'),
  ...rows('refused', ADMINS, 'GET /api/v1/tokens', 'POST /api/v1/tokens'),
  ...rows('refused', ADMINS, 'DELETE /api/v1/tokens/:id'),

  ...rows('shared', 'anyone', 'GET /api/v1/session', 'POST /api/v1/session'),
  ...rows('shared', 'anyone', 'DELETE /api/v1/session', 'GET /auth/oidc/start'),
  ...rows('shared', 'anyone', 'GET /auth/oidc/callback'),
  ...rows('shared', EVERYBODY, 'POST /api/v1/session/password'),
]

const TABLE: ReadonlyMap<string, Permission> = new Map(ROWS)
if (TABLE.size !== ROWS.length) throw new Error('a route has two rows')

/** A route that nobody thought of is for admins only, and a test names it. */
export const permissionOf = (method: string, route: string): Permission =>
  TABLE.get(routeName(method, route)) ?? { roles: ADMINS, limit: 'refused' }

export const hasPermissionRow = (name: string): boolean => TABLE.has(name)

export const routeName = (method: string, route: string): string =>
  `${method === 'HEAD' ? 'GET' : method} ${route}`
