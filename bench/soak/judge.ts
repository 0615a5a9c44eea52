// Whether a figure stays or grows: its slope with the slope's error, against what is allowed.

/** One look at a figure. */
export interface Look {
  /** Since the load began. */
  readonly seconds: number
  readonly value: number
}

export interface Line {
  /** Of the figure, an hour. */
  readonly perHour: number
  /** Standard error of that. */
  readonly error: number
}

export type Verdict = 'flat' | 'grows' | 'undecided'

/**
 * Neighbouring looks are alike (a heap rises until it is collected), so a line through all of them
 * would seem far surer than it is: it goes through the medians of blocks instead.
 */
const BLOCKS = 16
/** Two errors hold the truth 19 times of 20. */
const ERRORS = 2
const HOUR_SECONDS = 3_600
const BLOCKS_MIN = 4

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

const blocksOf = (looks: readonly Look[]): Look[] => {
  const blocks = Math.min(BLOCKS, looks.length)
  return Array.from({ length: blocks }, (_, index) => {
    const from = Math.floor((index * looks.length) / blocks)
    const block = looks.slice(from, Math.floor(((index + 1) * looks.length) / blocks))
    return {
      seconds: mean(block.map(({ seconds }) => seconds)),
      value: median(block.map(({ value }) => value)),
    }
  })
}

/** Least squares; NaN where there is too little to draw a line through. */
export const lineOf = (looks: readonly Look[]): Line => {
  const blocks = blocksOf(looks.filter(({ value }) => Number.isFinite(value)))
  if (blocks.length < BLOCKS_MIN) return { perHour: Number.NaN, error: Number.NaN }
  const at = mean(blocks.map(({ seconds }) => seconds))
  const level = mean(blocks.map(({ value }) => value))
  const spread = blocks.reduce((sum, { seconds }) => sum + (seconds - at) ** 2, 0)
  const slope =
    blocks.reduce((sum, { seconds, value }) => sum + (seconds - at) * (value - level), 0) / spread
  const left = blocks.reduce(
    (sum, { seconds, value }) => sum + (value - level - slope * (seconds - at)) ** 2,
    0,
  )
  const error = Math.sqrt(left / (blocks.length - 2) / spread)
  return { perHour: slope * HOUR_SECONDS, error: error * HOUR_SECONDS }
}

/**
 * @param perHourMax what may come on top in an hour
 * @returns `undecided` where the limit lies within the error: a longer run would tell
 */
export const judge = ({ perHour, error }: Line, perHourMax: number): Verdict => {
  if (perHour - ERRORS * error > perHourMax) return 'grows'
  return perHour + ERRORS * error <= perHourMax ? 'flat' : 'undecided'
}
