// A missed heartbeat as an alert: the event that a source would have sent.
import type { AlertEvent } from '../../domain/event.ts'
import { hash64 } from '../../domain/hash.ts'
import { HEARTBEAT_SOURCE } from '../../domain/heartbeat.ts'
import type { EventsBatch } from '../../domain/records.ts'
import { isoTime, type Millis } from '../../domain/time.ts'
import type { Beat } from './beat.ts'

export interface Raised {
  readonly beat: Beat
  readonly status: 'firing' | 'resolved'
  readonly at: Millis
}

const summaryOf = ({ definition: { name }, transitions, lastPingAt }: Beat): string => {
  const reason = transitions.at(-1)?.reason
  if (reason === 'failed') return `${name} reports failure`
  if (reason === 'overran') return `${name} has begun and does not end`
  if (lastPingAt === null) return `No sign of life from ${name}, ever`
  return `No sign of life from ${name} since ${isoTime(lastPingAt)}`
}

const eventOf = ({ beat, status, at }: Raised): AlertEvent => {
  const { id, name, severity, labels } = beat.definition
  return {
    id: `${id}.${beat.version}.${status}`,
    fingerprint: hash64(`${HEARTBEAT_SOURCE}\n${id}`),
    status,
    name,
    severity,
    summary: status === 'firing' ? summaryOf(beat) : `${name} is heard of again`,
    labels: { ...labels, heartbeat: id },
    startsAt: at,
    ...(status === 'resolved' ? { endsAt: at } : {}),
  }
}

/** One for each scope: what is missed together is placed together, which costs far less. */
export const alertBatches = (raised: readonly Raised[], now: Millis): EventsBatch[] => {
  const scopes = new Map<string, AlertEvent[]>()
  for (const each of raised) {
    const { scope } = each.beat.definition
    const events = scopes.get(scope)
    if (events === undefined) scopes.set(scope, [eventOf(each)])
    else events.push(eventOf(each))
  }
  return [...scopes].map(([scope, events]) => ({
    kind: 'events',
    receivedAt: now,
    source: HEARTBEAT_SOURCE,
    scope,
    deliveryId: events[0]!.id,
    events,
  }))
}
