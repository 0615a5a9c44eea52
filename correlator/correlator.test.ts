// The rules of correlation, each as lines of events in and incidents out.
import { describe, expect, test } from 'vitest'
import { MINUTE_MS } from '../domain/time.ts'
import { incidentsOf, play, recordsOf, topologyOf } from './testing/scenario.ts'

const SHOP = topologyOf(`
  web depends_on api
  api depends_on db
  db runs_on host-1
  billing depends_on ledger
`)

describe('the join', () => {
  test('a fault that spreads along its dependencies is one incident', () => {
    expect(
      incidentsOf(
        `00:00 fire SlowQueries@db
         00:20 fire ErrorRateHigh@api
         00:45 fire LatencyHigh@web`,
        SHOP,
      ),
    ).toEqual(['ErrorRateHigh@api LatencyHigh@web SlowQueries@db | open'])
  })

  test('an effect may be told before its cause', () => {
    expect(
      incidentsOf(
        `00:00 fire ErrorRateHigh@api
         00:06 fire SlowQueries@db`,
        SHOP,
      ),
    ).toEqual(['ErrorRateHigh@api SlowQueries@db | open'])
  })

  test('what has no way to each other stays apart, however close in time', () => {
    expect(
      incidentsOf(
        `00:00 fire SlowQueries@db
         00:02 fire ErrorRateHigh@ledger`,
        SHOP,
      ),
    ).toEqual(['ErrorRateHigh@ledger | open', 'SlowQueries@db | open'])
  })

  test('what is near in the topology but far in time stays apart', () => {
    expect(
      incidentsOf(
        `00:00 fire SlowQueries@db
         25:00 fire ErrorRateHigh@api`,
        SHOP,
      ),
    ).toEqual(['ErrorRateHigh@api | open', 'SlowQueries@db | open'])
  })

  test('without any topology, alerts on one CI belong together and strangers do not', () => {
    expect(
      incidentsOf(
        `00:00 fire DiskFull@host-1
         00:10 fire LoadHigh@host-1
         00:12 fire LoadHigh@host-9`,
      ),
    ).toEqual(['DiskFull@host-1 LoadHigh@host-1 | open', 'LoadHigh@host-9 | open'])
  })

  test('an alert without a CI never falls into a bucket with other such alerts', () => {
    expect(
      incidentsOf(
        `00:00 fire BackupLate
         00:10 fire CertExpires`,
      ),
    ).toEqual(['BackupLate | open', 'CertExpires | open'])
  })

  test('every alert carries the reasons why it is where it is', () => {
    const { world } = play(
      recordsOf(
        `00:00 fire SlowQueries@db
         00:20 fire ErrorRateHigh@api`,
      ),
      { topology: SHOP },
    )
    expect(world.alert('SlowQueries@db').evidence.map(({ signal }) => signal)).toEqual(['opened'])
    const texts = world.alert('ErrorRateHigh@api').evidence.map(({ text }) => text)
    expect(texts).toContain('It began 20 s after SlowQueries on db.')
    expect(texts).toContain('api depends on db.')
  })

  test('one condition told by two tools is one incident, though its type is a loner', () => {
    const { world } = play([
      ...recordsOf('00:00 fire BackupLate@db', 'zabbix'),
      ...recordsOf('00:01 fire Backup_Late@db', 'alertmanager'),
    ])
    expect(world.summary()).toEqual(['BackupLate@db Backup_Late@db | open'])
  })

  test('an incident stops absorbing at its maximum life', () => {
    const everyTenMinutes = Array.from(
      { length: 12 },
      (_, i) => `${i * 10}:00 fire Alert${i}@db\n${i * 10}:30 fire Echo${i}@db`,
    ).join('\n')
    const { world } = play(recordsOf(everyTenMinutes), {
      settings: { joinThreshold: -30, incidentLifeMs: 60 * 60_000 },
    })
    const lives = [...world.incidents.values()].map(({ alertCount }) => alertCount)
    expect(lives).toEqual([13, 11])
  })
})

describe('bridges', () => {
  const twoUsers = topologyOf(`
    shop depends_on db
    billing depends_on db
  `)
  const text = `
    00:00 fire LatencyHigh@shop
    00:01 fire JobsFail@billing
    00:04 fire DiskFull@db`
  /** A bias that keeps the first two apart. */
  const settings = { joinBias: -2.5, mergeThreshold: 0 }

  test('an alert that ties two young incidents merges them into the older one', () => {
    const { world } = play(recordsOf(text), { topology: twoUsers, settings })
    expect(world.summary()).toEqual(['DiskFull@db JobsFail@billing LatencyHigh@shop | open'])
    expect(world.incidentOf('DiskFull@db').openedAt).toBe(world.alert('LatencyHigh@shop').startsAt)
    expect(world.entries.map(({ kind, text }) => `${kind} ${text}`)).toContainEqual(
      expect.stringMatching(/^merged Took over inc-\w+: one alert ties both\.$/),
    )
  })

  test('what two faults both break does not make them one', () => {
    const twoNeeds = topologyOf('api depends_on db\napi depends_on queue')
    const { world } = play(
      recordsOf(`
        00:00 fire DiskFull@db
        00:01 fire ConsumerLag@queue
        00:08 fire ErrorRateHigh@api`),
      { topology: twoNeeds, settings },
    )
    expect(world.summary()).toHaveLength(2)
  })

  test('an incident past its youth is not merged any more', () => {
    const { world } = play(recordsOf(text), {
      topology: twoUsers,
      settings: { ...settings, mergeAgeMs: 2_000 },
    })
    expect(world.summary()).toHaveLength(2)
  })
})

describe('resolve and reopen', () => {
  test('an incident resolves once all its alerts have, and have stayed quiet', () => {
    const text = `
      00:00 fire SlowQueries@db
      00:20 fire ErrorRateHigh@api
      05:00 resolve SlowQueries@db since=00:00
      06:00 resolve ErrorRateHigh@api since=00:20`
    expect(incidentsOf(`${text}\n08:59 tick`, SHOP)).toEqual([
      'ErrorRateHigh@api SlowQueries@db | open',
    ])
    expect(incidentsOf(`${text}\n09:00 tick`, SHOP)).toEqual([
      'ErrorRateHigh@api SlowQueries@db | resolved',
    ])
  })

  test('a re-fire within the reopen window is the same alert and reopens its incident', () => {
    const { world } = play(
      recordsOf(`
        00:00 fire SlowQueries@db
        05:00 resolve SlowQueries@db since=00:00
        10:00 tick
        20:00 fire SlowQueries@db`),
    )
    expect(world.alerts.size).toBe(1)
    expect(world.summary()).toEqual(['SlowQueries@db | open'])
    expect(world.entries.map(({ kind }) => kind)).toContain('reopened')
  })

  test('a re-fire after the reopen window is a new alert in a new incident', () => {
    expect(
      incidentsOf(
        `00:00 fire SlowQueries@db
         05:00 resolve SlowQueries@db since=00:00
         45:00 fire SlowQueries@db`,
      ),
    ).toEqual(['SlowQueries@db | open', 'SlowQueries@db | resolved'])
  })

  test('a resolve before its fire leaves no open alert', () => {
    expect(
      incidentsOf(
        `00:30 resolve SlowQueries@db since=00:00 until=00:20
         00:40 fire SlowQueries@db since=00:00
         05:00 tick`,
      ),
    ).toEqual(['SlowQueries@db | resolved'])
  })

  test('a resolve of something never heard of opens nothing', () => {
    expect(incidentsOf('00:30 resolve SlowQueries@db since=00:00')).toEqual([])
  })

  test('a firing event that speaks of before the resolve does not fire the alert anew', () => {
    expect(
      incidentsOf(
        `00:00 fire SlowQueries@db
         01:00 resolve SlowQueries@db since=00:00 until=00:55
         01:10 fire SlowQueries@db since=00:00
         06:00 tick`,
      ),
    ).toEqual(['SlowQueries@db | resolved'])
  })

  test('a firing alert that expires without refresh resolves', () => {
    expect(
      incidentsOf(
        `00:00 fire SlowQueries@db until=05:00
         05:00 tick
         08:00 tick`,
      ),
    ).toEqual(['SlowQueries@db | resolved'])
  })

  test('a source that never resolves does not hold its incident open for ever', () => {
    expect(incidentsOf('00:00 fire SlowQueries@db\n5:00:00 tick\n5:03:00 tick')).toEqual([
      'SlowQueries@db | resolved',
    ])
  })

  const scans = Array.from(
    { length: 25 },
    (_, i) => `00:${String(i * 2).padStart(2, '0')} fire Scan${i}@host-${i}`,
  ).join('\n')
  const again = `
    40:00 fire PortScan@db
    48:00 fire PortScan@db
    52:00 tick`

  test('where a source has never resolved anything, silence ends an alert life', () => {
    const { world } = play(recordsOf(scans + again))
    expect(world.summary().filter((line) => line.startsWith('PortScan'))).toEqual([
      'PortScan@db | open',
      'PortScan@db | resolved',
    ])
  })

  test('where a source does resolve, silence ends nothing', () => {
    const { world } = play(
      recordsOf(`${scans}\n01:00 resolve Scan1@host-1 since=00:02 until=00:59${again}`),
    )
    expect(world.summary().filter((line) => line.startsWith('PortScan'))).toEqual([
      'PortScan@db | open',
    ])
  })
})

describe('occurrences', () => {
  test('further events of one condition are counted and never a new alert', () => {
    const { world } = play(
      recordsOf(`
        00:00 fire SlowQueries@db
        05:00 fire SlowQueries@db since=00:00
        10:00 fire SlowQueries@db since=00:00
        12:00 tick`),
    )
    expect(world.alerts.size).toBe(1)
    expect(world.alert('SlowQueries@db').occurrences).toBe(2)
    expect(world.incidentOf('SlowQueries@db').occurrenceCount).toBe(2)
  })

  test('the same event sent twice counts once', () => {
    const { world } = play(
      recordsOf(`
        00:00 fire SlowQueries@db id=x
        01:30 fire SlowQueries@db id=x since=00:00
        12:00 tick`),
    )
    expect(world.alert('SlowQueries@db').occurrences).toBe(0)
  })

  test('an occurrence says nothing at once', () => {
    const { world, play: playOn } = play(recordsOf('00:00 fire SlowQueries@db\n00:30 tick'))
    const before = world.outputs.length
    playOn(recordsOf('00:40 fire SlowQueries@db since=00:00\n00:45 tick'))
    expect(world.outputs.length).toBe(before)
    playOn(recordsOf('01:05 tick'))
    expect(world.alert('SlowQueries@db').occurrences).toBe(1)
  })
})

describe('flapping', () => {
  const toggles = Array.from({ length: 60 }, (_, i) => {
    const minute = String(Math.floor(i / 2)).padStart(2, '0')
    return i % 2 === 0
      ? `${minute}:00 fire LinkFlap@host-1`
      : `${minute}:30 resolve LinkFlap@host-1 since=${minute}:00`
  }).join('\n')

  test('a toggling alert is one alert in one incident, and says so', () => {
    const { world } = play(recordsOf(toggles))
    expect(world.summary()).toEqual(['LinkFlap@host-1 | open'])
    expect(world.alert('LinkFlap@host-1').flapping).toBe(true)
  })

  test('flapping holds the resolve, and is not told at every toggle', () => {
    const { world, play: playOn } = play(recordsOf(toggles))
    expect(world.outputs.length).toBeLessThan(80)
    playOn(recordsOf('40:00 tick'))
    expect(world.summary()).toEqual(['LinkFlap@host-1 | open'])
    playOn(recordsOf('46:00 tick'))
    expect(world.summary()).toEqual(['LinkFlap@host-1 | resolved'])
  })
})

describe('what a join asks for', () => {
  test('on a cold start the moment alone joins nothing, however bad both alerts are', () => {
    const two = `
      00:00 fire DiskFull@alpha severity=critical
      00:01 fire QueueStuck@omega severity=critical`
    expect(incidentsOf(two)).toHaveLength(2)
    expect(incidentsOf(two, SHOP)).toHaveLength(2)
  })

  test('on a cold start a name that differs by its number alone is no kinship', () => {
    const fires = [1, 2, 3, 4].map((i) => `00:00 fire Failure${i}@service-${i} severity=critical`)
    expect(incidentsOf(fires.join('\n'))).toHaveLength(4)
  })

  test('several that need one silent thing are one incident; a pair on its way is not yet', () => {
    const rack = topologyOf([1, 2, 3, 4, 5, 6].map((i) => `host${i} connects_to switch`).join('\n'))
    const fires = [1, 2, 3, 4, 5].map((i) => `00:0${i} fire NodeNotReady@host${i}`).join('\n')
    expect(incidentsOf(fires, rack)).toHaveLength(1)
  })

  test('a cause does not come from what its CI needs; a symptom does', () => {
    const incidentsWith = (name: string): number =>
      incidentsOf(`00:00 fire LatencyHigh@db\n02:30 fire ${name}@api`, SHOP).length
    expect(incidentsWith('ErrorRateHigh')).toBe(1)
    expect(incidentsWith('CertificateExpired')).toBe(2)
  })

  test('what was over for the reopen window takes nothing more in', () => {
    const settings = { reopenWindowMs: 5 * MINUTE_MS, joinBias: 6 }
    const text = `
      00:00 fire SlowQueries@db
      00:30 resolve SlowQueries@db since=00:00`
    const later = (clock: string): number =>
      play(recordsOf(`${text}\n${clock} fire ErrorRateHigh@api`), { topology: SHOP, settings })
        .world.incidents.size
    expect(later('04:00')).toBe(1)
    expect(later('06:00')).toBe(2)
  })
})
