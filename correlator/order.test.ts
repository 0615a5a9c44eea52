// Arrival order, doubled deliveries, batch cuts, crashes: none of them changes an incident.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AlertEvent } from '../domain/event.ts'
import type { EventsRecord } from '../domain/records.ts'
import { MINUTE_MS, SECOND_MS } from '../domain/time.ts'
import { createCorrelator, restoreCorrelator } from './correlator.ts'
import { defaultCorrelatorSettings } from './settings.ts'
import { batchOf, createWorld, START, topologyOf } from './testing/scenario.ts'

const TOPOLOGY = topologyOf(`
  web depends_on api
  shop depends_on api
  api depends_on db
  api depends_on queue
  report depends_on queue
  db runs_on host-1
  queue runs_on host-2
`)
const CIS = ['web', 'shop', 'api', 'db', 'queue', 'report', 'host-1', 'host-2', 'unknown-1']
const TYPES = ['ErrorRateHigh', 'LatencyHigh', 'DiskFull', 'BackupLate']
const LATENESS_MS = 2 * MINUTE_MS

interface Firing {
  readonly ci: string
  readonly type: string
  readonly beganS: number
  readonly lastsS: number | undefined
}

/** Half an hour of an estate: conditions that begin, and mostly end. */
const firings = fc.array(
  fc.record<Firing>({
    ci: fc.constantFrom(...CIS),
    type: fc.constantFrom(...TYPES),
    beganS: fc.integer({ min: 0, max: 1_800 }),
    lastsS: fc.option(fc.integer({ min: 20, max: 900 }), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 40 },
)

interface Sent {
  readonly sentAt: number
  readonly event: AlertEvent
}

const sentOf = (list: readonly Firing[]): Sent[] => {
  const sent: Sent[] = []
  const endedAt = new Map<string, number>()
  for (const { ci, type, beganS, lastsS } of [...list].sort((a, b) => a.beganS - b.beganS)) {
    const startsAt = START + beganS * SECOND_MS
    // One condition cannot begin again before it has ended.
    const busyUntil = endedAt.get(`${type}@${ci}`) ?? 0
    if (startsAt <= busyUntil) continue
    endedAt.set(
      `${type}@${ci}`,
      lastsS === undefined ? Number.POSITIVE_INFINITY : startsAt + lastsS * SECOND_MS,
    )
    const event: AlertEvent = {
      id: `${type}${ci}${beganS}f`,
      fingerprint: `${type}@${ci}`,
      status: 'firing',
      name: type,
      severity: 'error',
      summary: `${type} on ${ci}`,
      labels: { service: ci },
      startsAt,
    }
    sent.push({ sentAt: startsAt, event })
    if (lastsS === undefined) continue
    const endsAt = startsAt + lastsS * SECOND_MS
    sent.push({
      sentAt: endsAt,
      event: { ...event, id: `${event.id}r`, status: 'resolved', endsAt },
    })
  }
  return sent.sort((a, b) => a.sentAt - b.sentAt || (a.event.id < b.event.id ? -1 : 1))
}

interface Arrival {
  readonly at: number
  readonly event: AlertEvent
}

const recordsFrom = (arrivals: readonly Arrival[], perBatch: number): EventsRecord[] => {
  const records: EventsRecord[] = [{ kind: 'topology', at: START, topology: TOPOLOGY }]
  for (let i = 0; i < arrivals.length; i += perBatch) {
    const batch = arrivals.slice(i, i + perBatch)
    records.push(
      batchOf(
        batch.at(-1)!.at,
        batch.map(({ event }) => event),
      ),
    )
  }
  for (let minute = 1; minute <= 120; minute++)
    records.push({ kind: 'tick', at: START + (45 + minute) * MINUTE_MS })
  return records
}

/** What is left when everything is over: who was with whom, and how it ended. */
const outcome = (records: readonly EventsRecord[]): string[] => {
  const correlator = createCorrelator(defaultCorrelatorSettings)
  const world = createWorld()
  for (const [offset, record] of records.entries()) world.hear(correlator.apply(record, offset))
  return world.summary()
}

const linesOf = (snapshot: Uint8Array): unknown[] =>
  new TextDecoder()
    .decode(snapshot)
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line))

const inOrder = (sent: readonly Sent[]): Arrival[] =>
  sent.map(({ sentAt, event }) => ({ at: sentAt + SECOND_MS, event }))

const late = (sent: readonly Sent[], delays: readonly number[]): Arrival[] =>
  sent
    .map(({ sentAt, event }, i) => ({ at: sentAt + (delays[i % delays.length] ?? 0), event }))
    .sort((a, b) => a.at - b.at)

const delays = fc.array(fc.integer({ min: SECOND_MS, max: LATENESS_MS }), {
  minLength: 7,
  maxLength: 31,
})

describe('the order of arrival', () => {
  test('shuffling within the lateness bound changes no incident', () => {
    fc.assert(
      fc.property(firings, delays, (list, delayed) => {
        const sent = sentOf(list)
        expect(outcome(recordsFrom(late(sent, delayed), 1))).toEqual(
          outcome(recordsFrom(inOrder(sent), 1)),
        )
      }),
      { numRuns: 200 },
    )
  })

  test('doubling deliveries changes no incident', () => {
    fc.assert(
      fc.property(firings, delays, (list, delayed) => {
        const sent = sentOf(list)
        const doubled = [...inOrder(sent), ...late(sent, delayed)].sort((a, b) => a.at - b.at)
        expect(outcome(recordsFrom(doubled, 1))).toEqual(outcome(recordsFrom(inOrder(sent), 1)))
      }),
      { numRuns: 80 },
    )
  })

  test('cutting the batches elsewhere changes no incident', () => {
    fc.assert(
      fc.property(firings, fc.integer({ min: 2, max: 9 }), (list, perBatch) => {
        // A batch is received as one: only events of one moment may be cut differently.
        const together = sentOf(list).map(({ sentAt, event }) => ({
          at: Math.ceil(sentAt / MINUTE_MS) * MINUTE_MS,
          event,
        }))
        const byMinute = new Map<number, Arrival[]>()
        for (const arrival of together)
          byMinute.set(arrival.at, [...(byMinute.get(arrival.at) ?? []), arrival])
        const cut = [...byMinute.values()].flatMap((group) =>
          recordsFrom(group, perBatch).slice(1, -120),
        )
        const whole = recordsFrom(together, 1)
        const [topology] = whole
        expect(outcome([topology!, ...cut, ...whole.slice(-120)])).toEqual(outcome(whole))
      }),
      { numRuns: 80 },
    )
  })
})

describe('crashes', () => {
  test('the same log gives the same outputs, byte for byte', () => {
    fc.assert(
      fc.property(firings, (list) => {
        const records = recordsFrom(inOrder(sentOf(list)), 3)
        const run = (): string => {
          const correlator = createCorrelator(defaultCorrelatorSettings)
          return JSON.stringify(records.map((record, offset) => correlator.apply(record, offset)))
        }
        expect(run()).toBe(run())
      }),
      { numRuns: 30 },
    )
  })

  test('a snapshot at any position and the rest of the log equal the undisturbed run', () => {
    fc.assert(
      fc.property(firings, delays, fc.nat(), (list, delayed, at) => {
        const records = recordsFrom(late(sentOf(list), delayed), 2)
        const cut = at % records.length
        const whole = createCorrelator(defaultCorrelatorSettings)
        const expected = records.map((record, offset) => whole.apply(record, offset))
        const before = createCorrelator(defaultCorrelatorSettings)
        records.slice(0, cut).forEach((record, offset) => void before.apply(record, offset))
        const after = restoreCorrelator(before.snapshot(), defaultCorrelatorSettings)
        expect(after.position()).toBe(cut)
        const rest = records.slice(cut).map((record, i) => after.apply(record, cut + i))
        expect(rest).toEqual(expected.slice(cut))
        expect(linesOf(after.snapshot())).toEqual(linesOf(whole.snapshot()))
      }),
      { numRuns: 120 },
    )
  })

  test('a snapshot written out while records are applied is of the moment when it was asked for', () => {
    fc.assert(
      fc.property(firings, delays, fc.nat(), (list, delayed, at) => {
        const records = recordsFrom(late(sentOf(list), delayed), 2)
        const cut = at % records.length
        const correlator = createCorrelator(defaultCorrelatorSettings)
        records.slice(0, cut).forEach((record, offset) => void correlator.apply(record, offset))
        const atOnce = correlator.snapshot()
        const chunks = correlator.snapshotInChunks()
        records.slice(cut).forEach((record, i) => void correlator.apply(record, cut + i))
        expect(linesOf(Buffer.concat([...chunks]))).toEqual(linesOf(atOnce))
      }),
      { numRuns: 120 },
    )
  })

  test('a record applied twice does nothing the second time', () => {
    const correlator = createCorrelator(defaultCorrelatorSettings)
    const record = recordsFrom(
      inOrder(sentOf([{ ci: 'db', type: 'DiskFull', beganS: 1, lastsS: undefined }])),
      1,
    )[1]!
    expect(correlator.apply(record, 0)).not.toEqual([])
    expect(correlator.apply(record, 0)).toEqual([])
  })
})
