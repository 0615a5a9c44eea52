// The fixture's tickets and CIs over HTTP.
import type { ProblemView } from '../src/api/types.ts'
import { patchFor } from './actions.ts'
import { type Desk, summaryOf } from './desk.ts'
import { cis, relations } from './estate.ts'
import { type Call, notFound, oneOf, pageOf, type Route } from './http.ts'
import { createProblems, problemActionsFor } from './problems.ts'

const PROBLEM_LEADS_TO: Readonly<Record<string, ProblemView['status']>> = {
  accept: 'investigating',
  'record-cause': 'known-error',
  dismiss: 'dismissed',
  resolve: 'resolved',
  close: 'closed',
}

const importedTopology = ({ body }: Call) => {
  const wanted = (body.cis ?? []) as readonly { readonly id: string }[]
  const known = new Set(cis.map(({ id }) => id))
  const kept = new Set(wanted.map(({ id }) => id))
  return {
    body: {
      added: wanted.filter(({ id }) => !known.has(id)),
      changed: [],
      removed: cis.filter(({ id }) => !kept.has(id)),
      relationsAdded: body.relations ?? [],
      relationsRemoved: [],
    },
  }
}

export const incidentRoutes = (desk: Desk, now: number): Route[] => {
  const { incidents } = desk
  const listed = ({ query }: Call) => {
    const statuses = query.getAll('status')
    const fitting = incidents.filter(
      ({ status }) => statuses.length === 0 || statuses.includes(status),
    )
    return pageOf(fitting, query, summaryOf)
  }
  const act = ({ parameters: [id = '', action = ''], body }: Call) => {
    const incident = incidents.find((one) => one.id === id)
    if (incident === undefined) return notFound(`there is no incident ${id}`)
    desk.change(id, patchFor(incident, action, body, new Date(now).toISOString()))
    return oneOf(incidents, id)
  }
  const workOn = ({ parameters: [taskId = '', action = ''] }: Call) => {
    const incident = incidents.find((one) => one.tasks?.some(({ id }) => id === taskId))
    const task = incident?.tasks?.find(({ id }) => id === taskId)
    if (incident === undefined || task === undefined) return notFound(`there is no task ${taskId}`)
    const changed = {
      ...task,
      status: action === 'complete' ? ('done' as const) : ('open' as const),
    }
    const tasks = incident.tasks?.map((one) => (one.id === taskId ? changed : one)) ?? []
    desk.change(incident.id, { tasks })
    return { body: changed }
  }
  return [
    ['GET', '/api/v1/incidents', listed],
    ['GET', '/api/v1/incidents/{id}', ({ parameters }) => oneOf(incidents, parameters[0])],
    ['POST', '/api/v1/incidents/{id}/{action}', act],
    ['POST', '/api/v1/tasks/{id}/{action}', workOn],
  ]
}

export const problemRoutes = (desk: Desk): Route[] => {
  const problems = createProblems(desk.incidents)
  const summaries = (status: readonly string[]) =>
    problems
      .filter((problem) => status.length === 0 || status.includes(problem.status))
      .map(
        ({ signature: _s, statistics: _t, hints: _h, incidents: _i, timeline: _l, ...rest }) =>
          rest,
      )
  const act = ({ parameters: [id = '', action = ''], body }: Call) => {
    const at = problems.findIndex((one) => one.id === id)
    const before = problems[at]
    if (before === undefined) return notFound(`there is no problem ${id}`)
    const status = PROBLEM_LEADS_TO[action] ?? before.status
    problems[at] = {
      ...before,
      ...(action === 'record-cause' && body),
      status,
      actions: problemActionsFor(status),
      version: before.version + 1,
    }
    return { body: problems[at] }
  }
  return [
    ['GET', '/api/v1/problems', ({ query }) => pageOf(summaries(query.getAll('status')), query)],
    ['GET', '/api/v1/problems/{id}', ({ parameters }) => oneOf(problems, parameters[0])],
    ['POST', '/api/v1/problems/{id}/{action}', act],
  ]
}

export const ciRoutes = (desk: Desk): Route[] => {
  const detail = ({ parameters: [id = ''] }: Call) => {
    const ci = cis.find((one) => one.id === id)
    if (ci === undefined) return notFound(`There is no CI ${id}.`)
    const own = relations.filter(({ from, to }) => from === id || to === id)
    const open = desk.incidents.filter((one) => one.cis.includes(id) && one.firingCount > 0)
    return { body: { ...ci, relations: own, openIncidents: open.slice(0, 10).map(summaryOf) } }
  }
  return [
    [
      'GET',
      '/api/v1/cis',
      ({ query }) =>
        pageOf(
          cis.filter(({ id }) => id.includes(query.get('q') ?? '')),
          query,
        ),
    ],
    ['GET', '/api/v1/cis/{id}', detail],
    ['POST', '/api/v1/cis/import', importedTopology],
  ]
}
