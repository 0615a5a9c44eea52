// Tasks over HTTP: one's own list, and what is done with each.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { TASK_ACTIONS, TASK_KINDS, TASK_STATES } from '../lifecycles/task.ts'
import { TASK_BODIES } from './bodies.ts'
import { cursorOf, type DeskRoutesOptions, notFound, submitCommand } from './context.ts'
import { pageOf } from './schema-parts.ts'
import { TaskView } from './schemas.ts'
import { ById, queryOf, Word } from './validation.ts'

const ListQuery = queryOf({
  status: Type.Optional(Type.Enum([...TASK_STATES])),
  kind: Type.Optional(Type.Enum([...TASK_KINDS])),
  assignee: Type.Optional(Word),
  ticket: Type.Optional(Word),
})
const tags = ['tasks']

const sendTask = (reply: FastifyReply, task: TaskView) => {
  reply.header('etag', `"${task.version}"`)
  return task
}

export const taskRoutes = (instance: FastifyInstance, options: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries } = options.desk

  app.get(
    '/api/v1/tasks',
    { schema: { tags, querystring: ListQuery, response: { 200: pageOf(TaskView) } } },
    async ({ query: { limit, cursor, ...filter }, limitedTo }, reply) => {
      const after = cursorOf(reply, cursor)
      return after === null ? reply : queries.listTasks({ ...filter, limitedTo }, limit, after)
    },
  )

  app.get(
    '/api/v1/tasks/:id',
    { schema: { tags, params: ById, response: { 200: TaskView } } },
    async ({ params: { id } }, reply) => {
      const task = await queries.findTask(id)
      return task === undefined ? notFound(reply, 'task', id) : sendTask(reply, task)
    },
  )

  for (const action of TASK_ACTIONS)
    app.post(
      `/api/v1/tasks/:id/${action}`,
      {
        schema: { tags, params: ById, body: TASK_BODIES[action] },
        preValidation: async (request) => {
          request.body ??= {}
        },
      },
      async (request, reply) => {
        const { id } = request.params
        if ((await queries.findTask(id)) === undefined) return notFound(reply, 'task', id)
        const command = { action: `task.${action}`, target: id }
        return submitCommand(options, request, reply, command, async () => {
          const task = await queries.findTask(id)
          return task === undefined ? notFound(reply, 'task', id) : sendTask(reply, task)
        })
      },
    )
}
