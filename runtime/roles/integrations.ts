// The part of the ticketing role that keeps integrations: its routes, and what the edge asks of it.
import { randomBytes } from 'node:crypto'
import type { FastifyPluginAsync } from 'fastify'
import { createIngestDesk } from '../../ingest/ingest-desk.ts'
import type { DeskRoutesOptions } from '../../ticketing/api/context.ts'
import { integrationRoutes } from '../../ticketing/api/integrations.ts'
import type { AppliedCommand } from '../../ticketing/commands/apply.ts'
import type { Desk } from '../../ticketing/desk.ts'
import { createIntegrationDesk } from '../../ticketing/integrations/queries.ts'
import type { DeskDatabase } from '../../ticketing/store/database.ts'
import { ingestSettings } from '../config/ingest.ts'
import { sha256Hex } from '../http/identity.ts'
import { ingestMetrics } from './ingest.ts'
import type { RoleContext } from './role.ts'

const TOKEN_DIGITS = 29

/** `fli` and 29 hex digits: 32 characters, since some tools take no other PagerDuty routing key. */
const newIngestToken = () => {
  const text = `fli${randomBytes(16).toString('hex').slice(0, TOKEN_DIGITS)}`
  return { text, sha256: sha256Hex(text) }
}

/** Did it change who may deliver? */
const concernsKeys = ({ outcome }: AppliedCommand): boolean =>
  outcome.kind === 'applied' && /^(int|tok)-/.test(outcome.target)

export const openIntegrations = async (
  { config, log, clock, logger, metrics, ingestDoor }: RoleContext,
  database: DeskDatabase,
  desk: Desk,
  routes: DeskRoutesOptions,
): Promise<FastifyPluginAsync> => {
  await ingestDoor?.connect(createIntegrationDesk(database.sql))
  desk.onApplied((commands) => {
    if (!commands.some(concernsKeys)) return
    ingestDoor
      ?.exchange()
      .catch((error: Error) => logger.warn({ err: error }, 'could not pass on integrations'))
  })
  const settings = ingestSettings(config)
  const ingest = createIngestDesk({ log, clock, settings, metrics: ingestMetrics(metrics) })
  return integrationRoutes({ ...routes, ingest, newIngestToken })
}
