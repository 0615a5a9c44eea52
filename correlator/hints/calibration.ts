// From the share of belief that a hint got to how often hints like it were right.

/** Points (belief, hit rate), both ascending; between them it is linear, before the first flat. */
export type CalibrationTable = readonly (readonly [belief: number, hitRate: number])[]

/** One hint that was judged: its raw belief, and whether it named the cause. */
export type Judged = readonly [belief: number, right: boolean]

/**
 * Fitted with `fitCalibration` on simulated estates of all profiles and on variants of a recorded
 * one, grouped by the correlator. No hint is told as surer than 0.995.
 */
export const DEFAULT_CALIBRATION: CalibrationTable = [
  [0, 0.002],
  [0.001, 0.03],
  [0.004, 0.046],
  [0.01, 0.067],
  [0.024, 0.15],
  [0.051, 0.167],
  [0.083, 0.233],
  [0.163, 0.333],
  [0.299, 0.5],
  [0.517, 0.6],
  [0.745, 0.833],
  [0.914, 0.933],
  [0.997, 0.985],
  [1, 0.995],
]

export const calibrate = (belief: number, table: CalibrationTable): number => {
  const at = table.findIndex(([x]) => x >= belief)
  const above = table[at] ?? table.at(-1)
  const below = table[at - 1] ?? above
  if (!above || !below) return belief
  const [x0, y0] = below
  const [x1, y1] = above
  return x1 === x0 ? y1 : y0 + ((belief - x0) / (x1 - x0)) * (y1 - y0)
}

/** Judged hints per point of the table: fewer say too little about a rate. */
const POINT_MIN = 30

/**
 * Isotonic regression: hints are taken in order of belief, at least `POINT_MIN` to a block, and
 * blocks that would make the rate fall are pooled (pool adjacent violators).
 */
export const fitCalibration = (judged: readonly Judged[]): CalibrationTable => {
  const blocks: { beliefs: number; rights: number; size: number }[] = []
  let open = { beliefs: 0, rights: 0, size: 0 }
  for (const [belief, right] of [...judged].sort(([a], [b]) => a - b)) {
    open.beliefs += belief
    open.rights += right ? 1 : 0
    open.size += 1
    if (open.size < POINT_MIN) continue
    blocks.push(open)
    open = { beliefs: 0, rights: 0, size: 0 }
    while (blocks.length > 1 && falls(blocks.at(-2)!, blocks.at(-1)!)) {
      const last = blocks.pop()!
      const into = blocks.at(-1)!
      into.beliefs += last.beliefs
      into.rights += last.rights
      into.size += last.size
    }
  }
  return blocks.map(({ beliefs, rights, size }) => [beliefs / size, rights / size] as const)
}

interface Rate {
  readonly rights: number
  readonly size: number
}

const falls = (a: Rate, b: Rate): boolean => a.rights * b.size >= b.rights * a.size
