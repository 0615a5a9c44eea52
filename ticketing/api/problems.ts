// Problems over HTTP: recurring patterns, their causes and workarounds.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { rangeOf } from '../../domain/range.ts'
import { PROBLEM_ACTIONS, PROBLEM_STATES } from '../lifecycles/problem.ts'
import { problemReportCsv, problemReportMarkdown } from '../problems/report-text.ts'
import { PROBLEM_BODIES } from './bodies.ts'
import {
  cursorOf,
  type DeskRoutesOptions,
  notFound,
  refuseRequest,
  submitCommand,
} from './context.ts'
import { ProblemReport } from './report-schemas.ts'
import { pageOf } from './schema-parts.ts'
import { ProblemSummary, ProblemView } from './schemas.ts'
import { anyOf, ById, queryOf } from './validation.ts'

const ListQuery = queryOf({ status: anyOf(PROBLEM_STATES) })
const ReportQuery = Type.Object(
  {
    from: Type.Optional(Type.String({ description: 'ISO 8601; default a week before `to`' })),
    to: Type.Optional(Type.String({ description: 'ISO 8601; default now' })),
    format: Type.Enum(['json', 'markdown', 'csv'], { default: 'json' }),
  },
  { additionalProperties: false },
)
const tags = ['problems']

const sendView = (reply: FastifyReply, view: ProblemView) => {
  reply.header('etag', `"${view.version}"`)
  return view
}

const reportRoute = (instance: FastifyInstance, { desk, clock }: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  app.get(
    '/api/v1/problems/report',
    {
      schema: {
        tags,
        summary: 'For problem managers: costliest, new, worsening, fixed and undecided patterns',
        querystring: ReportQuery,
        response: { 200: { content: { 'application/json': { schema: ProblemReport } } } },
      },
    },
    async ({ query: { format, ...asked } }, reply) => {
      const range = rangeOf(asked, clock.now())
      if (typeof range === 'string') return refuseRequest(reply, 400, 'invalid-request', range)
      const report = await desk.queries.problemReport(range)
      if (format === 'json') return report
      const text = format === 'csv' ? problemReportCsv(report) : problemReportMarkdown(report)
      const type = format === 'csv' ? 'text/csv' : 'text/markdown'
      return reply.type(`${type}; charset=utf-8`).send(text as never)
    },
  )
}

export const problemRoutes = (instance: FastifyInstance, options: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries } = options.desk
  reportRoute(instance, options)

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
