// The edge's memory of who may deliver, and what became of deliveries: exchanged with the desk.
import { randomUUID } from 'node:crypto'
import type { IngestKey } from '../../domain/integration.ts'
import type { IntegrationDesk } from '../../domain/ports/integrations.ts'
import { type Clock, SECOND_MS } from '../../domain/time.ts'
import { type Admission, createAdmission } from '../../ingest/admission.ts'
import { createDeliveryRings, type DeliveryRings } from '../../ingest/delivery-rings.ts'
import { createIntegrationDesk } from '../../ticketing/integrations/queries.ts'
import type { AuthConfig } from '../config/auth-schema.ts'
import { openDesk } from '../parts.ts'
import { every } from './every.ts'
import type { RoleContext } from './role.ts'

/** A new token, or one taken away, counts this soon; so old is what people see of deliveries. */
const EXCHANGE_EVERY_MS = 2 * SECOND_MS
/** Integrations and sources whose deliveries are kept. */
const SENDERS_MAX = 1_200

export interface IngestDoor {
  readonly admission: Admission
  readonly rings: DeliveryRings
  /** From now on keys come from there, and reports go there. */
  connect(desk: IntegrationDesk): Promise<void>
  /** Exchanges now; rejects where the store does not answer, and what was known stays. */
  exchange(): Promise<void>
}

/** Tokens of the configuration that may deliver; they are always there. */
const fixedKeys = ({ tokens }: Pick<AuthConfig, 'tokens'>): IngestKey[] =>
  tokens.filter(({ access }) => access !== 'read').map(({ name, sha256 }) => ({ name, sha256 }))

export const createIngestDoor = (auth: Pick<AuthConfig, 'tokens'>, clock: Clock): IngestDoor => {
  const admission = createAdmission(fixedKeys(auth))
  const rings = createDeliveryRings(SENDERS_MAX)
  const reporter = randomUUID().slice(0, 8)
  let desk: IntegrationDesk | undefined
  const exchange = async (): Promise<void> => {
    if (desk === undefined) return
    const now = clock.now()
    admission.replaceKeys(await desk.ingestKeys(now))
    await desk.keepRings(reporter, now, rings.drain())
  }
  return {
    admission,
    rings,
    connect: async (to) => {
      desk = to
      await exchange()
    },
    exchange,
  }
}

/**
 * Keeps the door in touch with the desk's store: beside the desk through its own, elsewhere through
 * the same PostgreSQL; where there is neither, the configuration's tokens are all there is.
 * @returns how to stop
 */
export const keepDoor = async (
  { config, roles, logger }: RoleContext,
  door: IngestDoor | undefined,
): Promise<() => Promise<void>> => {
  if (door === undefined) return async () => {}
  let disconnect = async (): Promise<void> => {}
  if (!roles.includes('ticketing') && config.postgres !== undefined) {
    const database = await openDesk(config, logger)
    disconnect = () => database.close()
    await door.connect(createIntegrationDesk(database.sql))
  }
  const exchanging = every(EXCHANGE_EVERY_MS, door.exchange, (error) =>
    logger.warn({ err: error }, 'could not ask the desk for integrations'),
  )
  return async () => {
    await exchanging.stop()
    await disconnect()
  }
}
