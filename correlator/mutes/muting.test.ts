// Mute before notify, never before record: what is muted, by what, and for how long.
import { describe, expect, test } from 'vitest'
import { parseMatchers } from '../../domain/matcher.ts'
import type { Mute } from '../../domain/mute.ts'
import type { EventsRecord } from '../../domain/records.ts'
import { createCorrelator, restoreCorrelator } from '../correlator.ts'
import { defaultCorrelatorSettings } from '../settings.ts'
import { at, play, recordsOf, topologyOf } from '../testing/scenario.ts'

const matchersOf = (text: string) => {
  const matchers = parseMatchers(text)
  if (typeof matchers === 'string') throw new Error(matchers)
  return matchers
}

/** `mute('00:10', 's1', '{a="b"}', '00:10-10:00')` */
const mute = (
  clock: string,
  id: string,
  matchers: string,
  spans: string,
  over: Partial<Mute> = {},
): EventsRecord => ({
  kind: 'mute',
  at: at(clock),
  mute: {
    id,
    version: 1,
    reason: 'silence',
    title: 'known and being worked on',
    by: 'ada',
    matchers: matchersOf(matchers),
    cis: [],
    spans: spans.split(' ').map((span) => {
      const [from, to] = span.split('-')
      return { from: at(from!), to: at(to!) }
    }),
    ...over,
  },
})

const told = (played: ReturnType<typeof play>, subject: string) => {
  const { muted, muting } = played.world.alert(subject)
  return muted === undefined ? 'told' : `${muted} ${muting!.map(({ by }) => by).join(' ')}`
}

describe('a silence', () => {
  test('evidence is recorded while notification is muted', () => {
    const traffic = `
      00:10 fire DiskFull@db
      00:40 fire SlowQueries@db
      05:00 resolve DiskFull@db since=00:10 until=05:00`
    const muted = play([
      mute('00:00', 's1', '{service="db"}', '00:00-50:00'),
      ...recordsOf(traffic),
    ])
    const loud = play(recordsOf(traffic))
    expect(muted.world.summary()).toEqual(loud.world.summary())
    const bare = (played: typeof muted) =>
      [...played.world.alerts.values()].map(({ muted: _, muting: __, ...alert }) => alert)
    expect(bare(muted)).toEqual(bare(loud))
    expect(muted.world.incidentOf('SlowQueries@db')).toMatchObject({ muted: true, alertCount: 2 })
  })

  test('says who muted it, until when and why', () => {
    const { world } = play([
      mute('00:00', 's1', '{service="db"}', '00:00-50:00'),
      ...recordsOf('00:10 fire DiskFull@db'),
    ])
    const text = 'Silenced by ada until 2026-03-02T00:50:00.000Z: known and being worked on'
    expect(world.alert('DiskFull@db')).toMatchObject({
      muted: 'silence',
      muting: [{ reason: 'silence', by: 's1', until: at('50:00'), text }],
    })
    expect(world.entries.filter(({ kind }) => kind === 'muted')).toMatchObject([{ text }])
  })

  test('one alert of an incident that is not muted makes the incident heard', () => {
    const played = play([
      mute('00:00', 's1', 'alertname=DiskFull', '00:00-50:00'),
      ...recordsOf('00:10 fire DiskFull@db'),
    ])
    expect(played.world.incidentOf('DiskFull@db').muted).toBe(true)
    played.play(recordsOf('00:40 fire SlowQueries@db'))
    expect(played.world.incidentOf('DiskFull@db').muted).toBeUndefined()
    expect(played.world.entries.map(({ kind }) => kind)).toContain('unmuted')
  })

  test('a muted alert that resolves leaves the one that is not, and the other way round', () => {
    const played = play([
      mute('00:00', 's1', 'alertname=DiskFull', '00:00-50:00'),
      ...recordsOf('00:10 fire DiskFull@db\n00:40 fire SlowQueries@db'),
    ])
    played.play(recordsOf('02:00 resolve SlowQueries@db since=00:40 until=02:00'))
    expect(played.world.incidentOf('DiskFull@db').muted).toBe(true)
    played.play(recordsOf('03:00 fire SlowQueries@db'))
    expect(played.world.incidentOf('DiskFull@db').muted).toBeUndefined()
  })

  test('nothing muted is lost when the mute ends', () => {
    const played = play([
      mute('00:00', 's1', '{service="db"}', '00:00-10:00'),
      ...recordsOf('00:10 fire DiskFull@db'),
    ])
    expect(played.correlator.wakeAt()).toBeLessThanOrEqual(at('10:00'))
    played.play(recordsOf('09:59 tick'))
    expect(told(played, 'DiskFull@db')).toBe('silence s1')
    played.play(recordsOf('10:00 tick'))
    expect(told(played, 'DiskFull@db')).toBe('told')
    expect(played.world.incidentOf('DiskFull@db').muted).toBeUndefined()
  })

  test('covers what fires already, and uncovers it when a person ends it', () => {
    const played = play(recordsOf('00:10 fire DiskFull@db'))
    played.play([mute('01:00', 's1', 'service=db', '01:00-50:00')])
    expect(told(played, 'DiskFull@db')).toBe('silence s1')
    played.play([mute('02:00', 's1', 'service=db', '01:00-02:00', { version: 2 })])
    expect(told(played, 'DiskFull@db')).toBe('told')
  })

  test('an older version that is told again changes nothing', () => {
    const first = mute('01:00', 's1', 'service=db', '01:00-50:00')
    const played = play(recordsOf('00:10 fire DiskFull@db'))
    const longer = mute('02:00', 's1', 'service=db', '01:00-55:00', { version: 2 })
    played.play([first, longer, { ...first, at: at('03:00') } as EventsRecord])
    expect(played.world.alert('DiskFull@db').muting?.[0]?.until).toBe(at('55:00'))
  })

  test('a pattern that cannot be read mutes nothing', () => {
    const broken = mute('00:00', 's1', '{service=~"("}', '00:00-50:00')
    const played = play([broken, ...recordsOf('00:10 fire DiskFull@db')])
    expect(told(played, 'DiskFull@db')).toBe('told')
  })

  test('beyond the limit the one that ends first is forgotten', () => {
    const played = play(
      [
        mute('00:00', 's1', 'service=db', '00:00-10:00'),
        ...recordsOf('00:10 fire DiskFull@db'),
        mute('00:20', 's2', 'service=web', '00:00-20:00'),
      ],
      { settings: { mutesMax: 1 } },
    )
    expect(told(played, 'DiskFull@db')).toBe('told')
  })
})

describe('a maintenance window', () => {
  const topology = topologyOf(`
    web depends_on db
    db runs_on host1
    disk part_of host1
    switch connects_to host1
    mail runs_on host2`)
  const window = (clock: string, cis: string[], spans: string): EventsRecord =>
    mute(clock, 'w1', '', spans, { reason: 'maintenance', title: 'new disks', cis })

  test('mutes the CI and all that depends on it, runs on it or is a part of it', () => {
    const played = play(
      [
        window('00:00', ['host1'], '00:00-50:00'),
        ...recordsOf(`
          00:10 fire Down@host1
          00:20 fire Down@db
          00:30 fire Errors@web
          00:40 fire Failed@disk
          00:50 fire PortDown@switch
          01:00 fire Down@mail`),
      ],
      { topology },
    )
    const subjects = ['Down@host1', 'Down@db', 'Errors@web', 'Failed@disk']
    expect(subjects.map((subject) => told(played, subject))).toEqual(
      subjects.map(() => 'maintenance w1'),
    )
    expect([told(played, 'PortDown@switch'), told(played, 'Down@mail')]).toEqual(['told', 'told'])
  })

  test('follows the topology as it changes', () => {
    const played = play(
      [window('00:00', ['host2'], '00:00-50:00'), ...recordsOf('00:10 fire Down@db')],
      { topology },
    )
    expect(told(played, 'Down@db')).toBe('told')
    const moved = topologyOf('web depends_on db\ndb runs_on host2')
    played.play([{ kind: 'topology', at: at('01:00'), topology: moved }])
    expect(told(played, 'Down@db')).toBe('maintenance w1')
  })

  test('a recurring one mutes in each of its spans and not between them', () => {
    const played = play([
      window('00:00', ['db'], '01:00-02:00 03:00-04:00 04:00-05:00'),
      ...recordsOf('00:10 fire DiskFull@db'),
    ])
    const states = ['00:59', '01:00', '01:59', '02:00', '03:00', '04:00', '05:00'].map((clock) => {
      played.play(recordsOf(`${clock} tick`))
      return `${clock} ${told(played, 'DiskFull@db')}`
    })
    expect(states).toEqual([
      '00:59 told',
      '01:00 maintenance w1',
      '01:59 maintenance w1',
      '02:00 told',
      '03:00 maintenance w1',
      '04:00 maintenance w1',
      '05:00 told',
    ])
  })
})

describe('auto-pause', () => {
  const settings = { autoPause: 'on', autoPauseEndsMin: 3, autoPauseMs: 300_000 } as const
  /** It comes each hour and goes by itself within a minute. */
  const history = recordsOf(
    [1, 2, 3, 4, 5, 6]
      .map(
        (hour) => `
          ${hour}:00:00 fire Blip@db
          ${hour}:01:00 resolve Blip@db since=${hour}:00:00 until=${hour}:01:00`,
      )
      .join('\n'),
  )

  test('holds back what usually resolves by itself, and says so on the incident', () => {
    const played = play([...history, ...recordsOf('8:00:00 fire Blip@db')], { settings })
    expect(told(played, 'Blip@db')).toBe('transient blip')
    expect(played.world.incidentOf('Blip@db').muting?.[0]?.text).toBe(
      'Held back for up to 5 min: 100 % of the Blip alerts so far resolved by themselves within that.',
    )
  })

  test('nothing muted is lost: what stays is told once the time is over', () => {
    const played = play([...history, ...recordsOf('8:00:00 fire Blip@db')], { settings })
    expect(played.correlator.wakeAt()).toBeLessThanOrEqual(at('8:05:00'))
    played.play(recordsOf('8:05:00 tick'))
    expect(told(played, 'Blip@db')).toBe('told')
    expect(played.world.incidentOf('Blip@db').muted).toBeUndefined()
  })

  test('does nothing unless it is switched on, nor to what is not known well enough', () => {
    const later = recordsOf('8:00:00 fire Blip@db\n8:00:10 fire Other@web')
    expect(told(play([...history, ...later]), 'Blip@db')).toBe('told')
    expect(told(play([...history, ...later], { settings }), 'Other@web')).toBe('told')
  })

  test('what flaps is no transient', () => {
    const flapping = recordsOf(
      [0, 20, 40, 60, 80, 100]
        .map((second) => {
          const clock = (s: number) => `8:${String(Math.floor(s / 60)).padStart(2, '0')}:${s % 60}`
          return `${clock(second)} fire Blip@db
            ${clock(second + 10)} resolve Blip@db since=${clock(second)} until=${clock(second + 10)}`
        })
        .concat('8:02:10 fire Blip@db')
        .join('\n'),
    )
    expect(told(play([...history, ...flapping], { settings }), 'Blip@db')).toBe('told')
  })
})

describe('determinism', () => {
  const inhibition = [
    { name: 'dead', sourceMatchers: ['alertname=Down'], targetMatchers: ['severity=warning'] },
  ]
  const settings = {
    ...defaultCorrelatorSettings,
    inhibition,
    autoPause: 'on',
    autoPauseEndsMin: 1,
  } as const
  const log: EventsRecord[] = [
    { kind: 'topology', at: at('00:00'), topology: topologyOf('web depends_on db') },
    mute('00:01', 's1', '{service=~"d.*"}', '00:01-10:00'),
    ...recordsOf(`
      00:10 fire Down@db
      00:20 fire Slow@web severity=warning
      01:00 resolve Down@db since=00:10 until=01:00`),
    mute('01:10', 'w1', '', '02:00-05:00 30:00-40:00', { reason: 'maintenance', cis: ['db'] }),
    ...recordsOf('02:00 fire Full@db\n02:30 fire Down@db\n05:00 tick\n10:00 tick'),
    mute('11:00', 's1', '{service=~"w.*"}', '00:01-45:00', { version: 2 }),
    ...recordsOf('31:00 tick\n32:00 fire Late@web\n41:00 tick\n46:00 tick'),
  ]

  test('a snapshot at any position and the rest of the log equal the undisturbed run', () => {
    const whole = createCorrelator(settings)
    const undisturbed = log.map((record, offset) => whole.apply(record, offset))
    expect(JSON.stringify(undisturbed)).toContain('inhibition')
    for (let cut = 1; cut < log.length; cut++) {
      const before = createCorrelator(settings)
      for (const [offset, record] of log.slice(0, cut).entries()) before.apply(record, offset)
      const after = restoreCorrelator(before.snapshot(), settings)
      const rest = log.slice(cut).map((record, index) => after.apply(record, cut + index))
      expect(JSON.stringify(rest)).toBe(JSON.stringify(undisturbed.slice(cut)))
    }
  })
})
