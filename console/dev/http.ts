// The little HTTP that the fixture needs: a table of routes, bodies read, JSON answered.
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface Call {
  readonly parameters: readonly string[]
  readonly query: URLSearchParams
  readonly body: Record<string, unknown>
}

export interface Answer {
  readonly status?: number
  readonly body: unknown
}

/** `['GET', '/api/v1/incidents/{id}', …]` */
export type Route = readonly [method: string, path: string, answer: (call: Call) => Answer]

const PAGE_SIZE = 50
const BODY_BYTES_MAX = 1_000_000

const problem = (status: number, reason: string, detail: string): Answer => ({
  status,
  body: { type: `urn:faultline:${reason}`, title: reason, status, reason, detail },
})

export const notFound = (detail: string): Answer => problem(404, 'not-found', detail)

export const unauthenticated = problem(401, 'unauthenticated', 'Send a token.')

export const pageOf = <T>(
  items: readonly T[],
  query: URLSearchParams,
  view: (item: T) => unknown = (item) => item,
): Answer => {
  const from = Number(query.get('cursor') ?? 0)
  const to = from + Number(query.get('limit') ?? PAGE_SIZE)
  const rest = to < items.length ? { nextCursor: String(to) } : {}
  return { body: { items: items.slice(from, to).map(view), ...rest } }
}

export const oneOf = <T extends { id: string }>(items: readonly T[], id = ''): Answer => {
  const found = items.find((item) => item.id === id)
  return found === undefined ? notFound(`there is no ${id}`) : { body: found }
}

export const readBody = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > BODY_BYTES_MAX) throw new RangeError('body too large')
    chunks.push(chunk as Buffer)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

/** What /openapi.json says of the routes: their paths and methods, no more. */
export const describe = (routes: readonly Route[]) => {
  const paths: Record<string, Record<string, object>> = {}
  for (const [method, path] of routes) {
    paths[path] ??= {}
    paths[path][method.toLowerCase()] = {}
  }
  return { openapi: '3.1.0', paths }
}

export const findRoute = (
  routes: readonly Route[],
  method: string,
  path: string,
): [Route, string[]] | undefined => {
  for (const route of routes) {
    if (route[0] !== method) continue
    const match = new RegExp(`^${route[1].replace(/\{[^}]*\}/g, '([^/]+)')}$`).exec(path)
    if (match !== null) return [route, match.slice(1).map(decodeURIComponent)]
  }
  return undefined
}

export const answerJson = (response: ServerResponse, { status = 200, body }: Answer): void => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
