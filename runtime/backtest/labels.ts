// Joins a backtest's assignments with the truth by line and index, and scores the whole.
import {
  type Mismatch,
  missedMerges,
  type PartitionScore,
  scorePartition,
  type Unit,
  wrongMerges,
} from './score.ts'

export interface Label {
  readonly line: number
  readonly index: number
  /** Empty: belongs to nothing. */
  readonly incident: string
  readonly noise: boolean
  /** The first report of one life of an alert: the unit that scores count. */
  readonly first: boolean
}

export interface LabelledScore {
  /** First reports only: every alert counts once, however often its tool repeats it. */
  readonly alerts: PartitionScore
  /** Of those, what faults caused. */
  readonly faultAlerts: PartitionScore
  /** Every event in every delivery. */
  readonly events: PartitionScore
  /** Labels for which there is no assignment: refused or lost by the pipeline. */
  readonly unassigned: number
  readonly wrongMerges: readonly Mismatch[]
  readonly missedMerges: readonly Mismatch[]
}

/** Looks up the found incident; '' = in none; undefined = no such event came out. */
export type FoundIncident = (line: number, index: number) => string | undefined

const INDEX_SPAN = 1_000_000

/** One number for a position within a backtest, for use as a key. */
export const positionKey = (line: number, index: number): number => line * INDEX_SPAN + index

/** @throws SyntaxError naming the line that is not `line,index,incident,noise,first` */
export const parseLabels = (text: string): Label[] => {
  const labels: Label[] = []
  for (const [i, row] of text.split('\n').entries()) {
    if (i === 0 || row.trim() === '') continue
    const [line, index, incident, noise, first] = row.trim().split(',')
    if (!/^\d+$/.test(line ?? '') || !/^\d+$/.test(index ?? '') || first === undefined)
      throw new SyntaxError(`labels line ${i + 1} is not line,index,incident,noise,first: ${row}`)
    labels.push({
      line: Number(line),
      index: Number(index),
      incident: incident ?? '',
      noise: noise === '1',
      first: first === '1',
    })
  }
  return labels
}

export const unitsOf = (labels: readonly Label[], found: FoundIncident): Unit[] =>
  labels.map((label) => ({
    truth: label.incident === '' ? undefined : label.incident,
    found: found(label.line, label.index) || undefined,
  }))

export const scoreLabels = (labels: readonly Label[], found: FoundIncident): LabelledScore => {
  const firsts = labels.filter((label) => label.first)
  const alerts = unitsOf(firsts, found)
  return {
    alerts: scorePartition(alerts),
    faultAlerts: scorePartition(
      unitsOf(
        firsts.filter((label) => !label.noise),
        found,
      ),
    ),
    events: scorePartition(unitsOf(labels, found)),
    unassigned: labels.filter((label) => found(label.line, label.index) === undefined).length,
    wrongMerges: wrongMerges(alerts),
    missedMerges: missedMerges(alerts),
  }
}
