// `faultline backtest --compare A B`: what two configurations make of the same traffic.
import { join } from 'node:path'
import { type BacktestRun, type BacktestSummary, replayTraffic, type Traffic } from './backtest.ts'
import type { Ledger } from './ledger.ts'
import { writeJson, writeJsonLines, writeResults } from './results.ts'
import { type Mismatch, missedMerges, scorePartition, type Unit, wrongMerges } from './score.ts'

export interface CompareOptions extends Omit<Traffic, 'config'> {
  /** Two configuration files. */
  readonly configs: readonly [a: string, b: string]
  /** Gets `a/` and `b/`, each as a backtest writes it, and comparison.json. */
  readonly out: string
}

export interface Comparison {
  readonly a: BacktestSummary
  readonly b: BacktestSummary
  /** 1 where both group every event alike. */
  readonly agreementAri: number
  /** Incidents of A whose events B puts into several, with B's incidents. */
  readonly splitByB: readonly Mismatch[]
  /** Incidents of B that gather events of several of A's, with A's incidents. */
  readonly joinedByB: readonly Mismatch[]
}

/** Event by event; what belongs to no incident stands alone. */
const unitsOf = (a: Ledger, b: Ledger): Unit[] => {
  const units: Unit[] = []
  const second = b.assignments()
  for (const { line, index, incidentId } of a.assignments()) {
    const other = second.next().value
    if (other?.line !== line || other.index !== index)
      throw new Error(`the two runs differ in what they accepted, at line ${line} index ${index}`)
    units.push({ truth: incidentId || undefined, found: other.incidentId || undefined })
  }
  return units
}

export const compareRuns = (a: BacktestRun, b: BacktestRun): Comparison => {
  const units = unitsOf(a.ledger, b.ledger)
  return {
    a: a.summary,
    b: b.summary,
    agreementAri: scorePartition(units).ari,
    splitByB: missedMerges(units),
    joinedByB: wrongMerges(units),
  }
}

/** @throws as `runBacktest` does, and where the configurations accept different events */
export const compareBacktests = async (options: CompareOptions): Promise<Comparison> => {
  const { configs, out, ...traffic } = options
  const runs: BacktestRun[] = []
  for (const [i, config] of configs.entries()) {
    const run = await replayTraffic({ ...traffic, config })
    const folder = join(out, i === 0 ? 'a' : 'b')
    writeResults(folder, run.ledger)
    writeJsonLines(folder, 'rejects.jsonl', run.rejects)
    writeJson(folder, 'summary.json', run.summary)
    runs.push(run)
  }
  const comparison = compareRuns(runs[0]!, runs[1]!)
  writeJson(out, 'comparison.json', comparison)
  return comparison
}
