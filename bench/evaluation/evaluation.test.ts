// How the evaluation judges hints, problems and attack chains, and how it tells spreads.
import { describe, expect, test } from 'vitest'
import type { Incident } from '../../domain/incident.ts'
import type { ProblemCandidate } from '../../domain/problem.ts'
import type { Label } from '../../runtime/backtest/labels.ts'
import type { Ledger } from '../../runtime/backtest/ledger.ts'
import { isAit, scoreAit } from './ait.ts'
import { scoreCauses } from './causes.ts'
import { markdownTable } from './table.ts'

const label = (line: number, incident: string): Label => ({
  line,
  index: 0,
  incident,
  noise: false,
  first: true,
})

const ledgerOf = (
  hints: Record<string, { ci: string; change?: string; score: number }[]>,
  problems: Record<string, string[]> = {},
): Ledger =>
  ({
    incidents: new Map(
      Object.entries(hints).map(([id, list]) => [id, { id, hints: list, cis: [] }]),
    ) as unknown as ReadonlyMap<string, Incident>,
    problems: new Map(
      Object.entries(problems).map(([id, incidentIds]) => [id, { id, incidentIds }]),
    ) as unknown as ReadonlyMap<string, ProblemCandidate>,
    finalIncident: (id: string) => id,
  }) as Ledger

const cause = (incident: string, root: string, pattern?: string, change?: string) => ({
  incident,
  root,
  pattern,
  change,
})

describe('causes', () => {
  test('a root counts by its rank among different CIs, in the incident with most of its alerts', () => {
    const labels = [label(1, 'A'), label(2, 'A'), label(3, 'A'), label(4, 'B')]
    const found = (line: number) => ['', 'x', 'y', 'y', 'z'][line]
    const ledger = ledgerOf({
      x: [{ ci: 'db', score: 9 }],
      y: [
        { ci: 'db', score: 1 },
        { ci: 'web', score: 3 },
        { ci: 'web', change: 'c', score: 2 },
      ],
      z: [{ ci: 'other', score: 1 }],
    })
    const score = scoreCauses(
      [cause('A', 'db', undefined, 'c'), cause('B', 'q')],
      labels,
      found,
      ledger,
    )
    expect(score).toMatchObject({
      rootAt1: 0,
      rootAt3: 0.5,
      rootAt5: 0.5,
      rootMrr: 0.25,
      changeAt3: 1,
    })
  })

  test('a pattern is promoted when a problem holds three of its occurrences and little else', () => {
    const labels = ['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((name, i) => label(i + 1, name))
    const found = (line: number) => `f${line}`
    const causes = [
      ...['A', 'B', 'C'].map((name) => cause(name, 'db', 'P')),
      ...['D', 'E', 'F'].map((name) => cause(name, 'web', 'Q')),
      cause('G', 'web'),
    ]
    const hints = Object.fromEntries(labels.map((_, i) => [`f${i + 1}`, []]))
    const whole = ledgerOf(hints, { p: ['f1', 'f2', 'f3'], q: ['f3', 'f4', 'f5'] })
    expect(scoreCauses(causes, labels, found, whole)).toMatchObject({ promoted: 0.5, pure: 0.5 })
  })

  test('by the third occurrence means that the first three are among those held', () => {
    const labels = ['A', 'B', 'C', 'D'].map((name, i) => label(i + 1, name))
    const causes = ['A', 'B', 'C', 'D'].map((name) => cause(name, 'db', 'P'))
    const score = (held: string[]) =>
      scoreCauses(
        causes,
        labels,
        (line) => `f${line}`,
        ledgerOf({ f1: [], f2: [], f3: [], f4: [] }, { p: held }),
      )
    expect(score(['f1', 'f2', 'f3', 'f4'])).toMatchObject({ promoted: 1, promotedByThird: 1 })
    expect(score(['f1', 'f2', 'f4'])).toMatchObject({ promoted: 1, promotedByThird: 0 })
  })

  test('what does not occur is no figure rather than a zero', () => {
    const score = scoreCauses([cause('A', 'db')], [label(1, 'A')], () => 'x', ledgerOf({ x: [] }))
    expect([score.changeAt3, score.promoted, score.pure]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ])
  })
})

describe('attack chains', () => {
  const labels = [label(1, 's/scan'), label(2, 's/crack'), label(3, 's/dnsteal'), label(4, '')]

  test('are recognised by their names', () => {
    expect(isAit(labels)).toBe(true)
    expect(isAit([...labels, label(5, 'INC-1')])).toBe(false)
    expect(isAit([label(1, '')])).toBe(false)
  })

  test('are all steps of a scenario but dnsteal, which is its own', () => {
    const perfect = scoreAit(labels, (line) => (line <= 2 ? 'chain' : `f${line}`))
    expect(perfect.chain).toBe(1)
    expect(perfect.step).toBeCloseTo((2 / 3 + 2 / 3 + 1) / 3, 10)
  })
})

test('a table gives the mean with its spread, and a dash where nothing was measured, and no row without any', () => {
  const figures = [
    { traffic: 'day/1', method: 'ours', measure: 'F1', value: 0.9 },
    { traffic: 'day/2', method: 'ours', measure: 'F1', value: 0.8 },
    { traffic: 'other', method: 'theirs', measure: 'F1', value: 1 },
    { traffic: 'other', method: 'ours', measure: 'F1', value: Number.NaN },
    { traffic: 'other', method: 'neither', measure: 'speed', value: 1 },
  ]
  const table = markdownTable(figures, (traffic) => traffic.split('/')[0]!, ['F1'])
  expect(table).toBe(
    [
      '|  | F1 day | F1 other |',
      '| --- | --- | --- |',
      '| ours | .850 (.800–.900) | – |',
      '| theirs | – | 1.000 |',
    ].join('\n'),
  )
})
