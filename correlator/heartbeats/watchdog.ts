// Prometheus' Watchdog: an alert that always fires is no alert but a sign of life.
import type { AlertEvent, Labels } from '../../domain/event.ts'
import { hash64 } from '../../domain/hash.ts'
import type { HeartbeatDefinition } from '../../domain/heartbeat.ts'
import type { EventsBatch } from '../../domain/records.ts'
import { MINUTE_MS } from '../../domain/time.ts'
import type { HeartbeatSettings } from './settings.ts'

export const watchdogId = ({ scope, source }: EventsBatch, { fingerprint }: AlertEvent): string =>
  `watchdog-${hash64(JSON.stringify([scope, source, fingerprint]))}`

/** Speaks for the alerts of its source that share the labels by which Prometheus names itself. */
export const watchdogDefinition = (
  batch: EventsBatch,
  event: AlertEvent,
  settings: HeartbeatSettings,
): HeartbeatDefinition => {
  const labels: Labels = {}
  for (const name of settings.watchdogLabels)
    if (event.labels[name] !== undefined) labels[name] = event.labels[name]
  const whose = Object.values(labels).join(' ')
  const lastsMs = event.endsAt === undefined ? undefined : event.endsAt - batch.receivedAt
  return {
    id: watchdogId(batch, event),
    name: `${batch.source}${whose === '' ? '' : ` ${whose}`} silent`,
    scope: batch.scope,
    schedule: {
      kind: 'period',
      periodMs: lastsMs === undefined ? settings.watchdogPeriodMs : Math.max(lastsMs, MINUTE_MS),
    },
    graceMs: settings.watchdogGraceMs,
    severity: 'critical',
    labels,
    manualResume: false,
    postOnly: false,
    source: { name: batch.source, labels, deliveries: false },
  }
}
