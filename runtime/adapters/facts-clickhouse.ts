// The production Facts adapter: a ClickHouse server by its HTTP interface.
import { ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import type { Facts } from '../../domain/ports/facts.ts'
import { factsThrough } from './facts-client.ts'

export interface ClickHouseOptions {
  /** http(s)://host:8123 */
  readonly url: string
  readonly username?: string
  readonly password?: string
  /** Made with the first DDL when it is absent. Default `faultline`. */
  readonly database?: string
  /** Default 30 s; an insert that takes longer counts as unknown and is retried by its token. */
  readonly requestTimeoutMs?: number
}

const CONNECTIONS_MAX = 8
const UNKNOWN_DATABASE = '81'

const isUnknownDatabase = (error: unknown): boolean =>
  error instanceof ClickHouseError && error.code === UNKNOWN_DATABASE

export const openClickHouseFacts = (options: ClickHouseOptions): Facts => {
  const { url, username, password, database = 'faultline', requestTimeoutMs = 30_000 } = options
  const connect = (within: { database?: string }) =>
    createClient({
      url,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...within,
      application: 'faultline',
      request_timeout: requestTimeoutMs,
      max_open_connections: CONNECTIONS_MAX,
      // What goes wrong is thrown, and logged once, by whoever asked.
      log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    })
  const facts = factsThrough(connect({ database }))

  const createDatabase = async (): Promise<void> => {
    const client = connect({})
    try {
      const query = 'CREATE DATABASE IF NOT EXISTS {database:Identifier}'
      await client.command({ query, query_params: { database } })
    } finally {
      await client.close()
    }
  }

  return {
    ...facts,
    async command(sql) {
      try {
        await facts.command(sql)
      } catch (error) {
        if (!isUnknownDatabase(error)) throw error
        await createDatabase()
        await facts.command(sql)
      }
    },
  }
}
