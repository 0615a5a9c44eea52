// The policy for what opens an incident.
import { describe, expect, test } from 'vitest'
import { play, recordsOf } from './testing/scenario.ts'

describe('a minimum severity', () => {
  const settings = { openSeverityMin: 'warning' } as const

  test('leaves single informational noise an alert', () => {
    const { world } = play(recordsOf('00:00 fire BackupLate@db severity=info\n10:00 tick'), {
      settings,
    })
    expect(world.incidents.size).toBe(0)
    expect(world.alert('BackupLate@db').incidentId).toBeUndefined()
  })

  test('is no hindrance once a second alert joins', () => {
    const { world } = play(
      recordsOf(`
        00:00 fire DiskFilling@db severity=info
        00:10 fire SlowQueries@db severity=info`),
      { settings },
    )
    expect(world.summary()).toEqual(['DiskFilling@db SlowQueries@db | open'])
  })

  test('is no hindrance once the alert gets worse', () => {
    const { world } = play(
      recordsOf(`
        00:00 fire DiskFilling@db severity=info
        04:00 fire DiskFilling@db severity=critical since=00:00`),
      { settings },
    )
    expect(world.summary()).toEqual(['DiskFilling@db | open'])
  })
})

describe('persistence', () => {
  const settings = { openAfterMs: 120_000 }

  test('opens once the alert has lasted', () => {
    const { world, play: playOn } = play(recordsOf('00:00 fire SlowQueries@db\n01:50 tick'), {
      settings,
    })
    expect(world.incidents.size).toBe(0)
    playOn(recordsOf('02:05 tick'))
    expect(world.summary()).toEqual(['SlowQueries@db | open'])
  })

  test('a transient opens nothing', () => {
    const { world } = play(
      recordsOf(`
        00:00 fire SlowQueries@db
        01:00 resolve SlowQueries@db since=00:00 until=00:59
        10:00 tick`),
      { settings },
    )
    expect(world.incidents.size).toBe(0)
    expect(world.alert('SlowQueries@db').status).toBe('resolved')
  })
})

describe('rules by matchers', () => {
  const settings = {
    openSeverityMin: 'warning',
    openRules: [
      { name: 'chatter', matchers: ['alertname=~"ClockSkew|BackupLate"'], opens: 'never' },
      { name: 'batch', matchers: ['service=~"batch-.*"', 'severity!=critical'], afterMs: 120_000 },
      { name: 'door', matchers: ['alertname=DoorOpen'], severityMin: 'info' },
    ],
  } as const
  const opened = (text: string) => play(recordsOf(text), { settings }).world.summary()

  test('never: stays an alert however severe and long, until another joins it', () => {
    expect(opened('00:00 fire ClockSkew@db severity=critical\n30:00 tick')).toEqual([])
    expect(
      opened(`
        00:00 fire ClockSkew@db severity=critical
        00:10 fire SlowQueries@db severity=info`),
    ).toEqual(['ClockSkew@db SlowQueries@db | open'])
  })

  test('persistence for some, and only for those that match in all', () => {
    expect(opened('00:00 fire Slow@batch-1 severity=error\n01:59 tick')).toEqual([])
    expect(opened('00:00 fire Slow@batch-1 severity=error\n02:05 tick')).toEqual([
      'Slow@batch-1 | open',
    ])
    expect(opened('00:00 fire Slow@batch-1 severity=critical\n00:01 tick')).toEqual([
      'Slow@batch-1 | open',
    ])
  })

  test('another severity for some; what matches no rule goes by the settings', () => {
    expect(opened('00:00 fire DoorOpen@rack severity=info')).toEqual(['DoorOpen@rack | open'])
    expect(opened('00:00 fire WindowOpen@rack severity=info')).toEqual([])
  })
})
