// Prometheus's ways, from its requests to the correlator's alerts: refresh, expiry, pairs of servers.
import { describe, expect, test } from 'vitest'
import { createCorrelator } from '../correlator/correlator.ts'
import { defaultCorrelatorSettings } from '../correlator/settings.ts'
import { createWorld } from '../correlator/testing/scenario.ts'
import { createMemoryLog } from '../domain/testing/memory-log.ts'
import { MINUTE_MS, type Millis, SECOND_MS } from '../domain/time.ts'
import { createIntake } from '../ingest/intake.ts'
import { defaultIngestSettings } from '../ingest/settings.ts'

const START = Date.UTC(2026, 2, 2, 12)

/** One Prometheus before one Faultline, the clock set by hand. */
const begin = () => {
  const log = createMemoryLog(1)
  const settings = defaultIngestSettings
  const intake = createIntake({ log, clock: { now: () => START }, settings })
  const correlator = createCorrelator(defaultCorrelatorSettings, {})
  const world = createWorld()
  let read = 0
  const apply = (): void => {
    for (const record of log.records('events').slice(read))
      world.hear(correlator.apply(record, read++))
  }
  return {
    world,
    /** As Prometheus does: `endsAt` is four evaluations ahead while it fires, and past when over. */
    post: async (at: Millis, endsAt: Millis | undefined, labels: object = {}) => {
      const alert = {
        labels: { alertname: 'HighLatency', severity: 'critical', service: 'shop', ...labels },
        startsAt: new Date(START).toISOString(),
        ...(endsAt === undefined ? {} : { endsAt: new Date(endsAt).toISOString() }),
      }
      const body = Buffer.from(JSON.stringify([alert]))
      const result = await intake.take({ source: 'alertmanager', body, receivedAt: at })
      expect(result.kind).toBe('taken')
      apply()
    },
    pass: (at: Millis): void => world.hear(correlator.apply({ kind: 'tick', at }, read++)),
    only: () => {
      expect(world.alerts.size).toBe(1)
      return [...world.alerts.values()][0]!
    },
  }
}

describe('Prometheus', () => {
  test('a re-send is a refresh: it counts, keeps the alert firing, and opens nothing', async () => {
    const { post, pass, only, world } = begin()
    for (let at = START; at <= START + 10 * MINUTE_MS; at += MINUTE_MS)
      await post(at, at + 4 * MINUTE_MS)
    pass(START + 11 * MINUTE_MS)
    expect(only()).toMatchObject({ status: 'firing', occurrences: 10 })
    expect(world.incidents.size).toBe(1)
    expect(world.entries.filter(({ kind }) => kind === 'alert-refired')).toEqual([])
  })

  test('endsAt is an expiry: what is not refreshed by then is over', async () => {
    const { post, pass, only } = begin()
    await post(START, START + 4 * MINUTE_MS)
    pass(START + 3 * MINUTE_MS)
    expect(only().status).toBe('firing')
    pass(START + 5 * MINUTE_MS)
    expect(only().status).toBe('resolved')
  })

  test('without endsAt the resolve timeout is the expiry, as with Alertmanager', async () => {
    const { post, pass, only } = begin()
    await post(START, undefined)
    pass(START + defaultIngestSettings.resolveTimeoutMs - SECOND_MS)
    expect(only().status).toBe('firing')
    pass(START + defaultIngestSettings.resolveTimeoutMs + MINUTE_MS)
    expect(only().status).toBe('resolved')
  })

  test('endsAt in the past resolves at once', async () => {
    const { post, pass, only } = begin()
    await post(START, START + 4 * MINUTE_MS)
    await post(START + 2 * MINUTE_MS, START + 2 * MINUTE_MS)
    pass(START + 3 * MINUTE_MS)
    expect(only().status).toBe('resolved')
  })

  test.each(['replica', 'prometheus_replica', '__replica__'])(
    'a pair of servers that differ in %s tells of one alert, not of two',
    async (label) => {
      const { post, pass, only, world } = begin()
      for (let at = START; at <= START + 3 * MINUTE_MS; at += MINUTE_MS)
        for (const [offset, name] of [
          [0, 'a'],
          [7 * SECOND_MS, 'b'],
        ] as const)
          await post(at + offset, at + offset + 4 * MINUTE_MS, { [label]: name })
      pass(START + 4 * MINUTE_MS)
      expect(only()).toMatchObject({ status: 'firing' })
      expect(world.incidents.size).toBe(1)
      for (const name of ['a', 'b'])
        await post(START + 5 * MINUTE_MS, START + 5 * MINUTE_MS, { [label]: name })
      pass(START + 6 * MINUTE_MS)
      expect(only().status).toBe('resolved')
    },
  )
})
