// Opens the outside systems that the configuration names, or their embedded stand-ins.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CheckpointStore } from '../domain/ports/checkpoints.ts'
import type { Facts } from '../domain/ports/facts.ts'
import { TOPICS } from '../domain/ports/log.ts'
import type { Clock } from '../domain/time.ts'
import type { DeskDatabase } from '../ticketing/store/database.ts'
import type { ObservedLog } from './adapters/log-lag.ts'
import type { Config } from './config/schema.ts'
import { type Logger, withoutCredentials } from './observe/logger.ts'

/** Adapters are loaded only when chosen: none of Kafka, chDB or PGlite is paid for unused. */
const directoryIn = async (config: Config, name: string): Promise<string> => {
  const directory = join(config.data, name)
  await mkdir(directory, { recursive: true })
  return directory
}

export const openLog = async (
  config: Config,
  clock: Clock,
  logger: Logger,
): Promise<ObservedLog> => {
  const { kafka, log } = config
  const retention = Object.fromEntries(TOPICS.map((topic) => [topic, log[topic]]))
  if (kafka !== undefined) {
    const { openKafkaLog } = await import('./adapters/kafka-log.ts')
    return openKafkaLog({ ...kafka, partitions: log.partitions, retention, logger })
  }
  const { openEmbeddedLog } = await import('./adapters/embedded-log/embedded-log.ts')
  return openEmbeddedLog({
    directory: await directoryIn(config, 'log'),
    clock,
    partitions: log.partitions,
    segmentBytesMax: log.segmentBytesMax,
    retention,
    onLoss: (loss) => logger.error({ loss }, 'the log cannot give back some records'),
  })
}

export const openCheckpoints = async (config: Config): Promise<CheckpointStore> => {
  if (config.postgres !== undefined) {
    const { openPostgresCheckpoints } = await import('./adapters/checkpoint-postgres.ts')
    return openPostgresCheckpoints({ url: config.postgres.url })
  }
  const { openFileCheckpoints } = await import('./adapters/checkpoint-files.ts')
  return openFileCheckpoints({ directory: await directoryIn(config, 'checkpoints') })
}

export const openDesk = async (config: Config, logger: Logger): Promise<DeskDatabase> => {
  if (config.postgres !== undefined) {
    const { openPostgresDesk } = await import('./adapters/desk-postgres.ts')
    const { url } = config.postgres
    return openPostgresDesk({
      url,
      onError: (error) =>
        logger.warn({ err: error, url: withoutCredentials(url) }, 'lost a connection'),
    })
  }
  const { openPgliteDesk } = await import('./adapters/desk-pglite.ts')
  return openPgliteDesk({
    directory: await directoryIn(config, 'desk'),
    onError: (error) => logger.warn({ err: error }, 'the upkeep of the desk’s store failed'),
  })
}

export const openFacts = async (config: Config): Promise<Facts> => {
  if (config.clickhouse !== undefined) {
    const { openClickHouseFacts } = await import('./adapters/facts-clickhouse.ts')
    return openClickHouseFacts(config.clickhouse)
  }
  const { openChdbFacts } = await import('./adapters/facts-chdb.ts')
  return openChdbFacts({ directory: await directoryIn(config, 'facts') })
}
