// Alertmanager's silences API v2: the same silences, in the words that its clients know.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, preSerializationAsyncHookHandler } from 'fastify'
import { Type } from 'typebox'
import { compileMatchers, type Matcher } from '../../domain/matcher.ts'
import {
  GettableSilence,
  PostableSilence,
  readSilence,
  silenceState,
  writeSilence,
} from '../mutes/alertmanager.ts'
import { compilePattern, readMatchers } from '../mutes/matchers.ts'
import type { SilenceRow } from '../mutes/tables.ts'
import { type DeskRoutesOptions, notFound, refuseRequest, submitCommand } from './context.ts'
import { ById } from './validation.ts'

const tags = ['alertmanager']
/** The list has no pages there. */
const LISTED_MAX = 2_000
const FILTERS_MAX = 32

const Filters = Type.Object({
  filter: Type.Optional(Type.Array(Type.String({ maxLength: 10_240 }), { maxItems: FILTERS_MAX })),
})

/** Who may not is told so, whatever the API. */
const KEPT: ReadonlySet<number> = new Set([401, 403, 404])

/** Its clients read refusals as JSON text, and know no others than these. */
const asTheySay: preSerializationAsyncHookHandler = async (_request, reply, payload) => {
  if (reply.statusCode < 400 || typeof payload !== 'object' || payload === null) return payload
  if (reply.statusCode < 500 && !KEPT.has(reply.statusCode)) reply.code(400)
  reply.type('application/json; charset=utf-8')
  return 'detail' in payload ? payload.detail : payload
}

/** A filter looks at what a silence's matchers name, as if those were labels. */
const passes = (row: SilenceRow, filters: readonly Matcher[]): boolean =>
  compileMatchers(
    filters,
    compilePattern,
  )(Object.fromEntries(row.matchers.map(({ name, value }) => [name, value])))

const readRoutes = (instance: FastifyInstance, { desk, clock }: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()

  app.get(
    '/api/v2/silences',
    {
      schema: { tags, querystring: Filters, response: { 200: Type.Array(GettableSilence) } },
      preSerialization: asTheySay,
    },
    async ({ query: { filter = [] } }, reply) => {
      const filters: Matcher[] = []
      for (const text of filter) {
        const matchers = readMatchers(text)
        if ('kind' in matchers) return refuseRequest(reply, 400, 'invalid', matchers.detail)
        filters.push(...matchers)
      }
      const rows = await desk.queries.newestSilences(LISTED_MAX)
      const now = clock.now()
      return rows.filter((row) => passes(row, filters)).map((row) => writeSilence(row, now))
    },
  )

  app.get(
    '/api/v2/silence/:id',
    {
      schema: { tags, params: ById, response: { 200: GettableSilence } },
      preSerialization: asTheySay,
    },
    async ({ params: { id } }, reply) => {
      const row = await desk.queries.findSilenceRow(id)
      return row === undefined ? notFound(reply, 'silence', id) : writeSilence(row, clock.now())
    },
  )
}

export const alertmanagerSilenceRoutes = (
  instance: FastifyInstance,
  options: DeskRoutesOptions,
): void => {
  readRoutes(instance, options)
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { desk, clock } = options

  app.post(
    '/api/v2/silences',
    { schema: { tags, body: PostableSilence }, preSerialization: asTheySay },
    async (request, reply) => {
      const { id } = request.body
      const { createdBy, ...change } = readSilence(request.body)
      const known = id === undefined ? undefined : await desk.queries.findSilenceRow(id)
      if (id !== undefined && known === undefined) return notFound(reply, 'silence', id)
      const lives = known !== undefined && silenceState(known, clock.now()) !== 'expired'
      const command = lives
        ? { action: 'silence.update', target: known.id, body: change }
        : {
            action: 'silence.create',
            target: 'silences',
            body: { ...change, ...(createdBy === undefined ? {} : { createdBy }) },
          }
      return submitCommand(options, request, reply, command, async ({ target }) => ({
        silenceID: target,
      }))
    },
  )

  const remove = { schema: { tags, params: ById }, preSerialization: asTheySay }
  app.delete('/api/v2/silence/:id', remove, async (request, reply) => {
    const { id } = request.params
    const command = { action: 'silence.expire', target: id, body: {} }
    return submitCommand(options, request, reply, command, async () => reply.code(200).send())
  })
}
