// A Log that counts: how long appends take, what readers have dealt with, and how far they lag.

import { type Log, LogUnavailableError } from '../../domain/ports/log.ts'
import type { ObservedLog } from '../adapters/log-lag.ts'
import type { Metrics } from './metrics.ts'

export const createMeasuredLog = (log: Log, metrics: Metrics): Log => ({
  ...log,
  append: async (topic, partition, entries) => {
    const done = metrics.appendSeconds.startTimer({ topic })
    try {
      return await log.append(topic, partition, entries)
    } catch (error) {
      if (error instanceof LogUnavailableError) metrics.appendErrors.inc({ topic })
      throw error
    } finally {
      done()
    }
  },
  subscribe: (subscription) =>
    log.subscribe({
      ...subscription,
      batch: async (records, end) => {
        const { topic } = records[0]!
        const { group } = subscription
        const done = metrics.batchSeconds.startTimer({ group, topic })
        await subscription.batch(records, end)
        done()
        metrics.records.inc({ group, topic }, records.length)
      },
    }),
})

/** How far each reader lags, and what was lost, as of now: to be called before a scrape. */
export const observeLog = (log: ObservedLog, metrics: Metrics): void => {
  metrics.lag.reset()
  for (const { group, topic, partition, records } of log.lag())
    metrics.lag.set({ group, topic, partition: String(partition) }, records)
  metrics.logLosses.set(log.losses().length)
}
