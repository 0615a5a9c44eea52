// The embedded Facts adapter: chDB, the ClickHouse engine inside this process, in a directory.
import { createClient } from '@clickhouse/client'
import type { Facts } from '../../domain/ports/facts.ts'
import { factsThrough } from './facts-client.ts'

type ClientConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>

export interface ChdbOptions {
  /** Holds the tables; made when absent. One directory per process may be open at a time. */
  readonly directory: string
}

/**
 * Loads the engine (0.2 s, 250 MiB) only when called, so that a process with a ClickHouse server
 * needs no native library.
 * @throws Error when another directory is open in this process, or when another process holds it
 */
export const openChdbFacts = async ({ directory }: ChdbOptions): Promise<Facts> => {
  const [{ createChdbConnection }, { drainPending }] = await Promise.all([
    import('chdb/connection'),
    import('chdb'),
  ])
  // The two packages describe the hook against their own copies of the client's types.
  const connection = createChdbConnection({ path: directory }) as unknown as ClientConnection
  const client = createClient({ connection })
  return factsThrough(client, drainPending)
}
