// What the correlator says of heartbeats, applied to their rows.
import { and, eq, inArray, lt, sql } from 'drizzle-orm'
import type { CorrelatorOutput } from '../../domain/records.ts'
import { DAY_MS, type Millis } from '../../domain/time.ts'
import { insertRows } from '../store/database.ts'
import type { Work } from '../work.ts'
import { newRow, slugOf } from './commands.ts'
import { PINGS_KEPT, TRANSITIONS_KEPT_MS } from './limits.ts'
import { type HeartbeatRow, heartbeatPings, heartbeats, heartbeatTransitions } from './tables.ts'

export type HeartbeatOutput = Extract<CorrelatorOutput, { kind: 'heartbeat' }>

/** The row; where the correlator has made a heartbeat of a Watchdog, a new one. */
const rowOf = async (
  work: Work,
  { heartbeat }: HeartbeatOutput,
): Promise<HeartbeatRow | undefined> => {
  const row = await work.heartbeats.get(heartbeat.id)
  const { definition, since, id } = heartbeat
  if (row !== undefined && (!row.deleted || definition === undefined)) return row
  if (definition === undefined) return undefined
  if (row !== undefined)
    return heartbeat.version > row.stateVersion ? { ...row, deleted: false } : row
  // The id makes the slug its own, whatever else is called alike.
  const slug = `${slugOf(definition.name).slice(0, 60)}-${id.slice(-8)}`
  return newRow(definition, { uuid: null, slug, createdAt: since, createdBy: 'correlator' })
}

/** All heartbeat outputs of a batch, oldest first; what is not newer than what is there changes nothing. */
export const applyHeartbeats = async (
  work: Work,
  outputs: readonly HeartbeatOutput[],
): Promise<void> => {
  if (outputs.length === 0) return
  await work.heartbeats.load(outputs.map(({ heartbeat }) => heartbeat.id))
  const pings = new Map<string, typeof heartbeatPings.$inferInsert>()
  const transitions: (typeof heartbeatTransitions.$inferInsert)[] = []
  for (const output of outputs) {
    const { heartbeat } = output
    const row = await rowOf(work, output)
    if (row === undefined || row.deleted || heartbeat.version <= row.stateVersion) continue
    work.heartbeats.put({
      ...row,
      status: heartbeat.status,
      state: heartbeat,
      stateVersion: heartbeat.version,
      // From now on pings may name it by its slug.
      change: row.state === null ? 0 : row.change,
    })
    for (const ping of output.pings) {
      const slot = ping.number % PINGS_KEPT
      pings.set(`${row.id} ${slot}`, { heartbeatId: row.id, slot, number: ping.number, body: ping })
    }
    for (const transition of output.transitions)
      transitions.push({ heartbeatId: row.id, ...transition })
  }
  await insertRows(work.sql, heartbeatPings, [...pings.values()], {
    replaceBy: [heartbeatPings.heartbeatId, heartbeatPings.slot],
    where: sql`excluded.number > ${heartbeatPings.number}`,
  })
  await insertRows(work.sql, heartbeatTransitions, transitions, 'keep')
}

/** Old transitions; and deleted heartbeats, once no edge can think that they are there. */
export const forgetHeartbeats = async (work: Work, at: Millis): Promise<void> => {
  const { sql: tx } = work
  await tx.delete(heartbeatTransitions).where(lt(heartbeatTransitions.at, at - TRANSITIONS_KEPT_MS))
  const gone = tx
    .delete(heartbeats)
    .where(and(eq(heartbeats.deleted, true), lt(heartbeats.stateVersion, at - DAY_MS)))
    .returning({ id: heartbeats.id })
  const ids = (await gone).map(({ id }) => id)
  if (ids.length === 0) return
  await tx.delete(heartbeatPings).where(inArray(heartbeatPings.heartbeatId, ids))
  await tx.delete(heartbeatTransitions).where(inArray(heartbeatTransitions.heartbeatId, ids))
}
