// Pings at the edge: whom they are for, into the log, and only then the answer.
import { Buffer } from 'node:buffer'
import type { PingDetails } from '../../domain/heartbeat.ts'
import {
  DirectoryUnavailableError,
  type HeartbeatAddress,
  type HeartbeatDirectory,
} from '../../domain/ports/heartbeats.ts'
import { type Log, LogUnavailableError } from '../../domain/ports/log.ts'
import { encodeRecord, partitionOfScope, RECORD_FORMAT } from '../../domain/records.ts'
import type { Clock } from '../../domain/time.ts'

/** A ping as it came in, whichever tool's URL it came by. */
export type IncomingPing = Omit<PingDetails, 'at' | 'body' | 'bodyBytes'> & {
  readonly body: PingBody
}

export interface PingBody {
  /** The first bytes, as far as they are kept. */
  readonly kept: Uint8Array
  /** Bytes of the whole. */
  readonly bytes: number
}

export type PingTarget =
  | { readonly uuid: string }
  | { readonly slug: string; readonly create: boolean }
  | { readonly name: string }

export type PingResult =
  | { readonly kind: 'taken'; readonly created: boolean }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unavailable' }

export interface PingIntake {
  take(target: PingTarget, ping: IncomingPing): Promise<PingResult>
}

export interface PingIntakeOptions {
  readonly log: Log
  readonly clock: Clock
  readonly directory: HeartbeatDirectory
  /** Told of every ping: whether it was taken. */
  readonly count?: (result: PingResult['kind']) => void
}

const HEADERS = { format: RECORD_FORMAT }

const addressOf = async (
  directory: HeartbeatDirectory,
  target: PingTarget,
): Promise<{ address: HeartbeatAddress; created: boolean } | undefined> => {
  if ('slug' in target && target.create) return directory.provision(target.slug)
  const address =
    'uuid' in target
      ? await directory.byUuid(target.uuid)
      : 'slug' in target
        ? await directory.bySlug(target.slug)
        : await directory.byName(target.name)
  return address && { address, created: false }
}

const textOf = ({ kept, bytes }: PingBody): Pick<PingDetails, 'body' | 'bodyBytes'> =>
  bytes === 0 ? {} : { body: Buffer.from(kept).toString('utf8'), bodyBytes: bytes }

export const createPingIntake = (options: PingIntakeOptions): PingIntake => {
  const { log, clock, directory, count = () => undefined } = options
  let partitions: number | undefined

  const take = async (target: PingTarget, ping: IncomingPing): Promise<PingResult> => {
    // The moment it came counts, not that of its way through the directory.
    const at = clock.now()
    const found = await addressOf(directory, target)
    if (found === undefined) return { kind: 'unknown' }
    const { id: heartbeatId, scope } = found.address
    const { body, ...details } = ping
    partitions ??= await log.partitions('events')
    const record = { kind: 'ping', heartbeatId, at, ...details, ...textOf(body) } as const
    const entry = { value: encodeRecord('events', record), headers: HEADERS }
    await log.append('events', partitionOfScope(scope, partitions), [entry])
    return { kind: 'taken', created: found.created }
  }

  return {
    take: async (target, ping) => {
      const result = await take(target, ping).catch((error: unknown): PingResult => {
        const isAway =
          error instanceof LogUnavailableError || error instanceof DirectoryUnavailableError
        if (!isAway) throw error
        return { kind: 'unavailable' }
      })
      count(result.kind)
      return result
    },
  }
}
