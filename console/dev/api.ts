// The API of DESIGN section 8 over made-up data, for pictures and browser tests only.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createDesk, type FixtureOptions } from './desk.ts'
import { ciRoutes, incidentRoutes, problemRoutes } from './desk-routes.ts'
import {
  answerJson,
  describe,
  findRoute,
  notFound,
  type Route,
  readBody,
  unauthenticated,
} from './http.ts'
import { kpiRoutes } from './kpis.ts'
import { listRoutes } from './lists.ts'
import { serviceRoutes } from './service-desk.ts'
import { sideRoutes } from './side-desk.ts'
import { watchRoutes } from './watch.ts'

export const createFixtureApi = (options: FixtureOptions) => {
  const desk = createDesk(options)
  const all: readonly Route[] = [
    ...sideRoutes(desk, options.now),
    ...incidentRoutes(desk, options.now),
    ...watchRoutes(desk, options.now),
    ...problemRoutes(desk),
    ...serviceRoutes(desk, options.now),
    ...ciRoutes(desk),
    ...listRoutes(desk, options.now),
    ...kpiRoutes(options.now),
  ]
  const routes = all.filter(([, path]) => !options.without?.includes(path))
  const posts: { path: string; body: Record<string, unknown> }[] = []

  /** @returns whether the request was for the API */
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const url = new URL(request.url ?? '/', 'http://fixture')
    if (url.pathname === '/openapi.json') {
      answerJson(response, { body: describe(routes) })
      return true
    }
    if (!url.pathname.startsWith('/api/') && url.pathname !== '/readyz') return false
    if (
      options.token !== undefined &&
      request.headers.authorization !== `Bearer ${options.token}`
    ) {
      answerJson(response, unauthenticated)
      return true
    }
    if (url.pathname === '/api/v1/stream' && options.stream !== false) {
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

  return { ...desk, handle, cut: desk.stream.cut, resumedFrom: desk.stream.resumedFrom, posts }
}

export type FixtureApi = ReturnType<typeof createFixtureApi>
