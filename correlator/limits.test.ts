// The limit on live alerts: what goes beyond it, and that no count suffers from it.
import { describe, expect, test } from 'vitest'
import { MINUTE_MS } from '../domain/time.ts'
import { at, play, recordsOf } from './testing/scenario.ts'

const settings = { alertsMax: 10, settleAfterMs: MINUTE_MS }

/** `count` conditions on CIs of their own, one a second from the given minute. */
const many = (count: number, minute: number, name = 'DiskFull') =>
  recordsOf(
    Array.from({ length: count }, (_, i) => {
      const second = minute * 60 + i
      return `${Math.floor(second / 60)}:${second % 60} fire ${name}@ci${minute}x${i}`
    }).join('\n'),
  )

describe('more live alerts than alertsMax', () => {
  test('those longest unheard of are forgotten, and counted', () => {
    const { correlator } = play([...many(30, 0), { kind: 'tick', at: at('03:00') }], { settings })
    expect(correlator.stats().liveAlerts).toBe(10)
    expect(correlator.stats().alertsForgotten).toBe(20)
  })

  test('an alert that keeps being told is kept', () => {
    const { correlator, world } = play(
      [
        ...recordsOf('00:00 fire LoadHigh@kept'),
        ...many(8, 1),
        ...recordsOf('02:30 fire LoadHigh@kept since=00:00'),
        ...many(8, 3),
        { kind: 'tick', at: at('06:00') },
      ],
      { settings },
    )
    expect(correlator.stats().liveAlerts).toBe(10)
    expect(world.alert('LoadHigh@kept').status).toBe('firing')
  })

  test('their incidents count on and can resolve', () => {
    const { world } = play(
      [...many(30, 0), { kind: 'tick', at: at('03:00') }, { kind: 'tick', at: at('10:00') }],
      { settings },
    )
    const all = [...world.incidents.values()].filter(({ status }) => status !== 'merged')
    expect(all.reduce((sum, { alertCount }) => sum + alertCount, 0)).toBe(30)
    expect(all.reduce((sum, { firingCount }) => sum + firingCount, 0)).toBe(10)
    expect(all.filter(({ status }) => status === 'resolved').length).toBeGreaterThan(0)
  })
})
