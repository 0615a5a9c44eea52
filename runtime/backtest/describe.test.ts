// What people read after a scored backtest.
import { expect, test } from 'vitest'
import { describeScores } from './describe.ts'
import { scoreLabels } from './labels.ts'

test('names the merges that are wrong and those that were missed, worst first', () => {
  const truth = ['A', 'A', 'A', 'B', 'B', 'C']
  const found = ['x', 'x', 'y', 'x', '', '']
  const labels = truth.map((incident, i) => ({
    line: i + 1,
    index: 0,
    incident,
    noise: incident === 'C',
    first: true,
  }))
  const lines = describeScores(scoreLabels(labels, (line) => found[line - 1]))
  expect(lines[0]).toMatch(/^alerts +6 units +pairwise P 0\.3333 R 0\.2500 F1 0\.2857 +ARI/)
  expect(lines.slice(3)).toEqual([
    'wrong merges: 1',
    '  x: A (2), B (1)',
    'missed merges: 2',
    '  A: x (2), y (1)',
    '  B: x (1), in no incident (1)',
  ])
})
