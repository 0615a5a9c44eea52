// The ticketing role: the desk as a projection of the log, its API, and what it decided brought on.

import { randomUUID } from 'node:crypto'
import { reportRoutes } from '../../dashboards/report/routes.ts'
import { kpiRoutes } from '../../dashboards/routes.ts'
import type { Facts } from '../../domain/ports/facts.ts'
import { type CommandRecord, encodeRecord, partitionOfScope } from '../../domain/records.ts'
import { MINUTE_MS, type Millis, SECOND_MS } from '../../domain/time.ts'
import { deskRoutes } from '../../ticketing/api/routes.ts'
import type { AppliedCommand } from '../../ticketing/commands/apply.ts'
import { createCommandGate } from '../../ticketing/commands/gate.ts'
import { tickCommand } from '../../ticketing/commands/tick.ts'
import { createDesk, DESK_TOPICS } from '../../ticketing/desk.ts'
import type { DeskTopic } from '../../ticketing/records.ts'
import { openDesk, openFacts } from '../parts.ts'
import { consume } from './consume.ts'
import { customerRoutes } from './customers.ts'
import { every } from './every.ts'
import { openIntegrations } from './integrations.ts'
import { startOutgoing } from './outgoing.ts'
import { openPeople } from './people.ts'
import { retrying, STORE_RETRY } from './retry.ts'
import type { Role, RoleContext } from './role.ts'

const DESK_TICK_PARTITION = 0

/** What a crash left in the outbox, or what the log could not take, is tried again this often. */
const OUTBOX_EVERY_MS = 2 * SECOND_MS

const after = (delayMs: Millis, call: () => void): (() => void) => {
  const timer = setTimeout(call, delayMs)
  return () => clearTimeout(timer)
}

const appendTo =
  ({ log }: RoleContext) =>
  async (command: CommandRecord): Promise<void> => {
    const partition = partitionOfScope(command.target, await log.partitions('commands'))
    await log.append('commands', partition, [{ value: encodeRecord('commands', command) }])
  }

/** Calls follow one another, whoever makes them; one that fails does not stop the next. */
const inTurn = (task: () => Promise<void>): (() => Promise<void>) => {
  let last: Promise<void> = Promise.resolve()
  return () => {
    last = last.then(task, task)
    return last
  }
}

/** Closing, service levels and forgetting need time to pass; by the log, so that a replay agrees. */
const tellTheTime = async ({ log, clock }: RoleContext, told: Millis): Promise<Millis> => {
  const minute = Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS
  if (minute <= told) return told
  // Named by the minute: processes that tell it twice tell it once.
  const value = encodeRecord('commands', tickCommand(minute))
  await log.append('commands', DESK_TICK_PARTITION, [{ value }])
  return minute
}

/** The console asks the desk for its KPIs too, also where another process loads the facts. */
const openKpis = async ({ config, roles }: RoleContext): Promise<Facts | undefined> =>
  config.clickhouse === undefined || roles.includes('facts') ? undefined : openFacts(config)

export const startTicketingRole = async (context: RoleContext): Promise<Role> => {
  const { log, clock, metrics, logger } = context
  const database = await openDesk(context.config, logger)
  const desk = createDesk({ database, settings: context.config.desk })
  context.pingDoor?.directory.connect(desk.queries)
  const append = appendTo(context)
  const gate = createCommandGate({ append, result: desk.result, after })
  const applied: AppliedCommand[] = []
  desk.onApplied((commands) => applied.push(...commands))
  const kpis = await openKpis(context)

  const storeFailed = (error: Error): void => {
    metrics.storeErrors.inc({ store: 'desk' })
    logger.warn({ err: error }, 'the desk store did not answer and will be tried again')
  }

  // One at a time: two that read the outbox at once would both publish what they find.
  const publish = inTurn(async () => {
    await desk.publishOutbox(log)
  })

  const subscription = await consume<unknown>(context, {
    group: 'ticketing',
    topics: DESK_TOPICS,
    assigned: (topic, partition) =>
      retrying(STORE_RETRY, () => desk.position(topic as DeskTopic, partition), storeFailed),
    apply: async (records, { topic, partition, next }) => {
      const place = { topic: topic as DeskTopic, partition, next }
      const refused = await retrying(STORE_RETRY, () => desk.apply(place, records), storeFailed)
      // The desk has them in its outbox already; those about dead letters are only logged.
      for (const letter of refused) logger.error({ letter }, 'the desk refused a record')
      // Answers follow what was decided into the log: an event sent after an answer comes after it.
      await publish().finally(() => gate.applied(applied.splice(0)))
    },
  })
  let told = 0
  const ticking = every(
    context.config.tickMs,
    async () => {
      told = await tellTheTime(context, told)
    },
    (error) => logger.warn({ err: error }, 'could not tell the desk the time'),
  )
  const publishing = every(OUTBOX_EVERY_MS, publish, (error) =>
    logger.warn({ err: error }, 'could not publish what the desk decided'),
  )

  const outgoing = startOutgoing(context, desk, append)
  const routes = { desk, submit: gate.submit, clock, newId: randomUUID, after }
  const { people, routes: ofPeople } = openPeople(context, desk, routes, append)
  const integrations = await openIntegrations(context, database, desk, routes)

  const customers = customerRoutes(context, routes)

  return {
    name: 'ticketing',
    check: () => desk.check(),
    people,
    deskRoutes: [
      deskRoutes(routes),
      ...customers.deskRoutes,
      ...ofPeople,
      integrations,
      ...(kpis === undefined
        ? []
        : [kpiRoutes({ facts: kpis, clock }), reportRoutes({ facts: kpis, clock })]),
    ],
    publicRoutes: customers.publicRoutes,
    stop: async () => {
      await ticking.stop()
      await publishing.stop()
      await outgoing.stop()
      await subscription.stop()
      await database.close()
      await kpis?.close()
    },
  }
}
