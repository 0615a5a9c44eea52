// What a benchmark says and how it is shown: readings in, medians with their spread out.
import { execFileSync } from 'node:child_process'
import { cpus, loadavg, totalmem } from 'node:os'

/** One figure from one run. */
export interface Reading {
  /** Which benchmark: core, pipeline, log or edge. */
  readonly part: string
  /** What it was put to. */
  readonly load: string
  readonly figure: string
  readonly unit: string
  readonly value: number
}

/** The same figure over all repeats. */
export interface Row extends Omit<Reading, 'value'> {
  readonly values: readonly number[]
}

export interface Machine {
  readonly model: string
  readonly cores: number
  readonly memoryGiB: number
  readonly node: string
  readonly commit: string
  /** One-minute load average before anything was started. */
  readonly loadAtStart: number
}

/** Above it other work takes part of the cores, and wall rates say little. */
export const QUIET_LOAD_MAX = 1

const commitOf = (): string => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

export const describeMachine = (): Machine => ({
  model: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 1024 ** 3),
  node: process.version,
  commit: commitOf(),
  loadAtStart: loadavg()[0]!,
})

export const machineLine = (machine: Machine): string => {
  const { model, cores, memoryGiB, node, commit, loadAtStart } = machine
  const line =
    `${cores} cores of ${model}, ${memoryGiB} GiB, Node ${node}, commit ${commit}, ` +
    `load ${loadAtStart.toFixed(2)} at the start`
  return loadAtStart <= QUIET_LOAD_MAX
    ? line
    : `${line}\nWARNING: others are using this machine; trust CPU seconds, not wall rates.`
}

/** Readings of one figure become one row, in the order in which figures first appeared. */
export const rowsOf = (readings: readonly Reading[]): Row[] => {
  const rows = new Map<string, Row & { values: number[] }>()
  for (const { value, ...figure } of readings) {
    const key = [figure.part, figure.load, figure.figure].join('\n')
    const row = rows.get(key)
    if (row === undefined) rows.set(key, { ...figure, values: [value] })
    else row.values.push(value)
  }
  return [...rows.values()]
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** @param share 0 to 1; the nearest rank */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

const DIGITS_BELOW = 100

export const shown = (value: number): string =>
  Math.abs(value) >= DIGITS_BELOW
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(3)))

const spread = (values: readonly number[]): string =>
  values.length === 1 ? '' : `${shown(Math.min(...values))} to ${shown(Math.max(...values))}`

const HEAD = ['part', 'load', 'figure', 'median', 'unit', 'spread']
const NUMBER_COLUMNS: ReadonlySet<number> = new Set([3])

export const tableOf = (rows: readonly Row[]): string => {
  const cells = rows.map(({ part, load, figure, unit, values }) => [
    part,
    load,
    figure,
    shown(median(values)),
    unit,
    spread(values),
  ])
  const lines = [HEAD, ...cells]
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  const pad = (cell: string, column: number): string =>
    NUMBER_COLUMNS.has(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n')
}
