// Writes a command to the log of an installation directly: for the first admin, and a lost password.
import { randomUUID } from 'node:crypto'
import { encodeRecord, partitionOfScope } from '../../domain/records.ts'
import { createSystemClock } from '../clock.ts'
import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { createLogger } from '../observe/logger.ts'
import { openLog } from '../parts.ts'

export interface OfflineFlags {
  readonly data?: string
  readonly config?: string
}

/** Whoever can write the log is whoever runs the installation. */
const ACTOR = 'operator'

export const offlineConfig = ({ data, config }: OfflineFlags): Config =>
  loadConfig(config, data === undefined ? {} : { data })

/**
 * The desk applies it at its next start, or at once where the log is Kafka.
 * @throws Error where an embedded installation is running: it has its log to itself
 */
export const writeCommand = async (
  config: Config,
  command: { action: string; target: string; body: Readonly<Record<string, unknown>> },
): Promise<void> => {
  const clock = createSystemClock()
  const log = await openLog(config, clock, createLogger('error'))
  try {
    const record = { id: randomUUID(), at: clock.now(), actor: ACTOR, ...command }
    const partition = partitionOfScope(record.target, await log.partitions('commands'))
    await log.append('commands', partition, [{ value: encodeRecord('commands', record) }])
  } finally {
    await log.close()
  }
}
