// Blind sources and Watchdogs: silence proves something only where somebody is heard of.
import { describe, expect, test } from 'vitest'
import type { CorrelatorOutput, EventsRecord } from '../../domain/records.ts'
import { HOUR_MS } from '../../domain/time.ts'
import { defaultCorrelatorSettings } from '../settings.ts'
import {
  aHeartbeat,
  alertsOf,
  edgeTicks,
  heartbeatRecords,
  run,
  transitionsOf,
} from '../testing/heartbeats.ts'
import { at, createWorld, recordsOf } from '../testing/scenario.ts'

const told = (text: string, over = {}) => run(heartbeatRecords(text, aHeartbeat(over))).outputs

const worldOf = (records: readonly EventsRecord[]) => {
  const world = createWorld()
  world.hear(run(records).outputs)
  return world
}

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
