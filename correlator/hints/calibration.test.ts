// The confidence shown: a monotone table from belief to hit rate, fitted from judged hints.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calibrate, DEFAULT_CALIBRATION, fitCalibration, type Judged } from './calibration.ts'

describe('calibration', () => {
  test('more belief never means less confidence', () => {
    const belief = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(belief, belief, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        const [x, y] = [low, high].map((each) => calibrate(each, DEFAULT_CALIBRATION))
        expect(x).toBeLessThanOrEqual(y!)
        expect(y).toBeLessThanOrEqual(1)
      }),
    )
  })

  test.each([
    [0, 0.2],
    [0.5, 0.2],
    [0.6, 0.5],
    [0.7, 0.8],
    [1, 0.8],
  ])('belief %f gives %f between and beyond the points', (belief, expected) => {
    const table = [
      [0.5, 0.2],
      [0.7, 0.8],
    ] as const
    expect(calibrate(belief, table)).toBeCloseTo(expected)
  })

  test('a fitted table is monotone and tells the rates that were seen', () => {
    const judged: Judged[] = []
    for (let i = 0; i < 400; i++) judged.push([i / 400, i % 4 === 0 || i > 300])
    const table = fitCalibration(judged)
    const rates = table.map(([, rate]) => rate)
    expect(rates).toEqual([...rates].sort((a, b) => a - b))
    expect(calibrate(0.2, table)).toBeCloseTo(0.25, 1)
    expect(calibrate(0.95, table)).toBeCloseTo(1, 1)
  })

  test('where beliefs are upside down, one rate remains', () => {
    const judged: Judged[] = []
    for (let i = 0; i < 200; i++) judged.push([i / 200, i < 100])
    expect(fitCalibration(judged)).toHaveLength(1)
    expect(fitCalibration([])).toEqual([])
    expect(calibrate(0.3, [])).toBe(0.3)
  })
})
