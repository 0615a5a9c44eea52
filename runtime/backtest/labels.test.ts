// How labels meet assignments.
import { describe, expect, test } from 'vitest'
import { parseLabels, scoreLabels } from './labels.ts'

const TRUTH = `line,index,incident,noise,first
1,0,INC-1,0,1
2,0,INC-1,0,0
2,1,INC-1,0,1
3,0,NOISE-1,1,1
4,0,,1,1
`

describe('labels', () => {
  test('a repeat of an alert does not count as an alert', () => {
    const found = new Map([
      ['1,0', 'a'],
      ['2,0', 'b'],
      ['2,1', 'a'],
      ['3,0', ''],
      ['4,0', ''],
    ])
    const score = scoreLabels(parseLabels(TRUTH), (line, index) => found.get(`${line},${index}`))
    expect(score.alerts.units).toBe(4)
    expect(score.alerts.bCubed.f1).toBe(1)
    expect(score.faultAlerts.units).toBe(2)
    expect(score.events.bCubed.recall).toBeLessThan(1)
    expect(score.unassigned).toBe(0)
  })

  test('an event that never came out is counted as unassigned', () => {
    const score = scoreLabels(parseLabels(TRUTH), (line) => (line === 3 ? undefined : 'x'))
    expect(score.unassigned).toBe(1)
  })

  test('a row that is no label is refused by its line number', () => {
    expect(() => parseLabels('line,index,incident,noise,first\n1,0,INC-1,0,1\nx,0,a,0,1')).toThrow(
      /line 3/,
    )
  })
})
