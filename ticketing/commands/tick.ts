// Time passes at the desk: what nobody has to do by hand. The runtime appends ticks as commands.
import { and, eq, lt, sql } from 'drizzle-orm'
import { Type } from 'typebox'
import type { CommandRecord } from '../../domain/records.ts'
import type { Millis } from '../../domain/time.ts'
import { SYSTEM_ACTOR, transition } from '../incidents/ticket.ts'
import { commandResults, deadLetters, incidents } from '../store/schema.ts'
import type { Work } from '../work.ts'
import type { Command } from './command.ts'

/** The rest closes with the next tick. */
const CLOSED_PER_TICK_MAX = 500

export const tickCommand = (at: Millis): CommandRecord => ({
  id: `tick-${at}`,
  at,
  actor: SYSTEM_ACTOR,
  action: 'desk.tick',
  target: 'desk',
  body: {},
})

const closeResolved = async (work: Work, at: Millis): Promise<void> => {
  const due = await work.sql
    .select({ id: incidents.id })
    .from(incidents)
    .where(
      and(
        eq(incidents.status, 'resolved'),
        lt(incidents.resolvedAt, at - work.settings.closeAfterMs),
      ),
    )
    .orderBy(incidents.resolvedAt, incidents.id)
    .limit(CLOSED_PER_TICK_MAX)
  await work.incidents.load(due.map(({ id }) => id))
  for (const { id } of due) {
    const row = await work.incidents.get(id)
    // An earlier command of the same batch may have reopened it.
    if (row?.status === 'resolved')
      transition(work, row, { action: 'close', actor: SYSTEM_ACTOR, at, text: 'Closed by itself' })
  }
}

const forget = async (work: Work, at: Millis): Promise<void> => {
  const { commandResultsKeptMs, deadLettersMax } = work.settings
  await work.sql.delete(commandResults).where(lt(commandResults.at, at - commandResultsKeptMs))
  await work.sql.execute(sql`
    delete from ${deadLetters} where id in (
      select id from ${deadLetters} order by at desc, id desc offset ${deadLettersMax}
    )`)
}

export const tick: Command = {
  body: Type.Object({}),
  silent: true,
  async apply(work, { at, target }) {
    await closeResolved(work, at)
    await forget(work, at)
    return { outcome: { kind: 'applied', target } }
  },
}
