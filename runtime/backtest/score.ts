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
  /**
   * What it holds: true incidents of a wrong merge, found ones of a missed merge; most first.
   * '' stands for all units that are alone on that side.
   */
  readonly parts: readonly { readonly incident: string; readonly units: number }[]
}

/** The contingency table of true and found groups; what stands alone is counted, not tabulated. */
interface Table {
  readonly units: number
  readonly cells: readonly (readonly [truth: string, found: string, count: number])[]
  readonly truthSizes: ReadonlyMap<string, number>
  readonly foundSizes: ReadonlyMap<string, number>
  /** Units that only the other side puts into a group. */
  readonly aloneInFound: ReadonlyMap<string, number>
  readonly aloneInTruth: ReadonlyMap<string, number>
}

const bump = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

const tabulate = (units: readonly Unit[]): Table => {
  const rows = new Map<string, Map<string, number>>()
  const truthSizes = new Map<string, number>()
  const foundSizes = new Map<string, number>()
  const aloneInFound = new Map<string, number>()
  const aloneInTruth = new Map<string, number>()
  for (const { truth, found } of units) {
    if (truth !== undefined) bump(truthSizes, truth)
    if (found !== undefined) bump(foundSizes, found)
    if (truth !== undefined && found === undefined) bump(aloneInFound, truth)
    if (truth === undefined && found !== undefined) bump(aloneInTruth, found)
    if (truth === undefined || found === undefined) continue
    const row = rows.get(truth)
    if (row === undefined) rows.set(truth, new Map([[found, 1]]))
    else bump(row, found)
  }
  const cells = [...rows].flatMap(([truth, row]) =>
    [...row].map(([found, count]) => [truth, found, count] as const),
  )
  return { units: units.length, cells, truthSizes, foundSizes, aloneInFound, aloneInTruth }
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

/** Each unit's share of its own group on one side that it also meets on the other; summed. */
const agreement = (
  table: Table,
  side: 0 | 1,
  sizes: ReadonlyMap<string, number>,
  aloneElsewhere: ReadonlyMap<string, number>,
): number => {
  const grouped = sum(sizes.values())
  const together = sum(table.cells.map((cell) => cell[2] ** 2 / sizes.get(cell[side])!))
  const apart = sum([...aloneElsewhere].map(([group, count]) => count / sizes.get(group)!))
  return table.units - grouped + together + apart
}

const scoreTable = (table: Table): PartitionScore => {
  const both = sum(table.cells.map(([, , count]) => pairsOf(count)))
  const truth = sum([...table.truthSizes.values()].map(pairsOf))
  const found = sum([...table.foundSizes.values()].map(pairsOf))
  const all = pairsOf(table.units)
  const expected = all === 0 ? 0 : (truth * found) / all
  const highest = (truth + found) / 2
  return {
    units: table.units,
    pairwise: rates(share(both, found), share(both, truth)),
    ari: highest === expected ? 1 : (both - expected) / (highest - expected),
    bCubed: rates(
      share(agreement(table, 1, table.foundSizes, table.aloneInTruth), table.units),
      share(agreement(table, 0, table.truthSizes, table.aloneInFound), table.units),
    ),
  }
}

/** Linear in the units and in the occupied cells of their contingency table. */
export const scorePartition = (units: readonly Unit[]): PartitionScore =>
  scoreTable(tabulate(units))

/** Groups on one side (0 = truth, 1 = found) that meet more than one on the other. */
const mixed = (table: Table, side: 0 | 1): Mismatch[] => {
  const other = side === 0 ? 1 : 0
  const alone = side === 0 ? table.aloneInFound : table.aloneInTruth
  const parts = new Map<string, { incident: string; units: number }[]>()
  const note = (group: string, incident: string, units: number): void => {
    const list = parts.get(group)
    if (list === undefined) parts.set(group, [{ incident, units }])
    else list.push({ incident, units })
  }
  for (const cell of table.cells) note(cell[side], cell[other], cell[2])
  for (const [group, count] of alone) note(group, '', count)
  return [...parts]
    .filter(([group, list]) => list.length > 1 || (alone.get(group) ?? 0) > 1)
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
  const { cells, truthSizes, foundSizes, aloneInFound } = tabulate(units)
  const best = new Map<string, number>()
  const reach = (truth: string, shared: number, foundSize: number): void => {
    const f1 = (2 * shared) / (truthSizes.get(truth)! + foundSize)
    best.set(truth, Math.max(best.get(truth) ?? 0, f1))
  }
  for (const [truth, found, count] of cells) reach(truth, count, foundSizes.get(found)!)
  for (const truth of aloneInFound.keys()) reach(truth, 1, 1)
  return truthSizes.size === 0 ? 0 : sum(best.values()) / truthSizes.size
}
