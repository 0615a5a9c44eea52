// Any history of heartbeats: replays, snapshots, limits.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EventsRecord } from '../../domain/records.ts'
import { MINUTE_MS, SECOND_MS } from '../../domain/time.ts'
import { createCorrelator, restoreCorrelator } from '../correlator.ts'
import { defaultCorrelatorSettings } from '../settings.ts'
import {
  aHeartbeat,
  alertsOf,
  defineRecord,
  edgeTicks,
  pingRecord,
  run,
} from '../testing/heartbeats.ts'
import { batchOf, recordsOf, START } from '../testing/scenario.ts'

describe('limits', () => {
  test('beyond heartbeatsMax a definition is not taken', () => {
    const heartbeats = { ...defaultCorrelatorSettings.heartbeats, heartbeatsMax: 1 }
    const records = [defineRecord(aHeartbeat()), defineRecord(aHeartbeat({ id: 'hb-2' }))]
    const ids = run(records, { heartbeats }).outputs.map((output) =>
      output.kind === 'heartbeat' ? output.heartbeat.id : '',
    )
    expect(ids).toEqual(['hb-1'])
  })

  test('a decision that is published twice is carried out once', () => {
    const pause: EventsRecord = {
      kind: 'heartbeat',
      at: START + 2,
      version: 2,
      change: { action: 'pause', id: 'hb-1' },
    }
    const define: EventsRecord = { ...(defineRecord(aHeartbeat()) as object), version: 1 } as never
    const { outputs } = run([define, pause, pingRecord(START + 3), define, pause])
    const last = outputs.filter((output) => output.kind === 'heartbeat').at(-1)
    expect(last?.heartbeat.status).toBe('up')
  })

  test('a ping of nobody does nothing', () => {
    expect(run([pingRecord(START)]).outputs).toEqual([])
  })
})

describe('any history', () => {
  interface Step {
    readonly afterMs: number
    readonly what: 'success' | 'start' | 'fail' | 'log' | 'pause' | 'resume' | 'fire' | 'away'
    readonly of: number
  }
  const steps = fc.array(
    fc.record<Step>({
      afterMs: fc.integer({ min: 0, max: 6 * MINUTE_MS }),
      what: fc.constantFrom(
        'success',
        'success',
        'start',
        'fail',
        'log',
        'pause',
        'resume',
        'fire',
        'away',
      ),
      of: fc.integer({ min: 1, max: 3 }),
    }),
    { maxLength: 30 },
  )

  const recordsOfSteps = (list: readonly Step[]): EventsRecord[] => {
    const records: EventsRecord[] = [1, 2, 3].map((number) =>
      defineRecord(
        aHeartbeat({
          id: `hb-${number}`,
          name: `job ${number}`,
          ...(number === 2 ? { source: { name: 'test', labels: {}, deliveries: false } } : {}),
          ...(number === 3
            ? { schedule: { kind: 'cron' as const, expression: '*/7 * * * *', timeZone: 'UTC' } }
            : {}),
        }),
      ),
    )
    let now = START
    for (const { afterMs, what, of } of list) {
      if (what !== 'away') records.push(...edgeTicks(now, now + afterMs, 13 * SECOND_MS))
      now += afterMs
      if (what === 'away') continue
      if (what === 'fire') {
        const until = now + 4 * MINUTE_MS
        const [record] = recordsOf('00:00 fire DiskFull@db') as [
          Extract<EventsRecord, { kind: 'events' }>,
        ]
        const event = { ...record.events[0]!, id: `e${now}`, startsAt: now, endsAt: until }
        records.push(batchOf(now, [event]))
      } else if (what === 'pause' || what === 'resume')
        records.push({
          kind: 'heartbeat',
          at: now,
          version: now,
          change: { action: what, id: `hb-${of}` },
        })
      else records.push(pingRecord(now, what, { heartbeatId: `hb-${of}` }))
    }
    return [...records, ...edgeTicks(now, now + 40 * MINUTE_MS, 11 * SECOND_MS)]
  }

  test('a snapshot anywhere and the rest of the log equal the undisturbed run', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (list, cutAt) => {
        const records = recordsOfSteps(list)
        const whole = run(records).outputs.map((output) => JSON.stringify(output))
        const cut = cutAt % records.length
        let correlator = createCorrelator(defaultCorrelatorSettings)
        const outputs = records.flatMap((record, offset) => {
          if (offset === cut)
            correlator = restoreCorrelator(correlator.snapshot(), defaultCorrelatorSettings)
          return [...correlator.apply(record, offset)]
        })
        const differs = outputs.findIndex((output, i) => JSON.stringify(output) !== whole[i])
        expect([differs, outputs.length]).toEqual([-1, whole.length])
      }),
      { numRuns: 150 },
    )
  })

  test('versions grow, transitions follow on each other, and the alert fires exactly while down', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { outputs } = run(recordsOfSteps(list))
        const beats = outputs.filter((output) => output.kind === 'heartbeat')
        for (const id of ['hb-1', 'hb-2', 'hb-3']) {
          const own = beats.filter(({ heartbeat }) => heartbeat.id === id)
          const versions = own.map(({ heartbeat }) => heartbeat.version)
          expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
          const changes = own.flatMap(({ transitions }) => transitions)
          changes.forEach((change, i) => {
            expect(change.from).toBe(i === 0 ? 'new' : changes[i - 1]!.to)
            expect(change.to).not.toBe(change.from)
          })
          const last = own.at(-1)!.heartbeat
          expect(last.status).toBe(changes.at(-1)?.to ?? 'new')
          const alert = alertsOf(outputs).get(`job ${id.at(-1)}`)
          expect(alert?.status === 'firing').toBe(last.status === 'down')
        }
      }),
      { numRuns: 150 },
    )
  })
})
