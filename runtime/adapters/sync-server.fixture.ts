// A small JSON server on loopback with a login, for stand-ins of other desks.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  /** Parts of the path. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  readonly body: Record<string, unknown>
}

/** Status and JSON; no JSON = an empty body. */
export type Answer = readonly [status: number, body?: unknown]

export const startJsonServer = async (
  login: string,
  refused: Answer,
  on: (asked: Asked) => Answer,
) => {
  const requests: string[] = []
  let failing: (() => Answer | 'hang' | 'done but no answer' | undefined) | undefined

  const answerTo = async (request: IncomingMessage): Promise<Answer | 'hang'> => {
    const url = new URL(request.url ?? '', 'http://stub')
    const path = url.pathname.split('/').filter(Boolean)
    requests.push(`${request.method} ${path.at(-1)}`)
    const failure = failing?.()
    if (failure !== undefined && failure !== 'done but no answer') return failure
    const shown = (request.headers.authorization ?? '').slice('Basic '.length)
    if (Buffer.from(shown, 'base64').toString() !== login) return refused
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const body = text === '' ? {} : JSON.parse(text)
    const answer = on({ method: request.method ?? '', path, query: url.searchParams, body })
    return failure === 'done but no answer' ? 'hang' : answer
  }

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answer = await answerTo(request).catch(
      (error: Error): Answer => [500, { error: error.message }],
    )
    if (answer === 'hang') return
    const [status, body] = answer
    const wait = status === 429 ? { 'retry-after': '120' } : {}
    response.writeHead(status, { 'content-type': 'application/json', ...wait })
    response.end(body === undefined ? '' : JSON.stringify(body))
  }

  const server = createServer((request, response) => void respond(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    /** Until told otherwise each request meets this; undefined = goes through. */
    fail: (how?: typeof failing) => {
      failing = how
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
