// The part of the ingest role that takes pings: its routes, its directory, its own sign of life.
import type { FastifyPluginAsync } from 'fastify'
import { createPingIntake } from '../../ingest/pings/intake.ts'
import { opsgeniePingRoutes, pingRoutes } from '../../ingest/pings/routes.ts'
import { createQueries } from '../../ticketing/queries.ts'
import { openDesk } from '../parts.ts'
import { keepListening, sayListening } from './heartbeats.ts'
import type { PingDoor, RoleContext } from './role.ts'

export interface Pings {
  readonly ingestRoutes: readonly FastifyPluginAsync[]
  readonly publicRoutes: readonly FastifyPluginAsync[]
  stop(): Promise<void>
}

/** Senders read no pages: their answers go without the headers that browsers obey. */
const withoutPageHeaders =
  (routes: FastifyPluginAsync): FastifyPluginAsync =>
  async (scope) => {
    scope.addHook('onRoute', (route) => {
      // As helmet itself would mark it; its own look at the route came before this one.
      route.config = Object.assign({}, route.config, { helmet: { skipRoute: true } })
    })
    await scope.register(routes)
  }

/** A process that has no desk of its own reads whom pings are for from the desk's PostgreSQL. */
const connectDirectory = async (
  { config, roles, logger }: RoleContext,
  { directory }: PingDoor,
): Promise<() => Promise<void>> => {
  if (roles.includes('ticketing') || config.postgres === undefined) return async () => {}
  const database = await openDesk(config, logger)
  directory.connect(createQueries(database.sql))
  return () => database.close()
}

export const openPings = async (context: RoleContext): Promise<Pings> => {
  const { config, log, clock, logger, metrics, pingDoor } = context
  if (pingDoor === undefined) return { ingestRoutes: [], publicRoutes: [], stop: async () => {} }
  const { directory, maySend: mayPing } = pingDoor
  const { edgeTickMs, pingBodyBytesMax } = config.heartbeats
  const failed = (error: Error): void =>
    logger.warn({ err: error }, 'could not say that the edge listens')
  const disconnect = await connectDirectory(context, pingDoor)
  await sayListening({ log, clock }).catch(failed)
  const listening = keepListening({ log, clock }, directory, edgeTickMs, failed)
  const pings = createPingIntake({
    log,
    clock,
    directory,
    count: (result) => metrics.pings.inc({ result }),
  })
  const limits = { pingBodyBytesMax }
  return {
    ingestRoutes: [opsgeniePingRoutes({ pings, limits })],
    publicRoutes: [withoutPageHeaders(pingRoutes({ pings, mayPing, limits }))],
    stop: async () => {
      await listening.stop()
      await disconnect()
    },
  }
}
