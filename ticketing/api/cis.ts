// CIs and services over HTTP, and the import that replaces the topology.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { DAY_MS } from '../../domain/time.ts'
import { topologyFromCsv } from '../cis/csv.ts'
import { CiBody, compareTopologies, TopologyBody, topologyFaults } from '../cis/topology.ts'
import {
  cursorOf,
  type DeskRoutesOptions,
  notFound,
  refuseRequest,
  submitCommand,
} from './context.ts'
import { pageOf } from './schema-parts.ts'
import {
  AssetWarningView,
  CiDetail,
  CiVersionView,
  CiView,
  ImpactView,
  ProposalView,
  RelationView,
  ServiceView,
} from './schemas.ts'
import { ById, queryOf, Word } from './validation.ts'

const ListQuery = queryOf({ kind: Type.Optional(Word), q: Type.Optional(Word) })
const ImportQuery = Type.Object(
  { dryRun: Type.Boolean({ default: false }) },
  { additionalProperties: false },
)
/** The graph as it was then, e.g. when an incident opened. */
const AtQuery = Type.Object(
  { at: Type.Optional(Type.String({ format: 'date-time' })) },
  { additionalProperties: false },
)
const instantOf = (at: string | undefined) => (at === undefined ? undefined : Date.parse(at))
const WholeTopology = Type.Object({
  cis: Type.Array(CiView),
  relations: Type.Array(RelationView),
})
/** A large estate's topology in one body. */
const IMPORT_BYTES_MAX = 32 * 1024 * 1024
const tags = ['cis']

export const ciRoutes = (instance: FastifyInstance, options: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries } = options.desk

  app.get(
    '/api/v1/cis',
    { schema: { tags, querystring: ListQuery, response: { 200: pageOf(CiView) } } },
    async ({ query: { limit, cursor, ...filter } }, reply) => {
      const after = cursorOf(reply, cursor)
      return after === null ? reply : queries.listCis(filter, limit, after)
    },
  )

  app.get(
    '/api/v1/cis/:id',
    { schema: { tags, params: ById, response: { 200: CiDetail } } },
    async ({ params: { id }, limitedTo }, reply) =>
      (await queries.findCi(id, limitedTo)) ?? notFound(reply, 'CI', id),
  )

  app.get(
    '/api/v1/services',
    { schema: { tags, response: { 200: pageOf(ServiceView) } } },
    async ({ limitedTo }) => ({
      items: await queries.listServices(limitedTo),
    }),
  )

  app.get(
    '/api/v1/topology',
    { schema: { tags, querystring: AtQuery, response: { 200: WholeTopology } } },
    async ({ query: { at } }) => {
      const { cis, relations } = await queries.topology(instantOf(at))
      return { cis: [...cis], relations: [...relations] }
    },
  )

  app.get(
    '/api/v1/cis/:id/impact',
    { schema: { tags, params: ById, querystring: AtQuery, response: { 200: ImpactView } } },
    async ({ params: { id }, query: { at } }, reply) =>
      (await queries.impactOfCi(id, instantOf(at))) ?? notFound(reply, 'CI', id),
  )

  app.get(
    '/api/v1/cis/:id/history',
    { schema: { tags, params: ById, response: { 200: pageOf(CiVersionView) } } },
    async ({ params: { id } }, reply) => {
      const items = await queries.ciHistory(id)
      return items.length === 0 ? notFound(reply, 'CI', id) : { items }
    },
  )

  app.get(
    '/api/v1/cis/proposals',
    { schema: { tags, response: { 200: pageOf(ProposalView) } } },
    async () => ({ items: await queries.ciProposals() }),
  )

  app.get(
    '/api/v1/assets/warnings',
    {
      schema: {
        tags,
        querystring: Type.Object({
          days: Type.Integer({ minimum: 0, maximum: 3_650, default: 90 }),
        }),
        response: { 200: pageOf(AssetWarningView) },
      },
    },
    async ({ query: { days } }) => ({
      items: await queries.assetWarnings(options.clock.now(), days * DAY_MS),
    }),
  )

  importRoutes(instance, options)
}

/** JSON, or a table as CSV; both replace the topology as a whole. */
const importRoutes = (instance: FastifyInstance, options: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries } = options.desk
  app.addContentTypeParser(
    'text/csv',
    { parseAs: 'string', bodyLimit: IMPORT_BYTES_MAX },
    async (_request: FastifyRequest, body: string | Buffer) => String(body),
  )

  app.post(
    '/api/v1/cis/import',
    {
      bodyLimit: IMPORT_BYTES_MAX,
      schema: { tags, querystring: ImportQuery, body: TopologyBody },
      // A table becomes the body that the schema describes.
      preValidation: async (request, reply) => {
        if (typeof request.body !== 'string') return undefined
        const read = topologyFromCsv(request.body)
        if (typeof read === 'string') return refuseRequest(reply, 400, 'invalid-request', read)
        request.body = { cis: [...read.cis], relations: [...read.relations] }
        return undefined
      },
    },
    async (request, reply) => {
      const faults = topologyFaults(request.body)
      if (faults.length > 0) return refuseRequest(reply, 422, 'invalid', faults.join('; '))
      if (request.query.dryRun) return compareTopologies(await queries.topology(), request.body)
      const command = { action: 'topology.import', target: 'topology' }
      return submitCommand(options, request, reply, command, async ({ result }) => result)
    },
  )

  app.post('/api/v1/cis', { schema: { tags, body: CiBody } }, async (request, reply) => {
    const { id } = request.body
    const command = { action: 'ci.adopt', target: id }
    return submitCommand(options, request, reply, command, async () => {
      reply.code(201)
      return queries.findCi(id)
    })
  })
}
