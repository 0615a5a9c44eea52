// The time gap adapts to how fast a scope's incidents grow, from CI to CI and within bounds.
import { describe, expect, test } from 'vitest'
import { defaultCorrelatorSettings } from '../settings.ts'
import { play, recordsOf, topologyOf } from '../testing/scenario.ts'
import { alongCurve } from './time-gap.ts'

const TOPOLOGY = topologyOf('web depends_on db')
const clock = (minute: number, second: number): string =>
  `${Math.floor(minute / 60)}:${minute % 60}:${second}`

/** Every forty minutes the database fails and what needs it follows; then once after a minute. */
const historyOf = (times: number, followsAfterS: number): string => {
  const minutes = Array.from({ length: times }, (_, i) => i * 40)
  const last = times * 40
  return [
    ...minutes.flatMap((minute) => [
      `${clock(minute, 0)} fire SlowQueries@db`,
      `${clock(minute, followsAfterS)} fire ErrorRateHigh@web`,
      `${clock(minute + 4, 0)} resolve SlowQueries@db`,
      `${clock(minute + 4, 1)} resolve ErrorRateHigh@web`,
    ]),
    `${clock(last, 0)} fire SlowQueries@db`,
    `${clock(last, 60)} fire ErrorRateHigh@web`,
  ].join('\n')
}

/** What a gap of one minute from CI to CI weighs after such a history. */
const minuteAfter = (times: number, followsAfterS: number, paceMax = 3): number => {
  const weights = { ...defaultCorrelatorSettings.weights, paceMax }
  const { world } = play(recordsOf(historyOf(times, followsAfterS)), {
    topology: TOPOLOGY,
    settings: { weights },
  })
  const { evidence } = world.alert('ErrorRateHigh@web')
  return evidence.find(({ signal }) => signal === 'time-gap')?.weight ?? 0
}

describe('a gap of one minute', () => {
  const { timeKnotsMs, timeNext } = defaultCorrelatorSettings.weights
  const usual = alongCurve(60_000, timeKnotsMs, timeNext)

  test('weighs what the curve says as long as little was seen', () => {
    expect(minuteAfter(1, 5)).toBeCloseTo(usual, 1)
  })

  test('weighs more where incidents have grown slowly', () => {
    expect(minuteAfter(80, 170)).toBeGreaterThan(usual + 0.05)
  })

  test('weighs less where incidents have grown fast', () => {
    expect(minuteAfter(80, 5)).toBeLessThan(usual - 0.3)
  })

  test('weighs what the curve says where the pace is told not to matter', () => {
    expect(minuteAfter(80, 5, 1)).toBeCloseTo(usual, 1)
  })
})
