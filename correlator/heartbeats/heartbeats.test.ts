// Heartbeats within correlation: judged by what the edge heard, and joined as alerts.
import { describe, expect, test } from 'vitest'
import type { EventsRecord } from '../../domain/records.ts'
import { HOUR_MS, MINUTE_MS } from '../../domain/time.ts'
import {
  aHeartbeat,
  alertsOf,
  defineRecord,
  edgeTicks,
  heartbeatRecords,
  pingRecord,
  run,
  transitionsOf,
} from '../testing/heartbeats.ts'
import { at, createWorld, START, topologyOf } from '../testing/scenario.ts'

const told = (text: string, over = {}) => run(heartbeatRecords(text, aHeartbeat(over))).outputs

const worldOf = (records: readonly EventsRecord[]) => {
  const world = createWorld()
  world.hear(run(records).outputs)
  return world
}

describe('our own downtime (FAULTS 13 and 27)', () => {
  test('opens no false down: what was due then waits for its next ping, and says so', () => {
    const outputs = told('01:00 success\n10:00 off\n30:00 on\n38:00 success\n47:00 until')
    expect(transitionsOf(outputs)).toEqual(['01:00 new > up, pinged'])
    const last = outputs.filter((output) => output.kind === 'heartbeat').at(-1)
    expect(last?.heartbeat).toMatchObject({ status: 'up', graceRestartedAt: at('30:00') })
  })

  test('ends with a down where the next ping does not come either', () => {
    const outputs = told('01:00 success\n10:00 off\n30:00 on\n60:00 until')
    expect(transitionsOf(outputs)).toEqual([
      '01:00 new > up, pinged',
      '40:00 up > late, due',
      '45:00 late > down, missed',
    ])
  })

  test('excuses what was late when it began', () => {
    const outputs = told('01:00 success\n13:00 off\n14:00 on\n20:00 success')
    expect(transitionsOf(outputs)).toEqual([
      '01:00 new > up, pinged',
      '11:00 up > late, due',
      '14:00 late > up, grace-restarted',
    ])
  })

  test('counts, however short it was, when the edge says that it has begun', () => {
    const outputs = told('01:00 success\n11:06 off\n11:08 on\n17:00 until')
    expect(transitionsOf(outputs)).toEqual([
      '01:00 new > up, pinged',
      '11:00 up > late, due',
      '11:08 late > up, grace-restarted',
    ])
  })

  test('is found by the silence of the edge, also where no edge says that it began', () => {
    const records = [
      ...heartbeatRecords('01:00 success\n10:00 off'),
      ...edgeTicks(at('20:00'), at('24:00')),
    ]
    expect(transitionsOf(run(records).outputs)).toEqual(['01:00 new > up, pinged'])
  })

  test('does not excuse what was due well after it, nor what was down before', () => {
    const early = told('01:00 success\n02:00 off\n04:00 on\n20:00 until')
    expect(transitionsOf(early).at(-1)).toBe('16:00 late > down, missed')
    const late = told('01:00 success\n20:00 off\n24:00 on\n30:00 until')
    expect(transitionsOf(late).at(-1)).toBe('16:00 late > down, missed')
  })

  test('forgets runs under way: their end may have been lost', () => {
    const outputs = told('01:00 start\n02:00 off\n03:00 on\n60:00 until')
    expect(transitionsOf(outputs)).toEqual([
      '01:00 new > started, started',
      '03:00 started > new, grace-restarted',
    ])
  })

  test('a scheduled job that was due then is expected at its next time', () => {
    const schedule = { kind: 'cron', expression: '*/20 * * * *', timeZone: 'UTC' } as const
    const outputs = told('01:00 success\n19:00 off\n22:00 on\n50:00 until', { schedule })
    expect(transitionsOf(outputs)).toEqual([
      '01:00 new > up, pinged',
      '40:00 up > late, due',
      '45:00 late > down, missed',
    ])
  })

  test('a correlator that was away itself, while the edge listened, judges as if it had not been', () => {
    // Its log is the same; ticks of its own, which tell nothing of the edge, do not count.
    const quiet = heartbeatRecords('01:00 success\n10:00 off')
    const own = Array.from({ length: 60 }, (_, i) => ({
      kind: 'tick' as const,
      at: at('10:00') + i * MINUTE_MS,
    }))
    expect(transitionsOf(run([...quiet, ...own]).outputs)).toEqual(['01:00 new > up, pinged'])
  })

  test('a clock that was set back judges nobody until it has caught up (FAULTS 13)', () => {
    const back = (minutes: number) => at('10:00') - HOUR_MS + minutes * MINUTE_MS
    const records = [
      ...heartbeatRecords('01:00 success\n10:00 success'),
      ...[1, 2, 3, 4, 5, 6].flatMap((round) => [
        ...edgeTicks(back(round * 10 - 10), back(round * 10)),
        pingRecord(back(round * 10)),
      ]),
      ...edgeTicks(at('10:00'), at('19:00')),
    ]
    expect(transitionsOf(run(records).outputs)).toEqual(['01:00 new > up, pinged'])
  })

  test('alerts that would expire meanwhile are given time to be repeated', () => {
    const text = `00:30 fire DiskFull@db until=05:00
      01:00 success
      02:00 off
      20:00 on
      24:00 until`
    expect(alertsOf(told(text)).get('DiskFull')?.status).toBe('firing')
    expect(alertsOf(told(`${text}\n26:00 until`)).get('DiskFull')?.status).toBe('resolved')
  })
})

describe('the watermark', () => {
  test('waits for pings that are on their way: one taken in time is in time', () => {
    const records = [
      ...heartbeatRecords('01:00 success\n15:55 until'),
      // The edge took it before the end of its grace, and the log had it after the edge's tick.
      ...edgeTicks(at('15:55'), at('16:00')),
      pingRecord(at('15:59')),
      ...edgeTicks(at('16:00'), at('20:00')),
    ]
    expect(transitionsOf(run(records).outputs)).toEqual([
      '01:00 new > up, pinged',
      '11:00 up > late, due',
      '15:59 late > up, pinged',
    ])
  })

  test('ten thousand pings at :00 open nothing (FAULTS 27), and cost each its own work only', () => {
    const count = 10_000
    const definitions = Array.from({ length: count }, (_, i) =>
      aHeartbeat({ id: `hb-${i}`, name: `job ${i}`, graceMs: MINUTE_MS }),
    )
    const herd = (when: number) =>
      definitions.map(({ id }, i) => pingRecord(when + (i % 1_000), 'success', { heartbeatId: id }))
    const records: EventsRecord[] = [
      ...definitions.map((definition) => defineRecord(definition)),
      ...edgeTicks(START, at('10:00')),
      ...herd(at('10:00')),
      ...edgeTicks(at('10:00'), at('20:00')),
      // The next round comes with the last second of the grace.
      ...herd(at('20:59')),
      ...edgeTicks(at('20:59'), at('31:00')),
    ]
    const { outputs, correlator } = run(records)
    const beats = outputs.filter((output) => output.kind === 'heartbeat')
    expect(beats.flatMap(({ transitions }) => transitions).some(({ to }) => to === 'down')).toBe(
      false,
    )
    expect(outputs.some(({ kind }) => kind === 'alert')).toBe(false)
    // Defined, up, late, up, late: five tellings each and no more.
    expect(beats.length).toBeLessThanOrEqual(5 * count)
    expect(correlator.stats().liveAlerts).toBe(0)
  })
})

test('a thousand that are missed at once are placed at once, and each is told once', () => {
  const definitions = Array.from({ length: 1_000 }, (_, i) =>
    aHeartbeat({ id: `hb-${i}`, name: `job ${i}`, labels: { host: `host-${i}` } }),
  )
  const { outputs } = run([
    ...definitions.map((definition) => defineRecord(definition)),
    ...edgeTicks(START, at('01:00')),
    ...definitions.map(({ id }) => pingRecord(at('01:00'), 'success', { heartbeatId: id })),
    ...edgeTicks(at('01:00'), at('17:00')),
  ])
  const alerts = outputs.filter(({ kind }) => kind === 'alert')
  expect(alerts.length).toBe(definitions.length)
})

describe('a missed heartbeat', () => {
  const SHOP = topologyOf('web depends_on db')

  test('is an alert of its CI that joins what is wrong there, and resolves with the next ping', () => {
    const records: EventsRecord[] = [
      { kind: 'topology', at: START, topology: SHOP },
      ...heartbeatRecords(`01:00 success
        15:30 fire SlowQueries@db
        16:30 fire LatencyHigh@web
        18:00 until`),
    ]
    const world = worldOf(records)
    expect(world.summary()).toEqual(['LatencyHigh@web SlowQueries@db backup@db | open'])
    const alert = world.alert('backup@db')
    expect(alert).toMatchObject({
      source: 'heartbeat',
      severity: 'error',
      startsAt: at('16:00'),
      summary: 'No sign of life from backup since 2026-03-02T00:01:00.000Z',
    })
    const later = worldOf([...heartbeatRecords('01:00 success\n20:00 success\n25:00 until')])
    expect(later.alert('backup@db')).toMatchObject({ status: 'resolved', resolvedAt: at('20:00') })
    expect(later.incidentOf('backup@db').status).toBe('resolved')
  })

  test('never resolves by its own silence', () => {
    const world = worldOf(heartbeatRecords('01:00 success\n12:00:00 until'))
    expect(world.alert('backup@db').status).toBe('firing')
    expect(world.incidentOf('backup@db').status).toBe('open')
  })

  test('is over when it is paused or deleted', () => {
    for (const verb of ['pause', 'delete']) {
      const world = worldOf(heartbeatRecords(`01:00 success\n20:00 ${verb}\n30:00 until`))
      expect(world.alert('backup@db').status).toBe('resolved')
    }
  })

  test('missed again, it is the same alert that fires again', () => {
    const world = worldOf(heartbeatRecords('01:00 success\n20:00 success\n40:00 until'))
    expect(world.alerts.size).toBe(1)
    expect(world.alert('backup@db')).toMatchObject({ status: 'firing' })
  })

  test.each([
    ['01:00 fail', 'backup reports failure'],
    ['01:00 start\n10:00 until', 'backup has begun and does not end'],
  ])('says what is wrong: %j', (text, summary) => {
    expect(alertsOf(told(text)).get('backup')?.summary).toBe(summary)
  })
})
