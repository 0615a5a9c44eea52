// Values become the words that people expect.
import { describe, expect, test } from 'vitest'
import { createIncidents } from '../../dev/incidents.ts'
import type { KpiView } from '../api/types.ts'
import { percentText, plural, weightText } from './counts.ts'
import { figureText, unitOfValue } from './kpi.ts'
import { summarise } from './summary.ts'
import { durationText, utcText } from './time.ts'
import { trendWords, weeklyCounts } from './trend.ts'
import { inViewerHours } from './week.ts'

const NOW = Date.parse('2026-03-10T09:30:00Z')

describe('a duration has two units at most', () => {
  test.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_000, '59 min'],
    [3_900_000, '1 h 05'],
    [90_000_000, '1 d 01 h'],
  ])('%d ms', (ms, expected) => expect(durationText(ms)).toBe(expected))
})

test('UTC is written out', () => expect(utcText(NOW)).toBe('2026-03-10 09:30:00 UTC'))

describe('counts, shares and weights', () => {
  test.each([
    [plural(1, 'alert'), '1 alert'],
    [plural(1_234, 'alert'), '1,234 alerts'],
    [percentText(0.835), '84 %'],
    [weightText(1.66), '+1.7'],
    [weightText(-0.44), '−0.4'],
  ])('%s', (got, expected) => expect(got).toBe(expected))
})

describe('an incident in one sentence', () => {
  const [incident] = createIncidents(NOW, 60)
  if (incident === undefined) throw new Error('the fixture has no incident')
  const firing = { ...incident, cis: ['db', 'api'], alertCount: 3, firingCount: 2 }

  test('open, with what it most likely began with', () =>
    expect(summarise(firing, NOW)).toMatch(
      /^3 alerts on db, api, 2 still firing after 9 min; most likely it began with change CHG-118 on payments-db \(\d+ % sure\)\.$/,
    ))

  test('over, without hints', () =>
    expect(summarise({ ...firing, hints: [], resolvedAt: new Date(NOW).toISOString() }, NOW)).toBe(
      '3 alerts on db, api, over after 9 min.',
    ))

  test('many CIs are counted, the first named', () =>
    expect(summarise({ ...firing, hints: [], cis: ['a', 'b', 'c', 'd'] }, NOW)).toContain(
      'on 4 CIs (a, b, c …)',
    ))
})

describe('KPI figures in their unit', () => {
  test.each([
    [0.9987, 'ratio', '99.9 %'],
    [1, 'ratio', '100 %'],
    [0.004, 'ratio', '0.4 %'],
    [0.87, 'ratio', '87 %'],
    [412, 'seconds', '6 min'],
    [90, 'minutes', '1 h 30'],
    [184_220, 'count', '184,220'],
    [null, 'count', '–'],
  ] as const)('%s %s', (value, unit, expected) => expect(figureText(value, unit)).toBe(expected))

  test('companions of the headline have units of their own', () => {
    const kpi = { unit: 'ratio', values: { ratio: 1, count: 2, mean_age_seconds: 3 } } as const
    const units = Object.keys(kpi.values).map((name) =>
      unitOfValue(kpi as unknown as KpiView, name),
    )
    expect(units).toEqual(['ratio', 'count', 'seconds'])
  })
})

describe('recurrence', () => {
  test.each([
    [0.06, 'worsening, +1.8 a month'],
    [-0.06, 'improving, −1.8 a month'],
    [0.001, 'steady'],
  ])('trend %d', (slope, expected) => expect(trendWords(slope)).toBe(expected))

  test('each moment counts in its week, none outside the span', () => {
    const day = 86_400_000
    const counts = weeklyCounts([NOW - day, NOW - 6 * day, NOW - 8 * day, NOW - 30 * day], NOW, 3)
    expect(counts.map(({ value }) => value)).toEqual([0, 1, 2])
  })

  test('the week turns with the viewer, and nothing is lost', () => {
    const utc = Array.from({ length: 168 }, (_, hour) => hour)
    expect(inViewerHours(utc, 60)[1]).toBe(0)
    expect(inViewerHours(utc, -60)[0]).toBe(1)
    expect(inViewerHours(utc, 60)[0]).toBe(167)
    expect(inViewerHours(utc, 330)).toEqual(utc)
    expect(inViewerHours(utc, 60).toSorted((a, b) => a - b)).toEqual(utc)
  })
})
