// How recorded time passes: ticks, changes and deliveries reach the correlator in the log's order.
import { describe, expect, test } from 'vitest'
import { createCorrelator } from '../../correlator/correlator.ts'
import { defaultCorrelatorSettings } from '../../correlator/settings.ts'
import type { EventsRecord } from '../../domain/records.ts'
import { createNormaliser } from '../../ingest/normalise.ts'
import { defaultIngestSettings } from '../../ingest/settings.ts'
import { createReplay, type ReplayedCorrelator, type ReplayOptions } from './replay.ts'

const T0 = Date.UTC(2026, 2, 2)

const delivery = (at: number, name = 'DiskFull') => ({
  receivedAt: T0 + at,
  source: 'native',
  payload: { name, severity: 'critical', labels: { host: 'a' } },
  deliveryId: `d${at}`,
})

/** Wants to be woken `dueMs` after each event, once. */
const recorder = (dueMs: number): { heard: EventsRecord[]; correlator: ReplayedCorrelator } => {
  const heard: EventsRecord[] = []
  let wakeAt: number | undefined
  return {
    heard,
    correlator: {
      apply: (record) => {
        heard.push(record)
        if (record.kind === 'events') wakeAt = record.receivedAt + dueMs
        if (record.kind === 'tick' && wakeAt !== undefined && record.at >= wakeAt)
          wakeAt = undefined
        return []
      },
      wakeAt: () => wakeAt,
    },
  }
}

const replayOf = (correlator: ReplayedCorrelator, more: Partial<ReplayOptions> = {}) =>
  createReplay({
    normalise: createNormaliser(defaultIngestSettings),
    correlate: () => correlator,
    tickMs: 1_000,
    ...more,
  })

const shape = (record: EventsRecord): string =>
  `${record.kind}@${(record.kind === 'events' ? record.receivedAt : record.at) - T0}`

describe('a replay', () => {
  test('ticks at the first whole look after something is due, and not before', () => {
    const { heard, correlator } = recorder(2_500)
    const replay = replayOf(correlator)
    replay.deliver(1, delivery(200))
    replay.deliver(2, delivery(9_000))
    replay.finish()
    expect(heard.map(shape)).toEqual(['events@200', 'tick@3000', 'events@9000', 'tick@12000'])
  })

  test('tells topology first and each change when it began', () => {
    const { heard, correlator } = recorder(60_000)
    const change = (id: string, at: number) => ({
      id,
      ci: 'a',
      type: 'deployment',
      summary: '',
      startedAt: T0 + at,
    })
    const replay = replayOf(correlator, {
      topology: { cis: [{ id: 'a', kind: 'host', name: 'a', attributes: {} }], relations: [] },
      changes: [change('1', -500), change('2', 700)],
    })
    replay.deliver(1, delivery(100))
    replay.deliver(2, delivery(900))
    expect(heard.map(shape)).toEqual([
      'topology@-500',
      'change@-500',
      'events@100',
      'change@700',
      'events@900',
    ])
  })

  test('never lets the log go back in time, and counts who tried', () => {
    const { heard, correlator } = recorder(60_000)
    const replay = replayOf(correlator)
    replay.deliver(1, delivery(500))
    replay.deliver(2, delivery(100))
    expect(heard.map(shape)).toEqual(['events@500', 'events@500'])
    expect(replay.finish().reordered).toBe(1)
  })

  test('gives refusals back with their place', () => {
    const { correlator } = recorder(1_000)
    const replay = replayOf(correlator)
    const refusals = replay.deliver(1, { ...delivery(0), source: 'nobody' })
    expect(refusals).toMatchObject([{ reason: 'source-unknown' }])
    expect(replay.finish()).toMatchObject({ deliveries: 1, accepted: 0 })
  })
})

test('each alert that a storm folds away has its incident in the assignments', () => {
  const replay = createReplay({
    normalise: createNormaliser(defaultIngestSettings),
    correlate: (wants) => createCorrelator(defaultCorrelatorSettings, wants),
  })
  const perDelivery = 100
  for (let line = 1; line <= 30; line++)
    replay.deliver(line, {
      receivedAt: T0 + line * 1_000,
      source: 'native',
      payload: Array.from({ length: perDelivery }, (_, i) => ({
        name: 'LinkDown',
        severity: 'critical',
        labels: { host: `host${line}x${i}` },
      })) as never,
      deliveryId: `storm${line}`,
    })
  const { ledger, accepted } = replay.finish()
  const rows = [...ledger.assignments()]
  expect(accepted).toBe(30 * perDelivery)
  expect(rows).toHaveLength(accepted)
  expect(rows.filter(({ incidentId }) => incidentId === '')).toEqual([])
  expect(ledger.alertCount()).toBe(accepted)
  expect(ledger.alerts.size).toBeLessThan(accepted / 2)
})
