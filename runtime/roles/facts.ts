// The facts role: every topic into ClickHouse, and the KPIs out of it.
import { setTimeout as pause } from 'node:timers/promises'
import { createFactLoader } from '../../dashboards/loader.ts'
import { reportRoutes } from '../../dashboards/report/routes.ts'
import { kpiRoutes } from '../../dashboards/routes.ts'
import type { FactMetrics } from '../../dashboards/sender.ts'
import { SECOND_MS } from '../../domain/time.ts'
import { openFacts } from '../parts.ts'
import { every } from './every.ts'
import type { Role, RoleContext } from './role.ts'

const GROUP = 'facts'
const FLUSH_EVERY_MS = SECOND_MS

const factMetrics = ({ metrics, logger }: RoleContext): FactMetrics => ({
  inserted: (table, rows) => metrics.factRows.inc({ table }, rows),
  failed: (error) => {
    metrics.storeErrors.inc({ store: 'facts' })
    logger.warn({ err: error }, 'an insert of facts failed and will be repeated')
  },
  refused: (table, error) => {
    metrics.storeErrors.inc({ store: 'facts' })
    logger.error({ err: error, table }, 'a fact was refused and left out')
  },
  poisonRecord: (topic) => metrics.poison.inc({ group: GROUP, topic }),
})

export const startFactsRole = async (context: RoleContext): Promise<Role> => {
  const { config, log, clock, logger, fail } = context
  const facts = await openFacts(config)
  const loader = createFactLoader({
    facts,
    settings: config.facts,
    clock,
    metrics: factMetrics(context),
    pause,
  })
  const subscription = await log.subscribe({
    group: GROUP,
    topics: ['events', 'incidents', 'tickets', 'dead-letters'],
    assigned: loader.start,
    revoked: loader.release,
    batch: loader.load,
    failed: (error) => fail('loading facts', error),
  })
  const flushing = every(
    FLUSH_EVERY_MS,
    () => loader.flush(clock.now()),
    (error) => logger.warn({ err: error }, 'could not flush facts'),
  )
  return {
    name: 'facts',
    check: () => facts.check(),
    deskRoutes: [kpiRoutes({ facts, clock }), reportRoutes({ facts, clock })],
    stop: async () => {
      await flushing.stop()
      // Closing first lets a load that waits for an engine that is away return.
      await loader.close()
      await subscription.stop()
      await facts.close()
    },
  }
}
