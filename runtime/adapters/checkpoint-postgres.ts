// Checkpoints in PostgreSQL: large states in parts, fenced by the epoch in the row that is updated.
import { setImmediate } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import type pg from 'pg'
import {
  type Checkpoint,
  type CheckpointDraft,
  type CheckpointStore,
  FencedError,
} from '../../domain/ports/checkpoints.ts'
import { openPostgresPool, type PostgresOptions } from './postgres-pool.ts'

const PART_BYTES = 8 * 1024 * 1024
const KEPT = 2
const LIMITS = {
  connectionsMax: 2,
  statementTimeoutMs: 60_000,
  applicationName: 'faultline-checkpoints',
}

const TABLES = `
  create table if not exists checkpoints (
    name text primary key,
    epoch bigint not null,
    version bigint not null default 0
  );
  create table if not exists checkpoint_versions (
    name text not null references checkpoints on delete cascade,
    version bigint not null,
    position bigint not null,
    saved_at bigint not null,
    parts integer not null,
    crc bigint not null,
    primary key (name, version)
  );
  create table if not exists checkpoint_parts (
    name text not null,
    version bigint not null,
    part integer not null,
    bytes bytea not null,
    primary key (name, version, part),
    foreign key (name, version) references checkpoint_versions on delete cascade
  );
`
/** Any number: two processes starting at once must not both make the tables. */
const TABLES_LOCK = 4_801_246

export interface PostgresCheckpointOptions extends PostgresOptions {
  /** Told of each stored checkpoint that could not be used. */
  onDamage?(name: string, version: number): void
}

type Client = pg.PoolClient

const transact = async <T>(
  pool: pg.Pool,
  begin: string,
  work: (client: Client) => Promise<T>,
): Promise<T> => {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query(begin)
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((cause: Error) => {
      broken = cause
    })
    throw error
  } finally {
    client.release(broken)
  }
}

const acquire = async (pool: pg.Pool, name: string): Promise<number> => {
  const { rows } = await pool.query<{ epoch: string }>(
    `insert into checkpoints (name, epoch) values ($1, 1)
     on conflict (name) do update set epoch = checkpoints.epoch + 1 returning epoch`,
    [name],
  )
  return Number(rows[0]!.epoch)
}

/** The update both checks the epoch and holds the row, so that nobody acquires it meanwhile. */
const nextVersion = async (client: Client, name: string, epoch: number): Promise<number> => {
  const { rows } = await client.query<{ version: string }>(
    `update checkpoints set version = version + 1
     where name = $1 and epoch = $2 returning version`,
    [name, epoch],
  )
  if (rows[0] === undefined) throw new FencedError(`epoch ${epoch} does not own ${name} any more`)
  return Number(rows[0].version)
}

/** Whole before the transaction begins: it holds a row that a successor may be waiting for. */
const gather = async (pieces: Iterable<Uint8Array>): Promise<{ state: Buffer; crc: number }> => {
  const gathered: Uint8Array[] = []
  let crc = 0
  for (const piece of pieces) {
    gathered.push(piece)
    if (piece.length > 0) crc = crc32(piece, crc) // zlib takes none for a wish to begin anew
    await setImmediate()
  }
  return { state: Buffer.concat(gathered), crc }
}

const save = async (
  pool: pg.Pool,
  name: string,
  epoch: number,
  { position, savedAt, state: pieces }: CheckpointDraft,
): Promise<number> => {
  const { state, crc } = await gather(pieces)
  await transact(pool, 'begin', async (client) => {
    const version = await nextVersion(client, name, epoch)
    await client.query(
      `insert into checkpoint_versions (name, version, position, saved_at, parts, crc)
       values ($1, $2, $3, $4, $5, $6)`,
      [name, version, position, savedAt, Math.ceil(state.length / PART_BYTES), crc],
    )
    for (let part = 0; part * PART_BYTES < state.length; part++)
      await client.query(
        'insert into checkpoint_parts (name, version, part, bytes) values ($1, $2, $3, $4)',
        [name, version, part, state.subarray(part * PART_BYTES, (part + 1) * PART_BYTES)],
      )
    await client.query('delete from checkpoint_versions where name = $1 and version <= $2', [
      name,
      version - KEPT,
    ])
  })
  return state.length
}

interface VersionRow {
  readonly version: string
  readonly position: string
  readonly saved_at: string
  readonly parts: number
  readonly crc: string
}

const readState = async (
  client: Client,
  name: string,
  row: VersionRow,
): Promise<Buffer | undefined> => {
  const parts: Buffer[] = []
  for (let part = 0; part < row.parts; part++) {
    const { rows } = await client.query<{ bytes: Buffer }>(
      'select bytes from checkpoint_parts where name = $1 and version = $2 and part = $3',
      [name, row.version, part],
    )
    if (rows[0] !== undefined) parts.push(rows[0].bytes)
  }
  const state = Buffer.concat(parts)
  return crc32(state) === Number(row.crc) ? state : undefined
}

/** One snapshot for all its reads: a save that runs meanwhile does not take parts away. */
const load = (
  pool: pg.Pool,
  name: string,
  onDamage: PostgresCheckpointOptions['onDamage'],
): Promise<Checkpoint | undefined> =>
  transact(pool, 'begin isolation level repeatable read read only', async (client) => {
    const { rows } = await client.query<VersionRow>(
      'select * from checkpoint_versions where name = $1 order by version desc',
      [name],
    )
    for (const row of rows) {
      const state = await readState(client, name, row)
      if (state !== undefined)
        return { position: Number(row.position), savedAt: Number(row.saved_at), state }
      onDamage?.(name, Number(row.version))
    }
    return undefined
  })

/** @throws Error when the server cannot be reached or the tables cannot be made */
export const openPostgresCheckpoints = async (
  options: PostgresCheckpointOptions,
): Promise<CheckpointStore> => {
  const pool = openPostgresPool(options, LIMITS)
  try {
    await transact(pool, 'begin', async (client) => {
      await client.query('select pg_advisory_xact_lock($1)', [TABLES_LOCK])
      await client.query(TABLES)
    })
  } catch (error) {
    await pool.end()
    throw error
  }
  return {
    acquire: (name) => acquire(pool, name),
    save: (name, epoch, checkpoint) => save(pool, name, epoch, checkpoint),
    load: (name) => load(pool, name, options.onDamage),
    close: () => pool.end(),
  }
}
