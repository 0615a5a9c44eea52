// Scores one grouping of alerts against the truth: pairwise, ARI, B-cubed, merges by incident.

/** One alert (or event) with its true and its found group; undefined stands alone. */
export interface Unit {
  readonly truth: string | undefined
  readonly found: string | undefined
}

export interface Rates {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

export interface PartitionScore {
  readonly units: number
  /** Over all unordered pairs of units. */
  readonly pairwise: Rates
  /** Adjusted Rand index (Hubert and Arabie, 1985): 0 is chance, 1 is perfect. */
  readonly ari: number
  /** Bagga and Baldwin, 1998: each unit's own precision and recall, averaged. */
  readonly bCubed: Rates
}

export interface Mismatch {
  /** The found incident of a wrong merge; the true incident of a missed merge. */
  readonly incident: string
  readonly units: number
  /** What it holds: true incidents of a wrong merge, found ones of a missed merge; most first. */
  readonly parts: readonly { readonly incident: string; readonly units: number }[]
}

/** Cells of the contingency table; a unit without a group gets one of its own. */
interface Table {
  readonly units: number
  readonly cells: readonly (readonly [truth: string, found: string, count: number])[]
  readonly truthSizes: ReadonlyMap<string, number>
  readonly foundSizes: ReadonlyMap<string, number>
}

/** Cannot begin a label read from a file, so that it never meets a named group. */
const ALONE = '\u0000'

const bump = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

const rowOf = (rows: Map<string, Map<string, number>>, key: string): Map<string, number> => {
  const known = rows.get(key)
  if (known) return known
  const row = new Map<string, number>()
  rows.set(key, row)
  return row
}

const tabulate = (units: readonly Unit[]): Table => {
  const rows = new Map<string, Map<string, number>>()
  const truthSizes = new Map<string, number>()
  const foundSizes = new Map<string, number>()
  for (const [i, unit] of units.entries()) {
    const truth = unit.truth ?? `${ALONE}${i}`
    const found = unit.found ?? `${ALONE}${i}`
    bump(truthSizes, truth)
    bump(foundSizes, found)
    bump(rowOf(rows, truth), found)
  }
  const cells = [...rows].flatMap(([truth, row]) =>
    [...row].map(([found, count]) => [truth, found, count] as const),
  )
  return { units: units.length, cells, truthSizes, foundSizes }
}

const pairsOf = (n: number): number => (n * (n - 1)) / 2

const sum = (values: Iterable<number>): number => {
  let total = 0
  for (const value of values) total += value
  return total
}

/** No pairs to find, or none found, is no error. */
const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole)

const rates = (precision: number, recall: number): Rates => ({
  precision,
  recall,
  f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
})

const scoreTable = (table: Table): PartitionScore => {
  const both = sum(table.cells.map(([, , count]) => pairsOf(count)))
  const truth = sum([...table.truthSizes.values()].map(pairsOf))
  const found = sum([...table.foundSizes.values()].map(pairsOf))
  const all = pairsOf(table.units)
  const expected = all === 0 ? 0 : (truth * found) / all
  const highest = (truth + found) / 2
  const square = (sizes: ReadonlyMap<string, number>, by: 0 | 1): number =>
    sum(table.cells.map((cell) => cell[2] ** 2 / sizes.get(cell[by])!))
  return {
    units: table.units,
    pairwise: rates(share(both, found), share(both, truth)),
    ari: highest === expected ? 1 : (both - expected) / (highest - expected),
    bCubed: rates(
      share(square(table.foundSizes, 1), table.units),
      share(square(table.truthSizes, 0), table.units),
    ),
  }
}

/** Linear in the units and in the occupied cells of their contingency table. */
export const scorePartition = (units: readonly Unit[]): PartitionScore =>
  scoreTable(tabulate(units))

/** Groups on one side (0 = truth, 1 = found) that meet more than one on the other. */
const mixed = (table: Table, side: 0 | 1): Mismatch[] => {
  const other = side === 0 ? 1 : 0
  const parts = new Map<string, { incident: string; units: number }[]>()
  for (const cell of table.cells) {
    const list = parts.get(cell[side]) ?? []
    parts.set(cell[side], list)
    list.push({ incident: cell[other].startsWith(ALONE) ? '' : cell[other], units: cell[2] })
  }
  return [...parts]
    .filter(([, list]) => list.length > 1)
    .map(([incident, list]) => ({
      incident,
      units: sum(list.map((part) => part.units)),
      parts: list.sort((a, b) => b.units - a.units),
    }))
    .sort((a, b) => b.units - a.units)
}

/** Found incidents that hold alerts of more than one true incident. */
export const wrongMerges = (units: readonly Unit[]): Mismatch[] => mixed(tabulate(units), 1)

/** True incidents whose alerts ended in more than one found incident. */
export const missedMerges = (units: readonly Unit[]): Mismatch[] => mixed(tabulate(units), 0)

/**
 * Mean, over the true incidents, of the best F1 that any one found incident reaches: single
 * bursts cannot dominate it. Units without a true incident are background: they only make found
 * incidents larger. Zero true incidents score 0.
 */
export const macroBestMatch = (units: readonly Unit[]): number => {
  const foundSizes = new Map<string, number>()
  const truthSizes = new Map<string, number>()
  const shared = new Map<string, Map<string, number>>()
  for (const [i, unit] of units.entries()) {
    const found = unit.found ?? `${ALONE}${i}`
    bump(foundSizes, found)
    if (unit.truth === undefined) continue
    bump(truthSizes, unit.truth)
    bump(rowOf(shared, unit.truth), found)
  }
  let total = 0
  for (const [truth, row] of shared) {
    const size = truthSizes.get(truth)!
    let best = 0
    for (const [found, count] of row)
      best = Math.max(best, (2 * count) / (size + foundSizes.get(found)!))
    total += best
  }
  return shared.size === 0 ? 0 : total / shared.size
}
