// The part of the ticketing role that customers see: the status page and the rating form.
import type { FastifyPluginAsync } from 'fastify'
import type { DeskRoutesOptions } from '../../ticketing/api/context.ts'
import { ratingRoutes } from '../../ticketing/status/rating-routes.ts'
import { statusRoutes, styleRoutes } from '../../ticketing/status/routes.ts'
import type { RoleContext } from './role.ts'

interface CustomerRoutes {
  readonly deskRoutes: readonly FastifyPluginAsync[]
  readonly publicRoutes: readonly FastifyPluginAsync[]
}

export const customerRoutes = (
  { config }: RoleContext,
  { desk, submit, clock, newId }: DeskRoutesOptions,
): CustomerRoutes => {
  const { statusPage, satisfaction } = config.desk
  const { key } = satisfaction
  const status = statusRoutes({ desk, settings: statusPage, clock })
  return {
    deskRoutes: statusPage.public ? [] : [status],
    publicRoutes: [
      styleRoutes,
      ...(statusPage.public ? [status] : []),
      ...(key === undefined ? [] : [ratingRoutes({ desk, submit, clock, newId, key })]),
    ],
  }
}
