// FAULTS 25: three times what the log takes, for ten minutes of a virtual clock.
import { expect, test } from 'vitest'
import type { Log } from '../domain/ports/log.ts'
import { decodeRecord } from '../domain/records.ts'
import { createMemoryLog } from '../domain/testing/memory-log.ts'
import { MINUTE_MS, type Millis, SECOND_MS } from '../domain/time.ts'
import { createIntake } from './intake.ts'
import { defaultIngestSettings } from './settings.ts'
import { NOW } from './testing/edge.ts'

const STEP_MS = 100
const LASTS_MS = 10 * MINUTE_MS
/** What the log takes. */
const ALERTS_PER_DELIVERY = 4
const DELIVERIES_PER_SECOND = 10
/** What may wait: at this rate four seconds' worth. */
const ROOM_SECONDS = 4

const KINDS = ['info', 'warning', 'error', 'critical', 'resolved'] as const
type Kind = (typeof KINDS)[number]

const bodyOf = (kind: Kind, sequence: number): Buffer => {
  const alerts = Array.from({ length: ALERTS_PER_DELIVERY }, (_, index) => ({
    name: 'Overload',
    // Of one length whatever it is, so that all weigh the same.
    severity: kind === 'resolved' ? 'critical' : kind,
    status: kind === 'resolved' ? 'resolved' : 'firing',
    summary: `${kind} ${sequence}`.padEnd(40),
    labels: { host: `host-${(sequence + index) % 100}` },
  }))
  return Buffer.from(JSON.stringify(alerts).padEnd(900))
}

const BODY_BYTES = bodyOf('info', 1).length

/** Takes one delivery after the other, each in its time, and is durable with it. */
const createSlowLog = () => {
  const memory = createMemoryLog(1)
  const waiting: (() => void)[] = []
  let credit = 0
  const log: Log = {
    ...memory,
    append: async (topic, partition, entries) => {
      await new Promise<void>((resolve) => waiting.push(resolve))
      return memory.append(topic, partition, entries)
    },
  }
  return {
    log,
    memory,
    pass(ms: Millis) {
      credit += (ms / SECOND_MS) * DELIVERIES_PER_SECOND
      while (credit >= 1 && waiting.length > 0) {
        credit -= 1
        waiting.shift()!()
      }
      credit = Math.min(credit, 1)
    },
  }
}

/** @param load arrivals as a multiple of what the log takes */
const live = async (load: number) => {
  const { log, memory, pass } = createSlowLog()
  let now = NOW
  const refusals = new Map<string, number>()
  const intake = createIntake({
    log,
    clock: { now: () => now },
    settings: {
      ...defaultIngestSettings,
      limits: {
        ...defaultIngestSettings.limits,
        waitingBytesMax: ROOM_SECONDS * DELIVERIES_PER_SECOND * BODY_BYTES,
      },
    },
    metrics: {
      delivery: () => {},
      accepted: () => {},
      refused: (_, reason, items) => refusals.set(reason, (refusals.get(reason) ?? 0) + items),
    },
  })
  const waitedMs: number[] = []
  const sent = new Map<Kind, number>()
  const taken = new Map<Kind, number>()
  const more = (counts: Map<Kind, number>, kind: Kind) =>
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const send = async (sequence: number): Promise<void> => {
    const kind = KINDS[sequence % KINDS.length]!
    const came = now
    more(sent, kind)
    const body = bodyOf(kind, sequence)
    const result = await intake.take({ source: 'native', body, contentType: 'application/json' })
    if (result.kind === 'taken') {
      more(taken, kind)
      waitedMs.push(now - came)
      return
    }
    expect(result).toMatchObject({ status: 503, retryAfterSeconds: expect.any(Number) })
  }
  let sequence = 0
  for (const end = NOW + LASTS_MS; now < end; now += STEP_MS) {
    const due = ((now - NOW) / SECOND_MS) * DELIVERIES_PER_SECOND * load
    while (sequence < due) void send(sequence++)
    pass(STEP_MS)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const durable = memory.stored('events', 0).reduce((sum, { value }) => {
    const record = decodeRecord('events', value)
    return sum + (record.kind === 'events' ? record.events.length : 0)
  }, 0)
  const rate = (kind: Kind) => (taken.get(kind) ?? 0) / sent.get(kind)!
  return { waitedMs: waitedMs.sort((a, b) => a - b), refusals, durable, sequence, rate, taken }
}

test('FAULTS 25: at three times the capacity goodput, waiting and order of shedding hold', async () => {
  const peak = await live(1)
  const overload = await live(3)
  expect(peak.refusals.size).toBe(0)
  expect(overload.durable).toBeGreaterThanOrEqual(0.9 * peak.durable)
  const p99 = overload.waitedMs[Math.floor(0.99 * overload.waitedMs.length)]!
  expect(p99).toBeLessThanOrEqual(ROOM_SECONDS * SECOND_MS + STEP_MS)

  // Two fifths of three times the capacity are more than it by a fifth: those are served, the
  // others give way to them, the least important first.
  const [info, warning, error, critical, resolved] = KINDS.map(overload.rate)
  expect(info).toBeLessThanOrEqual(warning!)
  expect(warning).toBeLessThanOrEqual(error!)
  expect(error).toBeLessThan(Math.min(critical!, resolved!))
  expect(info).toBeLessThan(0.05)
  expect((critical! + resolved!) / 2).toBeGreaterThan(0.8)

  const taken = [...overload.taken.values()].reduce((sum, count) => sum + count, 0)
  expect(overload.durable).toBe(taken * ALERTS_PER_DELIVERY)
  const items = overload.refusals.get('shed')! / ALERTS_PER_DELIVERY
  const untold = overload.sequence - taken - items - overload.refusals.get('overloaded')!
  // What still waits for the log at the end has been told nothing yet.
  expect(untold).toBeGreaterThanOrEqual(0)
  expect(untold).toBeLessThanOrEqual(ROOM_SECONDS * DELIVERIES_PER_SECOND)
})
