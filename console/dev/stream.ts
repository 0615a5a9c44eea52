// The fixture's /api/v1/stream: numbered changes, resumed after Last-Event-ID.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { StreamEvent } from '../src/api/types.ts'

const KEPT_MAX = 1_000

export const createStream = () => {
  const sent: { id: number; text: string }[] = []
  const listeners = new Set<ServerResponse>()
  let lastId = 0
  let resumed: string | undefined

  const publish = ({ event, data }: StreamEvent): void => {
    lastId += 1
    const text = `id: ${lastId}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
    sent.push({ id: lastId, text })
    if (sent.length > KEPT_MAX) sent.shift()
    for (const response of listeners) response.write(text)
  }

  const attach = (request: IncomingMessage, response: ServerResponse): void => {
    resumed = request.headers['last-event-id']?.toString()
    const from = Number(request.headers['last-event-id'] ?? lastId)
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(': hello\n\n')
    for (const { id, text } of sent) if (id > from) response.write(text)
    listeners.add(response)
    response.on('close', () => listeners.delete(response))
  }

  /** Cuts every connection, as a restart of the server would. */
  const cut = (): void => {
    for (const response of listeners) response.destroy()
    listeners.clear()
  }

  return {
    publish,
    attach,
    cut,
    /** Last-Event-ID of the newest connection. */
    resumedFrom: (): string | undefined => resumed,
  }
}
