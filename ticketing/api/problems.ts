// Problems over HTTP: recurring patterns, their causes and workarounds.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { PROBLEM_ACTIONS, PROBLEM_STATES } from '../lifecycles/problem.ts'
import { PROBLEM_BODIES } from './bodies.ts'
import { cursorOf, type DeskRoutesOptions, notFound, submitCommand } from './context.ts'
import { pageOf } from './schema-parts.ts'
import { ProblemSummary, ProblemView } from './schemas.ts'
import { anyOf, ById, queryOf } from './validation.ts'

const ListQuery = queryOf({ status: anyOf(PROBLEM_STATES) })
const tags = ['problems']

const sendView = (reply: FastifyReply, view: ProblemView) => {
  reply.header('etag', `"${view.version}"`)
  return view
}

export const problemRoutes = (instance: FastifyInstance, options: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries } = options.desk

  app.get(
    '/api/v1/problems',
    { schema: { tags, querystring: ListQuery, response: { 200: pageOf(ProblemSummary) } } },
    async ({ query: { limit, cursor, ...filter } }, reply) => {
      const after = cursorOf(reply, cursor)
      return after === null ? reply : queries.listProblems(filter, limit, after)
    },
  )

  app.get(
    '/api/v1/problems/:id',
    { schema: { tags, params: ById, response: { 200: ProblemView } } },
    async ({ params: { id } }, reply) => {
      const view = await queries.findProblem(id)
      return view === undefined ? notFound(reply, 'problem', id) : sendView(reply, view)
    },
  )

  for (const action of PROBLEM_ACTIONS)
    app.post(
      `/api/v1/problems/:id/${action}`,
      {
        schema: { tags, params: ById, body: PROBLEM_BODIES[action] },
        preValidation: async (request) => {
          request.body ??= {}
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const target = await queries.problemId(id)
        if (target === undefined) return notFound(reply, 'problem', id)
        const command = { action: `problem.${action}`, target }
        return submitCommand(options, request, reply, command, async () => {
          const view = await queries.findProblem(target)
          return view === undefined ? notFound(reply, 'problem', id) : sendView(reply, view)
        })
      },
    )
}
