// Scores an assignments.csv against a truth.csv: tsx bench/measure.ts ASSIGNMENTS TRUTH [--merges]
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { parseLabels, positionKey, scoreLabels, unitsOf } from '../runtime/backtest/labels.ts'
import { macroBestMatch, type PartitionScore } from '../runtime/backtest/score.ts'

const MERGES_SHOWN = 20

const readText = (path: string): string => {
  const bytes = readFileSync(path)
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8')
}

const readAssignments = (path: string): Map<number, string> => {
  const found = new Map<number, string>()
  for (const row of readText(path).split('\n').slice(1)) {
    if (row === '') continue
    const [line, index, , , incident] = row.split(',')
    found.set(positionKey(Number(line), Number(index)), incident ?? '')
  }
  return found
}

const describe = (name: string, score: PartitionScore): string => {
  const figures = [
    `B3 ${score.bCubed.f1.toFixed(4)} (P ${score.bCubed.precision.toFixed(4)}`,
    `R ${score.bCubed.recall.toFixed(4)})`,
    `ARI ${score.ari.toFixed(4)}`,
    `pair F1 ${score.pairwise.f1.toFixed(4)} (P ${score.pairwise.precision.toFixed(4)}`,
    `R ${score.pairwise.recall.toFixed(4)})`,
  ]
  return `${name.padEnd(13)} ${String(score.units).padStart(7)} units  ${figures.join(' ')}\n`
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { merges: { type: 'boolean', default: false } },
})
const [assignments, truth] = positionals
if (assignments === undefined || truth === undefined) {
  process.stderr.write('usage: measure ASSIGNMENTS TRUTH [--merges]\n')
  process.exitCode = 2
} else {
  const found = readAssignments(assignments)
  const labels = parseLabels(readText(truth))
  const incidentOf = (line: number, index: number) => found.get(positionKey(line, index))
  const score = scoreLabels(labels, incidentOf)
  const units = unitsOf(
    labels.filter((label) => label.first),
    incidentOf,
  )
  process.stdout.write(
    describe('alerts', score.alerts) +
      describe('fault alerts', score.faultAlerts) +
      describe('events', score.events) +
      `macro best-match F1 ${macroBestMatch(units).toFixed(4)}, unassigned ${score.unassigned}, ` +
      `wrong merges ${score.wrongMerges.length}, missed ${score.missedMerges.length}\n`,
  )
  for (const [title, list] of values.merges
    ? ([
        ['wrong merge', score.wrongMerges],
        ['missed merge', score.missedMerges],
      ] as const)
    : [])
    for (const { incident, parts } of list.slice(0, MERGES_SHOWN)) {
      const shown = parts.map((part) => `${part.incident || '-'} x${part.units}`).join(', ')
      process.stdout.write(`${title} ${incident}: ${shown}\n`)
    }
}
