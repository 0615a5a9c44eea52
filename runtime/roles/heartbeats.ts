// Who pings are for, as the edge knows it; and the edge's own sign of life.
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import {
  DirectoryUnavailableError,
  type HeartbeatAddress,
  type HeartbeatDirectory,
} from '../../domain/ports/heartbeats.ts'
import type { Log } from '../../domain/ports/log.ts'
import { encodeRecord, partitionOfScope, type TickRecord } from '../../domain/records.ts'
import { type Clock, type Millis, SECOND_MS } from '../../domain/time.ts'
import type { AddressChange } from '../../ticketing/heartbeats/addresses.ts'
import { every, type Repetition } from './every.ts'

/** What of the desk's store the directory reads. */
export interface AddressSource {
  heartbeatAddresses(since: number, limit: number): Promise<AddressChange[]>
  findHeartbeatAddress(
    by: { readonly uuid: string } | { readonly slug: string },
  ): Promise<HeartbeatAddress | undefined>
}

export interface ConnectedDirectory extends HeartbeatDirectory {
  /** From now on it can say. */
  connect(source: AddressSource): void
  isConnected(): boolean
  /** Reads what has changed since. */
  refresh(): Promise<void>
}

export interface DirectoryOptions {
  readonly log: Log
  readonly clock: Clock
}

const CHANGES_PER_READ = 1_000
/** Unknown UUIDs that the store is asked for, so that guessing costs it little. */
const MISSES_PER_SECOND_MAX = 50
/** How long a ping waits for its heartbeat to be made. */
const PROVISION_MAX_MS = 10 * SECOND_MS
const PROVISION_POLL_MS = 50
/** Heartbeats being made at one time; further pings are told to come again. */
const PROVISIONS_MAX = 100

interface Addresses {
  put(change: AddressChange): void
  by(kind: 'uuid' | 'slug' | 'name', key: string): HeartbeatAddress | undefined
  scopes(): ReadonlySet<string>
}

/** In memory: a ping costs the store nothing. */
const createAddresses = (): Addresses => {
  const byId = new Map<string, HeartbeatAddress>()
  const indexes = {
    uuid: new Map<string, string>(),
    slug: new Map<string, string>(),
    name: new Map<string, string>(),
  }
  const kinds = ['uuid', 'slug', 'name'] as const
  let scopes: ReadonlySet<string> | undefined
  return {
    put: ({ id, address }) => {
      scopes = undefined
      const before = byId.get(id)
      for (const kind of kinds) {
        const key = before?.[kind]
        if (key !== undefined && indexes[kind].get(key) === id) indexes[kind].delete(key)
        if (address?.[kind] !== undefined) indexes[kind].set(address[kind], id)
      }
      if (address === undefined) byId.delete(id)
      else byId.set(id, address)
    },
    by: (kind, key) => byId.get(indexes[kind].get(key) ?? ''),
    scopes: () => {
      scopes ??= new Set([...byId.values()].map(({ scope }) => scope))
      return scopes
    },
  }
}

/** At most so many a second. */
const createAllowance = (clock: Clock, perSecondMax: number): (() => boolean) => {
  let second = 0
  let used = 0
  return () => {
    const now = Math.floor(clock.now() / SECOND_MS)
    if (now !== second) {
      second = now
      used = 0
    }
    used += 1
    return used <= perSecondMax
  }
}

export const createHeartbeatDirectory = ({ log, clock }: DirectoryOptions): ConnectedDirectory => {
  const addresses = createAddresses()
  const mayAsk = createAllowance(clock, MISSES_PER_SECOND_MAX)
  const provisions = new Map<string, Promise<HeartbeatAddress>>()
  let source: AddressSource | undefined
  let since = 0

  /** @throws DirectoryUnavailableError where the store does not answer */
  const ask = async <T>(question: (from: AddressSource) => Promise<T>): Promise<T> => {
    if (source === undefined) throw new DirectoryUnavailableError('the desk is not connected')
    try {
      return await question(source)
    } catch (error) {
      throw new DirectoryUnavailableError((error as Error).message)
    }
  }

  const find = async (
    kind: 'uuid' | 'slug',
    key: string,
  ): Promise<HeartbeatAddress | undefined> => {
    const known = addresses.by(kind, key)
    if (known !== undefined && (kind === 'uuid' || known.isKnown)) return known
    if (!mayAsk()) return undefined
    const by = kind === 'uuid' ? { uuid: key } : { slug: key }
    return ask((from) => from.findHeartbeatAddress(by))
  }

  const make = async (slug: string): Promise<HeartbeatAddress> => {
    const id = randomUUID()
    const body = { slug, uuid: randomUUID() }
    const command = { action: 'heartbeat.ensure', target: 'heartbeats', body }
    const record = { id, at: clock.now(), actor: 'ping', ...command }
    const partition = partitionOfScope(command.target, await log.partitions('commands'))
    await log.append('commands', partition, [{ value: encodeRecord('commands', record) }])
    for (let waitedMs = 0; waitedMs < PROVISION_MAX_MS; waitedMs += PROVISION_POLL_MS) {
      await pause(PROVISION_POLL_MS)
      const address = await ask((from) => from.findHeartbeatAddress({ slug }))
      if (address !== undefined) return address
    }
    throw new DirectoryUnavailableError(`the heartbeat ${slug} was not made in time`)
  }

  return {
    connect: (given) => {
      source = given
    },
    isConnected: () => source !== undefined,
    refresh: async () => {
      for (;;) {
        const changes = await ask((from) => from.heartbeatAddresses(since, CHANGES_PER_READ))
        for (const change of changes) addresses.put(change)
        since = changes.at(-1)?.change ?? since
        if (changes.length < CHANGES_PER_READ) return
      }
    },
    byUuid: (uuid) => find('uuid', uuid),
    bySlug: (slug) => find('slug', slug),
    byName: async (name) => addresses.by('name', name) ?? find('slug', name),
    provision: async (slug) => {
      const address = await find('slug', slug)
      if (address !== undefined) return { address, created: false }
      const underWay = provisions.get(slug)
      if (underWay !== undefined) return { address: await underWay, created: false }
      if (provisions.size >= PROVISIONS_MAX)
        throw new DirectoryUnavailableError('too many heartbeats are being made')
      const made = make(slug).finally(() => provisions.delete(slug))
      provisions.set(slug, made)
      return { address: await made, created: true }
    },
    scopes: addresses.scopes,
  }
}

const edgeTick = (at: Millis, edge: 'began' | 'alive') => {
  const record: TickRecord = { kind: 'tick', at, edge }
  return [{ value: encodeRecord('events', record) }]
}

/** Before anything is taken: what came in since the last sign of an edge, came in vain. */
export const sayListening = async ({ log, clock }: DirectoryOptions): Promise<void> => {
  const count = await log.partitions('events')
  const partitions = Array.from({ length: count }, (_, partition) => partition)
  await Promise.all(
    partitions.map((partition) => log.append('events', partition, edgeTick(clock.now(), 'began'))),
  )
}

/** Says, wherever there are heartbeats, that the edge listens; and keeps the directory fresh. */
export const keepListening = (
  { log, clock }: DirectoryOptions,
  directory: ConnectedDirectory,
  everyMs: Millis,
  failed: (error: Error) => void,
): Repetition =>
  every(
    everyMs,
    async () => {
      // A directory that cannot be read keeps what it knows; the edge listens all the same.
      if (directory.isConnected()) await directory.refresh().catch(failed)
      const count = await log.partitions('events')
      const partitions = new Set(
        [...directory.scopes()].map((scope) => partitionOfScope(scope, count)),
      )
      for (const partition of partitions)
        await log.append('events', partition, edgeTick(clock.now(), 'alive'))
    },
    failed,
  )
