// What a backtest's scores and comparisons say, in lines for a terminal.
import type { BacktestSummary } from './backtest.ts'
import type { Comparison } from './compare.ts'
import type { LabelledScore } from './labels.ts'
import type { Mismatch, PartitionScore } from './score.ts'

const MISMATCHES_SHOWN = 10
const PARTS_SHOWN = 6

const figure = (value: number): string => value.toFixed(4)

const scoreLine = (name: string, { units, pairwise, ari, bCubed }: PartitionScore): string =>
  [
    name.padEnd(12),
    `${units} units`.padStart(14),
    `  pairwise P ${figure(pairwise.precision)} R ${figure(pairwise.recall)}`,
    ` F1 ${figure(pairwise.f1)}   ARI ${figure(ari)}`,
    `   B-cubed P ${figure(bCubed.precision)} R ${figure(bCubed.recall)} F1 ${figure(bCubed.f1)}`,
  ].join('')

const partsOf = (mismatch: Mismatch, alone: string): string => {
  const shown = mismatch.parts
    .slice(0, PARTS_SHOWN)
    .map(({ incident, units }) => `${incident === '' ? alone : incident} (${units})`)
  const hidden = mismatch.parts.length - shown.length
  return [...shown, ...(hidden > 0 ? [`${hidden} more`] : [])].join(', ')
}

const mismatchLines = (title: string, list: readonly Mismatch[], alone: string): string[] => [
  `${title}: ${list.length}`,
  ...list
    .slice(0, MISMATCHES_SHOWN)
    .map((mismatch) => `  ${mismatch.incident}: ${partsOf(mismatch, alone)}`),
  ...(list.length > MISMATCHES_SHOWN ? [`  … ${list.length - MISMATCHES_SHOWN} more`] : []),
]

export const describeScores = (scores: LabelledScore): string[] => [
  scoreLine('alerts', scores.alerts),
  scoreLine('fault alerts', scores.faultAlerts),
  scoreLine('events', scores.events),
  ...(scores.unassigned > 0 ? [`labels without an assignment: ${scores.unassigned}`] : []),
  ...mismatchLines('wrong merges', scores.wrongMerges, 'unlabelled'),
  ...mismatchLines('missed merges', scores.missedMerges, 'in no incident'),
]

const side = (name: string, summary: BacktestSummary): string[] => [
  `${name}: ${summary.alerts} alerts, ${summary.incidents} incidents, ${summary.problems} problems`,
  ...(summary.scores
    ? [
        scoreLine('  alerts', summary.scores.alerts),
        scoreLine('  fault', summary.scores.faultAlerts),
      ]
    : []),
]

export const describeComparison = (comparison: Comparison): string[] => [
  ...side('A', comparison.a),
  ...side('B', comparison.b),
  `agreement of A and B (ARI): ${figure(comparison.agreementAri)}`,
  ...mismatchLines('incidents of A that B splits', comparison.splitByB, 'in no incident'),
  ...mismatchLines('incidents of B that join several of A', comparison.joinedByB, 'in no incident'),
]
