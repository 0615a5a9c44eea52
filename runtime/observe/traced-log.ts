// A Log that carries traces: appends inherit the active span, and readers continue it.
import type { Span } from '@opentelemetry/api'
import type { Log, LogRecord } from '../../domain/ports/log.ts'
import { SpanKind, startSpan, traceHeaders } from './tracing.ts'

/** A batch may hold thousands of traced records; so many get a span of their own. */
const SPANS_PER_BATCH_MAX = 64

const spansOf = (group: string, records: readonly LogRecord[]): Span[] =>
  records
    .filter((record) => record.headers.traceparent !== undefined)
    .slice(0, SPANS_PER_BATCH_MAX)
    .map((record) => {
      const span = startSpan(`${group} process ${record.topic}`, SpanKind.CONSUMER, record.headers)
      span.setAttribute('messaging.destination.name', record.topic)
      span.setAttribute('messaging.destination.partition.id', String(record.partition))
      span.setAttribute('messaging.kafka.offset', record.offset)
      return span
    })

export const createTracedLog = (log: Log): Log => ({
  ...log,
  append: (topic, partition, entries) => {
    const headers = traceHeaders()
    if (headers.traceparent === undefined) return log.append(topic, partition, entries)
    const traced = entries.map((entry) => ({
      ...entry,
      headers: { ...headers, ...entry.headers },
    }))
    return log.append(topic, partition, traced)
  },
  subscribe: (subscription) =>
    log.subscribe({
      ...subscription,
      batch: async (records, end) => {
        const spans = spansOf(subscription.group, records)
        try {
          await subscription.batch(records, end)
        } finally {
          for (const span of spans) span.end()
        }
      },
    }),
})
