// CIs and services over HTTP, and the import that replaces the topology.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { compareTopologies, TopologyBody, topologyFaults } from '../cis/topology.ts'
import {
  cursorOf,
  type DeskRoutesOptions,
  notFound,
  refuseRequest,
  submitCommand,
} from './context.ts'
import { CiDetail, CiView, pageOf, RelationView, ServiceView } from './schemas.ts'
import { ById, queryOf, Word } from './validation.ts'

const ListQuery = queryOf({ kind: Type.Optional(Word), q: Type.Optional(Word) })
const ImportQuery = Type.Object(
  { dryRun: Type.Boolean({ default: false }) },
  { additionalProperties: false },
)
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
    async ({ params: { id } }, reply) => (await queries.findCi(id)) ?? notFound(reply, 'CI', id),
  )

  app.get(
    '/api/v1/services',
    { schema: { tags, response: { 200: pageOf(ServiceView) } } },
    async () => ({
      items: await queries.listServices(),
    }),
  )

  app.get('/api/v1/topology', { schema: { tags, response: { 200: WholeTopology } } }, async () => {
    const { cis, relations } = await queries.topology()
    return { cis: [...cis], relations: [...relations] }
  })

  app.post(
    '/api/v1/cis/import',
    {
      bodyLimit: IMPORT_BYTES_MAX,
      schema: { tags, querystring: ImportQuery, body: TopologyBody },
    },
    async (request, reply) => {
      const faults = topologyFaults(request.body)
      if (faults.length > 0) return refuseRequest(reply, 422, 'invalid', faults.join('; '))
      if (request.query.dryRun) return compareTopologies(await queries.topology(), request.body)
      const command = { action: 'topology.import', target: 'topology' }
      return submitCommand(options, request, reply, command, async ({ result }) => result)
    },
  )
}
