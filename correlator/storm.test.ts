// Storm mode: a flood of one type ends as one incident, told with a sample and exact counts.
import { describe, expect, test } from 'vitest'
import type { AlertEvent } from '../domain/event.ts'
import type { Incident } from '../domain/incident.ts'
import type { CorrelatorOutput, EventsRecord } from '../domain/records.ts'
import { MINUTE_MS, SECOND_MS } from '../domain/time.ts'
import { createCorrelator } from './correlator.ts'
import { defaultCorrelatorSettings } from './settings.ts'
import { batchOf, createWorld, START } from './testing/scenario.ts'

const event = (i: number, startsAt: number, name: string): AlertEvent => ({
  id: `event-${i}`,
  fingerprint: `fingerprint-${i}`,
  status: 'firing',
  name,
  severity: 'error',
  summary: `${name} on node ${i}`,
  labels: { instance: `node-${i}:9100` },
  startsAt,
})

/** `count` alerts of one type, each on a CI of its own, evenly over the span. */
const flood = (count: number, overMs: number, name = 'LinkDown', from = START): EventsRecord[] => {
  const perBatch = 100
  const records: EventsRecord[] = []
  for (let i = 0; i < count; i += perBatch) {
    const now = from + Math.floor((i / count) * overMs)
    const size = Math.min(perBatch, count - i)
    records.push(
      batchOf(
        now + SECOND_MS,
        Array.from({ length: size }, (_, k) => event(from + i + k, now, name)),
      ),
    )
  }
  return records
}

const run = (records: readonly EventsRecord[], onFolded?: (alertId: string) => void) => {
  const world = createWorld()
  const correlator = createCorrelator(
    defaultCorrelatorSettings,
    onFolded === undefined ? {} : { onFolded },
  )
  for (const [offset, record] of records.entries()) world.hear(correlator.apply(record, offset))
  return { world, correlator }
}

describe('FAULTS 20: a storm of one type, each alert with labels of its own', () => {
  test('ends as one incident with exact counts and a sample', () => {
    const folded = new Set<string>()
    const { world } = run(
      [...flood(20_000, 2 * MINUTE_MS), { kind: 'tick', at: START + 3 * MINUTE_MS }],
      (alertId) => folded.add(alertId),
    )
    const open = [...world.incidents.values()].filter(({ status }) => status === 'open')
    expect(open).toHaveLength(1)
    expect(open[0]?.alertCount).toBe(20_000)
    const told = world.alerts.size
    expect(told).toBeLessThanOrEqual(defaultCorrelatorSettings.incidentSampleMax)
    expect(folded.size).toBe(20_000 - told)
  })

  test('is said on the incident while it lasts, and ends by itself', () => {
    const { world } = run(flood(5_000, 30 * SECOND_MS))
    const during = [...world.incidents.values()].find(({ status }) => status === 'open')
    expect(during?.storm?.collapsedAlerts).toBeGreaterThan(4_000)
    const { world: later } = run([
      ...flood(5_000, 30 * SECOND_MS),
      { kind: 'tick', at: START + 3 * MINUTE_MS },
    ])
    const after = [...later.incidents.values()].find(({ status }) => status === 'open')
    expect(after?.storm).toBeUndefined()
    expect(later.entries.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['storm-began', 'storm-ended']),
    )
  })

  test('keeps what is told bounded', () => {
    const { world } = run(flood(20_000, 2 * MINUTE_MS))
    expect(world.outputs.length).toBeLessThan(2_500)
  })

  test('does not swallow another type that comes meanwhile', () => {
    const { world } = run([
      ...flood(2_000, 30 * SECOND_MS),
      batchOf(START + 40 * SECOND_MS, [event(1, START + 39 * SECOND_MS, 'DiskFull')]),
    ])
    expect(world.summary().filter((line) => line.includes('DiskFull'))).toEqual([
      'DiskFull@node-1 | open',
    ])
  })
})

test.each([
  ['of a type of its own', (group: number) => `Trouble${group}`, 12],
  ['all of one type', () => 'HostDown', 9],
])(
  'FAULTS 24: groups of 100 alerts, all begun in one instant, %s: no splinters',
  (_, nameOf, most) => {
    const groups = Array.from({ length: 12 }, (_, group) =>
      batchOf(
        START + 10 * group,
        Array.from({ length: 100 }, (_, i) => ({
          ...event(100 * group + i, START, nameOf(group)),
          labels: { service: `service-${group}`, instance: `node-${group}-${i}:9100` },
        })),
      ),
    )
    const { world } = run([...groups, { kind: 'tick', at: START + MINUTE_MS }])
    // Each that was ever open is a notification.
    const opened = world.outputs.flatMap((output) =>
      output.kind === 'incident' && output.incident.status === 'open' ? [output.incident.id] : [],
    )
    expect(new Set(opened).size).toBeLessThanOrEqual(most)
    const open = [...world.incidents.values()].filter(({ status }) => status === 'open')
    expect(open.reduce((sum, { alertCount }) => sum + alertCount, 0)).toBe(1_200)
  },
)

test('a rate that the type is used to is no storm', () => {
  const records: EventsRecord[] = []
  for (let hour = 0; hour < 8; hour++)
    records.push(
      ...flood(60, 50 * SECOND_MS, 'ScanSeen', START + hour * 60 * MINUTE_MS).flatMap((record) =>
        record.kind === 'events'
          ? [...Array(20)].map((_, i) => ({
              ...record,
              receivedAt: record.receivedAt + i * 2.9 * MINUTE_MS,
              events: record.events.map((each) => ({
                ...each,
                id: `${each.id}-${i}`,
                fingerprint: `${each.fingerprint}-${i}`,
                labels: { instance: `node-${i}-${each.fingerprint}` },
                startsAt: each.startsAt + Math.floor(i * 2.9 * MINUTE_MS),
              })),
            }))
          : [],
      ),
    )
  records.push(...flood(90, 50 * SECOND_MS, 'ScanSeen', START + 8 * 60 * MINUTE_MS))
  const { world } = run(records)
  const last = [...world.incidents.values()].filter(
    ({ openedAt }) => openedAt >= START + 8 * 60 * MINUTE_MS,
  )
  expect(last.some(({ storm }) => storm !== undefined)).toBe(false)
}, 120_000)

test('400,000 alerts of one type in 20 minutes end as a handful of incidents', () => {
  const correlator = createCorrelator(defaultCorrelatorSettings)
  const incidents = new Map<string, Incident>()
  let alertsTold = 0
  let incidentsTold = 0
  const hear = (outputs: readonly CorrelatorOutput[]): void => {
    for (const output of outputs)
      if (output.kind === 'alert') alertsTold += 1
      else if (output.kind === 'incident') {
        incidentsTold += 1
        incidents.set(output.incident.id, output.incident)
      }
  }
  const records = flood(400_000, 20 * MINUTE_MS)
  for (const [offset, record] of records.entries()) hear(correlator.apply(record, offset))
  hear(correlator.apply({ kind: 'tick', at: START + 25 * MINUTE_MS }, records.length))
  const open = [...incidents.values()].filter(({ status }) => status === 'open')
  expect(open.length).toBeLessThanOrEqual(5)
  expect(open.reduce((sum, { alertCount }) => sum + alertCount, 0)).toBe(400_000)
  // What is worth a notification, and what anybody has to store, stays bounded.
  expect(incidents.size).toBeLessThanOrEqual(defaultCorrelatorSettings.stormAlertsMin)
  expect(incidentsTold).toBeLessThan(1_000)
  expect(alertsTold).toBeLessThan(2 * defaultCorrelatorSettings.incidentSampleMax)
}, 300_000)
