// The API of DESIGN section 8 over made-up data, for pictures and browser tests only.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { IncidentDetail, IncidentSummary, ProblemView } from '../src/api/types.ts'
import { patchFor } from './actions.ts'
import { cis, relations } from './estate.ts'
import {
  answerJson,
  type Call,
  describe,
  findRoute,
  notFound,
  oneOf,
  pageOf,
  type Route,
  readBody,
} from './http.ts'
import { actionsFor, createIncidents } from './incidents.ts'
import { createProblems, problemActionsFor } from './problems.ts'
import { createStream } from './stream.ts'

export interface FixtureOptions {
  /** ms UTC that the data set leads up to. */
  readonly now: number
  /** Default 60. */
  readonly incidents?: number
}

const summaryOf = (incident: IncidentDetail): IncidentSummary => {
  const { alerts: _a, timeline: _t, hints: _h, knownErrors: _k, actions: _c, ...summary } = incident
  return summary
}

const PROBLEM_LEADS_TO: Readonly<Record<string, ProblemView['status']>> = {
  accept: 'investigating',
  'record-cause': 'known-error',
  dismiss: 'dismissed',
  resolve: 'resolved',
  close: 'closed',
}

const importedTopology = ({ body }: Call) => ({
  body: {
    added: body.cis ?? [],
    changed: [],
    removed: [],
    relationsAdded: body.relations ?? [],
    relationsRemoved: [],
  },
})

/** The incidents, how they change, and what hears of it. */
const createDesk = ({ now, incidents: count = 60 }: FixtureOptions) => {
  const incidents = createIncidents(now, count)
  const stream = createStream()
  const publish = (incident: IncidentDetail): void =>
    stream.publish({ event: 'incident', data: summaryOf(incident) })

  const change = (id: string, patch: Partial<IncidentDetail>): void => {
    const at = incidents.findIndex((one) => one.id === id)
    const before = incidents[at]
    if (before === undefined) return
    const after = { ...before, ...patch, version: before.version + 1 }
    incidents[at] = { ...after, actions: actionsFor(after.status) }
    publish(incidents[at])
  }

  const add = (incident: IncidentDetail): void => {
    incidents.unshift(incident)
    publish(incident)
  }

  return { incidents, stream, change, add }
}

type Desk = ReturnType<typeof createDesk>

const incidentRoutes = (desk: Desk, now: number): Route[] => {
  const { incidents } = desk
  const listed = ({ query }: Call) => {
    const statuses = query.getAll('status')
    const fitting = incidents.filter(
      ({ status }) => statuses.length === 0 || statuses.includes(status),
    )
    return pageOf(fitting.map(summaryOf), query)
  }
  const act = ({ parameters: [id = '', action = ''], body }: Call) => {
    const incident = incidents.find((one) => one.id === id)
    if (incident === undefined) return notFound(`there is no incident ${id}`)
    desk.change(id, patchFor(incident, action, body, new Date(now).toISOString()))
    return oneOf(incidents, id)
  }
  return [
    ['GET', '/api/v1/incidents', listed],
    ['GET', '/api/v1/incidents/{id}', ({ parameters }) => oneOf(incidents, parameters[0])],
    ['POST', '/api/v1/incidents/{id}/{action}', act],
  ]
}

const problemRoutes = (desk: Desk): Route[] => {
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

const ciRoutes = (desk: Desk): Route[] => {
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

export const createFixtureApi = (options: FixtureOptions) => {
  const desk = createDesk(options)
  const routes: readonly Route[] = [
    ...incidentRoutes(desk, options.now),
    ...problemRoutes(desk),
    ...ciRoutes(desk),
  ]
  const posts: { path: string; body: Record<string, unknown> }[] = []

  /** @returns whether the request was for the API */
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const url = new URL(request.url ?? '/', 'http://fixture')
    if (url.pathname === '/openapi.json') {
      answerJson(response, { body: describe(routes) })
      return true
    }
    if (!url.pathname.startsWith('/api/')) return false
    if (url.pathname === '/api/v1/stream') {
      desk.stream.attach(request, response)
      return true
    }
    const found = findRoute(routes, request.method ?? 'GET', url.pathname)
    if (found === undefined) {
      answerJson(response, notFound(`nothing answers ${url.pathname}`))
      return true
    }
    const [route, parameters] = found
    const body = await readBody(request)
    if (request.method === 'POST') posts.push({ path: url.pathname, body })
    answerJson(response, route[2]({ parameters, query: url.searchParams, body }))
    return true
  }

  return { ...desk, handle, cut: desk.stream.cut, posts }
}

export type FixtureApi = ReturnType<typeof createFixtureApi>
