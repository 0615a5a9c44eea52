// Heartbeats within correlation: judged by what the edge heard, joined as alerts, blind sources.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Alert } from '../../domain/alert.ts'
import type { CorrelatorOutput, EventsRecord } from '../../domain/records.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts'
import { createCorrelator, restoreCorrelator } from '../correlator.ts'
import { defaultCorrelatorSettings } from '../settings.ts'
import {
  aHeartbeat,
  defineRecord,
  edgeTicks,
  heartbeatRecords,
  pingRecord,
  run,
  transitionsOf,
} from '../testing/heartbeats.ts'
import { at, batchOf, createWorld, recordsOf, START, topologyOf } from '../testing/scenario.ts'

const told = (text: string, over = {}) => run(heartbeatRecords(text, aHeartbeat(over))).outputs

const alertsOf = (outputs: readonly CorrelatorOutput[]): Map<string, Alert> => {
  const alerts = new Map<string, Alert>()
  for (const output of outputs)
    if (output.kind === 'alert') alerts.set(output.alert.name, output.alert)
  return alerts
}

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

  test('ten thousand pings at :00 open nothing, and cost each its own work only', () => {
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

describe('a blind source', () => {
  const source = { name: 'test', labels: {}, deliveries: false }
  const text = `00:30 fire DiskFull@web until=20:00
    01:00 success
    40:00 until`

  test('gives no false all-clear: what would expire stays, until it is heard of again', () => {
    expect(alertsOf(told(text)).get('DiskFull')?.status).toBe('resolved')
    const blind = told(text, { source })
    expect(alertsOf(blind).get('DiskFull')?.status).toBe('firing')
    const back = `${text}\n41:00 success`
    expect(alertsOf(told(`${back}\n45:00 until`, { source })).get('DiskFull')?.status).toBe(
      'firing',
    )
    const after = alertsOf(told(`${back}\n47:00 until`, { source })).get('DiskFull')
    // It was not repeated in the five minutes since.
    expect(after).toMatchObject({ status: 'resolved' })
  })

  test('its own resolves are believed', () => {
    const resolved = text.replace('40:00 until', '30:00 resolve DiskFull@web\n40:00 until')
    expect(alertsOf(told(resolved, { source })).get('DiskFull')?.status).toBe('resolved')
  })

  test.each([
    ['another source', { ...source, name: 'zabbix' }],
    ['other labels', { ...source, labels: { cluster: 'b' } }],
  ])('keeps nothing of %s', (_, other) => {
    expect(alertsOf(told(text, { source: other })).get('DiskFull')?.status).toBe('resolved')
  })

  test('keeps what carries its labels', () => {
    const own = { ...source, labels: { service: 'web' } }
    expect(alertsOf(told(text, { source: own })).get('DiskFull')?.status).toBe('firing')
  })

  test('may be heard of by any delivery', () => {
    const heard = told('01:00 fire DiskFull@web\n12:00 fire DiskFull@web\n40:00 until', {
      source: { ...source, deliveries: true },
    })
    expect(transitionsOf(heard)).toEqual([
      '01:00 new > up, pinged',
      '11:00 up > late, due',
      '12:00 late > up, pinged',
      '22:00 up > late, due',
      '27:00 late > down, missed',
    ])
  })

  test('lets go what it kept when the heartbeat is taken away', () => {
    const outputs = told(`${text}\n41:00 delete\n42:00 until`, { source })
    expect(alertsOf(outputs).get('DiskFull')?.status).toBe('resolved')
  })
})

describe('a Watchdog alert', () => {
  const watchdog = (clock: string, words = 'cluster=eu') =>
    recordsOf(`${clock} fire Watchdog ${words}`, 'alertmanager')[0]!
  const beatsOf = (outputs: readonly CorrelatorOutput[]) =>
    outputs.filter((output) => output.kind === 'heartbeat').map(({ heartbeat }) => heartbeat)
  const ticking = (records: readonly EventsRecord[], until: string): EventsRecord[] => {
    const all: EventsRecord[] = [...records]
    const timeOf = (record: EventsRecord) =>
      record.kind === 'events' ? record.receivedAt : record.at
    all.push(...edgeTicks(timeOf(records[0]!), at(until)))
    return all.sort((a, b) => timeOf(a) - timeOf(b))
  }

  test('is a sign of life of its sender, and no alert', () => {
    const { outputs } = run(ticking([watchdog('00:10', 'cluster=eu until=04:10')], '01:00'))
    expect(outputs.map(({ kind }) => kind)).toEqual(['heartbeat'])
    expect(beatsOf(outputs)[0]).toMatchObject({
      status: 'up',
      nextDueAt: at('04:10'),
      definition: {
        name: 'alertmanager eu silent',
        source: { name: 'alertmanager', labels: { cluster: 'eu' } },
      },
    })
  })

  test('whose repetition stays away makes its sender blind', () => {
    const firing = recordsOf('00:05 fire DiskFull@web cluster=eu until=04:05', 'alertmanager')
    const other = recordsOf('00:06 fire DiskFull@api cluster=us until=04:05', 'alertmanager')
    const watched = watchdog('00:55', 'cluster=eu until=04:55')
    const world = worldOf(ticking([...firing, ...other, watched], '30:00'))
    expect(world.alert('alertmanager eu silent')).toMatchObject({
      status: 'firing',
      severity: 'critical',
      startsAt: at('14:55'),
    })
    expect(world.alert('DiskFull@api').status).toBe('resolved')
    // By its own word it is over at 04:05; about then its sender was due, and has been silent.
    expect(world.alert('DiskFull@web').status).toBe('firing')
  })

  test('that goes on shows that what is not repeated is over', () => {
    const firing = recordsOf('00:05 fire DiskFull@web cluster=eu until=04:05', 'alertmanager')
    const signs = [0, 1, 2, 3, 4, 5].map((minute) =>
      watchdog(`0${minute}:55`, `cluster=eu until=0${minute + 4}:55`),
    )
    const world = worldOf(ticking([...firing, ...signs], '06:00'))
    expect(world.alert('DiskFull@web')).toMatchObject({
      status: 'resolved',
      resolvedAt: at('04:05'),
    })
  })

  test('that resolves says that its sender is silent', () => {
    const gone = recordsOf('05:00 resolve Watchdog cluster=eu', 'alertmanager')
    const { outputs } = run(ticking([watchdog('00:10'), ...gone], '05:30'))
    expect(beatsOf(outputs).at(-1)?.status).toBe('down')
  })

  test('that names no end is expected as often as Alertmanager repeats', () => {
    const { outputs } = run(ticking([watchdog('00:10')], '01:00'))
    expect(beatsOf(outputs)[0]?.nextDueAt).toBe(at('00:10') + 4 * HOUR_MS)
  })

  test('beyond the limit it is an alert like any other', () => {
    const heartbeats = { ...defaultCorrelatorSettings.heartbeats, watchdogsMax: 1 }
    const records = [watchdog('00:10'), watchdog('00:11', 'cluster=us')]
    const { outputs } = run(records, { heartbeats })
    expect(alertsOf(outputs).has('Watchdog')).toBe(true)
  })
})

describe('limits', () => {
  test('beyond heartbeatsMax a definition is not taken', () => {
    const heartbeats = { ...defaultCorrelatorSettings.heartbeats, heartbeatsMax: 1 }
    const records = [defineRecord(aHeartbeat()), defineRecord(aHeartbeat({ id: 'hb-2' }))]
    const ids = run(records, { heartbeats }).outputs.map((output) =>
      output.kind === 'heartbeat' ? output.heartbeat.id : '',
    )
    expect(ids).toEqual(['hb-1'])
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
        records.push({ kind: 'heartbeat', at: now, change: { action: what, id: `hb-${of}` } })
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
