// The production roles as processes of a simulated world: each may die and be started again.

import { decodeRecord } from '../../domain/records.ts'
import { createIntake, type Intake } from '../../ingest/intake.ts'
import { defaultIngestSettings } from '../../ingest/settings.ts'
import { configSchema } from '../../runtime/config/schema.ts'
import { createLogger } from '../../runtime/observe/logger.ts'
import { createMetrics } from '../../runtime/observe/metrics.ts'
import { startCorrelatorRole } from '../../runtime/roles/correlator.ts'
import type { RoleContext } from '../../runtime/roles/role.ts'
import { DESK_TOPICS, type Desk } from '../../ticketing/desk.ts'
import type { DeskTopic } from '../../ticketing/records.ts'
import type { createSimulatedCheckpoints } from './checkpoints.ts'
import type { SimulatedLog } from './log.ts'
import type { Life, World } from './world.ts'

export interface Installation {
  readonly world: World
  readonly log: SimulatedLog
  readonly checkpoints: ReturnType<typeof createSimulatedCheckpoints>
}

/** Saves often, so that lives end before, between and after checkpoints; k-means has its own tests. */
export const CONFIG = configSchema.parse({
  checkpoint: { everyMs: 5_000, everyRecords: 7 },
  clusteringEveryMs: 2 ** 31 - 1,
})
const METRICS = createMetrics()
const LOGGER = createLogger('silent')

const contextOf = ({ world, log, checkpoints }: Installation, life: Life): RoleContext => ({
  config: CONFIG,
  roles: ['correlator'],
  log: log.openFor(life),
  checkpoints: async () => checkpoints.openFor(life),
  clock: world.clock,
  metrics: METRICS,
  logger: LOGGER,
  // A role that cannot go on ends its process, as the program does.
  fail: () => world.kill(life),
})

export const startCorrelator = (installation: Installation): Life => {
  const life = installation.world.begin('correlator')
  startCorrelatorRole(contextOf(installation, life)).catch(() => installation.world.kill(life))
  return life
}

export interface Edge {
  readonly life: Life
  readonly intake: Intake
}

export const startEdge = ({ world, log }: Installation): Edge => {
  const life = world.begin('ingest')
  const labels = log.partitions === 1 ? [] : ['region']
  const scope = { ...defaultIngestSettings.scope, labels }
  const settings = { ...defaultIngestSettings, scope }
  return { life, intake: createIntake({ log: log.openFor(life), clock: world.clock, settings }) }
}

/** The desk's reading of the log; the store itself is real, and a transaction is one step. */
export const startDesk = ({ world, log }: Installation, desk: Desk): Life => {
  const life = world.begin('ticketing')
  const own = log.openFor(life)
  const publish = async (): Promise<void> => {
    await desk.publishOutbox(own)
  }
  void own.subscribe({
    group: 'ticketing',
    topics: DESK_TOPICS,
    assigned: (topic, partition) =>
      world.step(life, 'asks for its position', () => desk.position(topic as DeskTopic, partition)),
    revoked: async () => {},
    batch: async (records) => {
      const { topic, partition } = records[0]!
      const next = records.at(-1)!.offset + 1
      const place = { topic: topic as DeskTopic, partition, next }
      const decoded = records.map(({ offset, value }) => ({
        offset,
        record: decodeRecord(topic, value),
      }))
      await world.step(life, 'commits', () => desk.apply(place, decoded), {
        fault: () => new Error('the store is away'),
      })
      await publish()
    },
    failed: () => world.kill(life),
  })
  return life
}
