// Connections to PostgreSQL: bounded in number and time, also the time of an owner that froze.
import pg from 'pg'

const CONNECT_TIMEOUT_MS = 10_000
/**
 * A process that was stopped or cut off in the middle of a transaction holds its locks: its
 * successor would wait for as long as it sleeps. Nothing of ours pauses within a transaction.
 */
const IDLE_IN_TRANSACTION_MS = 10_000

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string
  /** Told of connections that were lost; the pool replaces them by itself. */
  onError?(error: Error): void
  /** A transaction in which nothing is asked for this long is undone by the server. Default 10 s. */
  readonly idleInTransactionMs?: number
}

export const openPostgresPool = (
  { url, onError, idleInTransactionMs = IDLE_IN_TRANSACTION_MS }: PostgresOptions,
  limits: {
    readonly connectionsMax: number
    readonly statementTimeoutMs: number
    readonly applicationName: string
  },
): pg.Pool => {
  const pool = new pg.Pool({
    connectionString: url,
    max: limits.connectionsMax,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: limits.statementTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    application_name: limits.applicationName,
    keepAlive: true,
  })
  // Without a listener the loss of a connection would end the process: of one that is idle, and of
  // one that is in use while nothing is asked of it.
  pool.on('error', (error) => onError?.(error))
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}
