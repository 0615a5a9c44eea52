// The API of DESIGN section 8 over made-up data, for pictures and browser tests only.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { IncidentDetail, IncidentSummary } from '../src/api/types.ts'
import { patchFor } from './actions.ts'
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
    const statuses = query.get('status')?.split(',')
    const fitting = incidents.filter(({ status }) => statuses?.includes(status) ?? true)
    return pageOf(fitting.map(summaryOf), query)
  }
  const act = ({ parameters: [id = '', action = ''], body }: Call) => {
    const incident = incidents.find((one) => one.id === id)
    if (incident === undefined) return notFound(`there is no incident ${id}`)
    desk.change(id, patchFor(incident, action, body, new Date(now).toISOString()))
    return { body: { kind: 'applied', target: id, version: incident.version + 1 } }
  }
  return [
    ['GET', '/api/v1/incidents', listed],
    ['GET', '/api/v1/incidents/{id}', ({ parameters }) => oneOf(incidents, parameters[0])],
    ['POST', '/api/v1/incidents/{id}/{action}', act],
  ]
}

export const createFixtureApi = (options: FixtureOptions) => {
  const desk = createDesk(options)
  const routes = incidentRoutes(desk, options.now)
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
