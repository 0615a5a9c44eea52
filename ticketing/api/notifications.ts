// Notifications over HTTP: what was said to whom, what failed, and once more please.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { TrialBody } from '../notifications/trial.ts'
import { NOTIFICATION_STATES } from '../store/schema.ts'
import { cursorOf, type DeskRoutesOptions, notFound, submitCommand } from './context.ts'
import { pageOf } from './schema-parts.ts'
import { ById, queryOf, Word } from './validation.ts'
import { NotificationView } from './work-schemas.ts'

const ListQuery = queryOf({
  status: Type.Optional(Type.Enum([...NOTIFICATION_STATES])),
  incident: Type.Optional(Word),
})
const tags = ['notifications']

export const notificationRoutes = (instance: FastifyInstance, options: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries } = options.desk

  app.get(
    '/api/v1/notifications',
    { schema: { tags, querystring: ListQuery, response: { 200: pageOf(NotificationView) } } },
    async ({ query: { limit, cursor, ...filter } }, reply) => {
      const after = cursorOf(reply, cursor)
      return after === null ? reply : queries.listNotifications(filter, limit, after)
    },
  )

  app.get(
    '/api/v1/notifications/:id',
    { schema: { tags, params: ById, response: { 200: NotificationView } } },
    async ({ params: { id } }, reply) =>
      (await queries.findNotification(id)) ?? notFound(reply, 'notification', id),
  )

  app.post(
    '/api/v1/notifications/test',
    { schema: { tags, body: TrialBody } },
    async (request, reply) => {
      const command = { action: 'notification.test', target: 'notifications' }
      return submitCommand(options, request, reply, command, async ({ target }) =>
        queries.findNotification(target),
      )
    },
  )

  app.post(
    '/api/v1/notifications/:id/replay',
    { schema: { tags, params: ById } },
    async (request, reply) => {
      const { id } = request.params
      const command = { action: 'notification.replay', target: id }
      return submitCommand(options, request, reply, command, async () =>
        queries.findNotification(id),
      )
    },
  )
}
