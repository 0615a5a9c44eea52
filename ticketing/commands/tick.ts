// Time passes at the desk: what nobody has to do by hand. The runtime appends ticks as commands.
import { and, eq, lt, sql } from 'drizzle-orm'
import { Type } from 'typebox'
import type { CommandRecord } from '../../domain/records.ts'
import { HOUR_MS, type Millis } from '../../domain/time.ts'
import { forgetHeartbeats } from '../heartbeats/correlation.ts'
import { forgetDecisions } from '../incidents/decisions.ts'
import { happen, SYSTEM_ACTOR, transition } from '../incidents/ticket.ts'
import { forgetSilences } from '../mutes/silences.ts'
import { tellWindowsAgain } from '../mutes/windows.ts'
import { forgetSessions } from '../people/credentials.ts'
import { clockIds, dueClocks } from '../sla/ticket.ts'
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
      await transition(work, row, {
        action: 'close',
        actor: SYSTEM_ACTOR,
        at,
        text: 'Closed by itself',
      })
  }
}

const HOURS = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const inHours = (ms: Millis): string => `${HOURS.format(ms / HOUR_MS)} h`

/** Says once that a target is nearly used up, and once that it is. */
const watchServiceLevels = async (work: Work, at: Millis): Promise<void> => {
  const { warn, breach } = await dueClocks(work, at)
  const tickets = [...warn, ...breach].map(({ ticketId }) => ticketId)
  await work.incidents.load(tickets)
  await work.clocks.load(tickets.flatMap(clockIds))
  for (const { id, ticketId, kind, targetMs, policy } of warn) {
    const row = await work.incidents.get(ticketId)
    const clock = await work.clocks.get(id)
    if (row === undefined || clock === undefined || !clock.running || clock.warned) continue
    work.clocks.put({ ...clock, warned: true })
    const team = work.sla.policy(policy)?.escalateTo
    const escalated = team === undefined ? '' : `; escalated to ${team}`
    const text = `The ${kind} target of ${inHours(targetMs)} is nearly used up${escalated}`
    await happen(work, row, { action: `sla-${kind}-warning`, actor: SYSTEM_ACTOR, at, text })
  }
  for (const { id, ticketId, kind, targetMs } of breach) {
    const row = await work.incidents.get(ticketId)
    const clock = await work.clocks.get(id)
    if (row === undefined || clock === undefined || !clock.running || clock.breached) continue
    work.clocks.put({ ...clock, breached: true })
    const text = `The ${kind} target of ${inHours(targetMs)} is breached`
    await happen(work, row, { action: `sla-${kind}-breach`, actor: SYSTEM_ACTOR, at, text })
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
    await watchServiceLevels(work, at)
    await tellWindowsAgain(work, at)
    await forget(work, at)
    await forgetSilences(work, at)
    await forgetHeartbeats(work, at)
    await forgetDecisions(work, at)
    await forgetSessions(work, at)
    return { outcome: { kind: 'applied', target } }
  },
}
