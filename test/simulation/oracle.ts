// What must be true of a simulated run, whatever went wrong in it.
import { createCorrelator } from '../../correlator/correlator.ts'
import { defaultCorrelatorSettings } from '../../correlator/settings.ts'
import {
  type CorrelatorOutput,
  decodeRecord,
  type EventsRecord,
  type IncidentsRecord,
} from '../../domain/records.ts'
import { MINUTE_MS } from '../../domain/time.ts'
import type { SimulatedLog } from './log.ts'

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

const eventsIn = (log: SimulatedLog): EventsRecord[] =>
  log.stored('events').map(({ value }) => decodeRecord('events', value))

/** One life, no faults, over the same log. */
const undisturbed = (records: readonly EventsRecord[]): Digest => {
  const correlator = createCorrelator(defaultCorrelatorSettings)
  return digestOf(records.flatMap((record, offset) => correlator.apply(record, offset)))
}

const told = (log: SimulatedLog): Digest =>
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

const toTheEnd = (records: readonly EventsRecord[]): readonly EventsRecord[] => {
  const last = Math.max(
    ...records.map((each) => (each.kind === 'events' ? each.receivedAt : each.at)),
  )
  return [...records, { kind: 'tick', at: last + ALL_TOLD_MS }]
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

const withoutCopies = (records: readonly EventsRecord[]): EventsRecord[] => {
  const seen = new Set<string>()
  return records.filter((record) => {
    if (record.kind !== 'events') return true
    if (seen.has(record.deliveryId)) return false
    seen.add(record.deliveryId)
    return true
  })
}

export interface Acknowledged {
  readonly deliveryId: string
  readonly accepted: number
}

/** @returns the rules that were broken, each with what broke it */
export const violations = (log: SimulatedLog, acknowledged: readonly Acknowledged[]): string[] => {
  const records = eventsIn(log)
  const events = new Map<string, number>()
  for (const record of records)
    if (record.kind === 'events')
      events.set(
        record.deliveryId,
        Math.max(events.get(record.deliveryId) ?? 0, record.events.length),
      )
  const lost = acknowledged
    .filter(({ deliveryId, accepted }) => (events.get(deliveryId) ?? 0) < accepted)
    .map(({ deliveryId }) => `an acknowledged delivery is not in the log: ${deliveryId}`)
  const calm = undisturbed(records)
  return [
    ...lost,
    ...differences('told is what an undisturbed run tells', told(log), calm),
    ...differences(
      'a delivery twice counts once',
      essence(undisturbed(toTheEnd(records))),
      essence(undisturbed(toTheEnd(withoutCopies(records)))),
    ),
  ]
}
