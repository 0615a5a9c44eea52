// Live changes as server-sent events; a client that was away says where it was and catches up.
import { Readable } from 'node:stream'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { MINUTE_MS, SECOND_MS } from '../../domain/time.ts'
import type { LimitedTo } from '../people/team-limits.ts'
import type { NumberedEvent } from '../stream.ts'
import { type DeskRoutesOptions, refuseRequest } from './context.ts'

const STREAMS_MAX = 200
const EVENTS_PER_READ = 200
/** Another process may have changed something: the store is asked this often. */
const POLL_MS = 2 * SECOND_MS
/** A silent line keeps proxies from closing a quiet stream: every so many polls without news. */
const POLLS_PER_SIGN_OF_LIFE = 7
/** Then a stream ends, and whoever comes again is asked anew who they are. */
const LIFE_MS = 5 * MINUTE_MS
/** At most this many reads of the store a second and stream, however fast changes come. */
const PAUSE_MS = 100

const Query = Type.Object(
  { lastEventId: Type.Optional(Type.Integer({ minimum: 0 })) },
  { additionalProperties: false },
)

const format = ({ event, change, data }: NumberedEvent): string =>
  `id: ${change}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`

/** Problems are nobody's team's; an incident is its own team's. */
const isForTeams = ({ event, data }: NumberedEvent, limitedTo: LimitedTo): boolean =>
  limitedTo === undefined ||
  (event === 'incident' && data.team !== undefined && limitedTo.includes(data.team))

/** One client's stream: how to end it, and the text that it is sent. */
const openStream = (options: DeskRoutesOptions, from: number, limitedTo: LimitedTo) => {
  const { desk, after, clock } = options
  let ended = false
  let news = false
  let wake = (): void => {}
  const rest = (delayMs: number, wakes: boolean): Promise<void> =>
    new Promise((resolve) => {
      const callOff = after(delayMs, resolve)
      wake = () => {
        if (!wakes && !ended) return
        callOff()
        resolve()
      }
      if (ended || (wakes && news)) wake()
    })
  const forget = desk.onApplied(() => {
    news = true
    wake()
  })

  async function* text(): AsyncGenerator<string> {
    const until = clock.now() + LIFE_MS
    let last = from
    let quietPolls = 0
    yield 'retry: 2000\n\n'
    try {
      while (!ended && clock.now() < until) {
        news = false
        const events = await desk.queries.changesAfter(last, EVENTS_PER_READ)
        for (const event of events) if (isForTeams(event, limitedTo)) yield format(event)
        last = events.at(-1)?.change ?? last
        quietPolls = events.length > 0 ? 0 : quietPolls + 1
        if (quietPolls > 0 && quietPolls % POLLS_PER_SIGN_OF_LIFE === 0) yield ': alive\n\n'
        await rest(PAUSE_MS, false)
        if (events.length < EVENTS_PER_READ) await rest(POLL_MS, true)
      }
    } finally {
      forget()
    }
  }

  return {
    text: text(),
    end() {
      ended = true
      wake()
    },
  }
}

/** The change that the client saw last: what EventSource sends by itself, or the query's. */
const resumePoint = (request: FastifyRequest): number | undefined => {
  const header = request.headers['last-event-id']
  if (typeof header === 'string' && /^\d{1,15}$/.test(header)) return Number(header)
  return (request.query as { lastEventId?: number }).lastEventId
}

export const streamRoutes = (instance: FastifyInstance, options: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const open = new Set<() => void>()
  // A stream never ends by itself: a server that stops must end them or wait for ever.
  app.addHook('preClose', async () => {
    for (const end of open) end()
  })

  app.get(
    '/api/v1/stream',
    { schema: { tags: ['stream'], querystring: Query, produces: ['text/event-stream'] } },
    async (request, reply) => {
      if (open.size >= STREAMS_MAX) {
        reply.header('retry-after', '10')
        return refuseRequest(reply, 503, 'busy', 'Too many streams are open.')
      }
      const from = resumePoint(request) ?? (await options.desk.queries.lastChange())
      const stream = openStream(options, from, request.limitedTo)
      open.add(stream.end)
      reply.raw.once('close', () => {
        open.delete(stream.end)
        stream.end()
      })
      // Nothing follows a stream on its connection: kept alive, it would hold up a server's stop.
      reply.headers({
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        connection: 'close',
        // Ages are told by the desk's clock, whatever the reader's says.
        date: new Date(options.clock.now()).toUTCString(),
      })
      return reply.type('text/event-stream').send(Readable.from(stream.text))
    },
  )
}
