// From the share of belief that a hint got to how often hints like it were right.

/** Points (belief, hit rate), both ascending from (0, 0) to (1, 1); between them it is linear. */
export type CalibrationTable = readonly (readonly [belief: number, hitRate: number])[]

export const DEFAULT_CALIBRATION: CalibrationTable = [
  [0, 0],
  [1, 1],
]

export const calibrate = (belief: number, table: CalibrationTable): number => {
  const at = table.findIndex(([x]) => x >= belief)
  const [x1, y1] = table[at] ?? [1, 1]
  const [x0, y0] = table[at - 1] ?? [0, 0]
  return x1 === x0 ? y1 : y0 + ((belief - x0) / (x1 - x0)) * (y1 - y0)
}
