// What must be true of a simulated run, whatever went wrong in it.
import { createCorrelator } from '../../correlator/correlator.ts'
import { defaultCorrelatorSettings } from '../../correlator/settings.ts'
import type { LogRecord, Topic } from '../../domain/ports/log.ts'
import {
  type CorrelatorOutput,
  decodeRecord,
  type EventsRecord,
  type IncidentsRecord,
} from '../../domain/records.ts'
import { MINUTE_MS, type Millis } from '../../domain/time.ts'

/** A log that nobody appends to any more. */
export interface StoredTopics {
  stored(topic: Topic): readonly LogRecord[]
}

/** The newest state of every alert, incident and problem, and all that timelines tell. */
type Digest = ReadonlyMap<string, string>

const digestOf = (outputs: readonly CorrelatorOutput[]): Digest => {
  const newest = new Map<string, { version: number; text: string }>()
  const see = (key: string, version: number, value: unknown): void => {
    const known = newest.get(key)
    if (known === undefined || version > known.version)
      newest.set(key, { version, text: JSON.stringify(value) })
  }
  for (const output of outputs) {
    if (output.kind === 'alert') see(`alert ${output.alert.id}`, output.alert.version, output.alert)
    else if (output.kind === 'incident') {
      see(`incident ${output.incident.id}`, output.incident.version, output.incident)
      for (const entry of output.entries) see(`entry ${entry.id}`, 0, entry)
    } else if (output.kind === 'problem')
      see(`problem ${output.problem.id}`, output.problem.version, output.problem)
  }
  return new Map([...newest].sort().map(([key, { text }]) => [key, text]))
}

interface Placed {
  readonly partition: number
  readonly offset: number
  readonly record: EventsRecord
}

const eventsIn = (log: StoredTopics): Placed[] =>
  log.stored('events').map(({ partition, offset, value }) => ({
    partition,
    offset,
    record: decodeRecord('events', value),
  }))

/** In order, each partition by itself. */
const byPartition = (events: readonly Placed[]): Placed[][] =>
  [...new Set(events.map(({ partition }) => partition))].map((index) =>
    events.filter(({ partition }) => partition === index),
  )

/** One life a partition, no faults, over the same log. */
const undisturbed = (events: readonly Placed[]): Digest =>
  digestOf(
    byPartition(events).flatMap((own) => {
      const correlator = createCorrelator(defaultCorrelatorSettings)
      return own.flatMap(({ record, offset }) => correlator.apply(record, offset))
    }),
  )

const told = (log: StoredTopics): Digest =>
  digestOf(
    log
      .stored('incidents')
      .flatMap(({ value }) => (decodeRecord('incidents', value) as IncidentsRecord).outputs),
  )

const differences = (what: string, left: Digest, right: Digest): string[] =>
  [...new Set([...left.keys(), ...right.keys()])]
    .filter((key) => left.get(key) !== right.get(key))
    .map((key) => `${what}: ${key}\n  is  ${left.get(key)}\n  not ${right.get(key)}`)

/** Long enough for what was held back, to be told together, to be told. */
const ALL_TOLD_MS = 10 * MINUTE_MS

const timeOf = (record: EventsRecord): Millis =>
  record.kind === 'events' ? record.receivedAt : record.at

const toTheEnd = (events: readonly Placed[]): readonly Placed[] => {
  const at = Math.max(...events.map(({ record }) => timeOf(record))) + ALL_TOLD_MS
  return byPartition(events).flatMap((own): Placed[] => {
    const { partition, offset } = own.at(-1)!
    return [...own, { partition, offset: offset + 1, record: { kind: 'tick', at } }]
  })
}

/** How often each alert was seen, and with whom it is: what a delivery twice must not change. */
const essence = (digest: Digest): Digest =>
  new Map(
    [...digest].flatMap(([key, text]): [string, string][] => {
      if (!key.startsWith('alert ')) return []
      const { occurrences, status, name, ci } = JSON.parse(text) as Record<string, unknown>
      return [[key, JSON.stringify({ occurrences, status, name, ci })]]
    }),
  )

/** A copy that comes later than the window for replays, by the log's time, is news by the setting. */
const withoutCopies = (events: readonly Placed[]): Placed[] =>
  byPartition(events).flatMap(withoutCopiesOfOne)

const withoutCopiesOfOne = (events: readonly Placed[]): Placed[] => {
  const seen = new Map<string, Millis>()
  let now = 0
  return events.filter(({ record }) => {
    now = Math.max(now, timeOf(record))
    if (record.kind !== 'events') return true
    const first = seen.get(record.deliveryId)
    if (first !== undefined) return now - first > defaultCorrelatorSettings.replayWindowMs
    seen.set(record.deliveryId, now)
    return true
  })
}

export interface Acknowledged {
  readonly deliveryId: string
  readonly accepted: number
}

/** A delivery of several scopes is several records: `id`, `id/1`, `id/2`. */
const keptOf = (events: readonly Placed[]): ReadonlyMap<string, number> => {
  const records = new Map<string, number>()
  for (const { record } of events)
    if (record.kind === 'events') {
      const { deliveryId, events: of } = record
      records.set(deliveryId, Math.max(records.get(deliveryId) ?? 0, of.length))
    }
  const kept = new Map<string, number>()
  for (const [id, count] of records) {
    const delivery = id.split('/')[0]!
    kept.set(delivery, (kept.get(delivery) ?? 0) + count)
  }
  return kept
}

/** @returns the rules that were broken, each with what broke it */
export const violations = (log: StoredTopics, acknowledged: readonly Acknowledged[]): string[] => {
  const events = eventsIn(log)
  const kept = keptOf(events)
  const lost = acknowledged
    .filter(({ deliveryId, accepted }) => (kept.get(deliveryId) ?? 0) < accepted)
    .map(({ deliveryId }) => `an acknowledged delivery is not in the log: ${deliveryId}`)
  const calm = undisturbed(events)
  return [
    ...lost,
    ...differences('told is what an undisturbed run tells', told(log), calm),
    ...differences(
      'a delivery twice counts once',
      essence(undisturbed(toTheEnd(events))),
      essence(undisturbed(toTheEnd(withoutCopies(events)))),
    ),
  ]
}
