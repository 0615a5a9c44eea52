// Gathers the scores of many runs into one table: means with their spread, as Markdown and JSON.

/** One figure of one method on one traffic; NaN where it does not apply. */
export interface Figure {
  readonly traffic: string
  readonly method: string
  readonly measure: string
  readonly value: number
}

export interface Spread {
  readonly mean: number
  readonly lowest: number
  readonly highest: number
  readonly count: number
}

export const spreadOf = (values: readonly number[]): Spread | undefined => {
  const valid = values.filter((value) => !Number.isNaN(value))
  if (valid.length === 0) return undefined
  return {
    mean: valid.reduce((sum, value) => sum + value, 0) / valid.length,
    lowest: Math.min(...valid),
    highest: Math.max(...valid),
    count: valid.length,
  }
}

const short = (value: number): string => value.toFixed(3).replace(/^0\./, '.')

const cellOf = (spread: Spread | undefined): string => {
  if (spread === undefined) return '–'
  if (spread.count === 1) return short(spread.mean)
  return `${short(spread.mean)} (${short(spread.lowest)}–${short(spread.highest)})`
}

const unique = (list: readonly string[]): string[] => [...new Set(list)]

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** Methods down; across, each measure by group of traffic, in order of first appearance. */
export const markdownTable = (
  figures: readonly Figure[],
  groupOf: (traffic: string) => string,
  measures: readonly string[],
): string => {
  const groups = unique(figures.map((figure) => groupOf(figure.traffic)))
  const columns = measures.flatMap((measure) => groups.map((group) => ({ group, measure })))
  const filled = columns.filter(({ group, measure }) =>
    figures.some(
      (figure) =>
        groupOf(figure.traffic) === group &&
        figure.measure === measure &&
        !Number.isNaN(figure.value),
    ),
  )
  const lines = [
    row(['', ...filled.map(({ group, measure }) => `${measure} ${group}`.trim())]),
    row(['---', ...filled.map(() => '---')]),
  ]
  const measured = figures.filter((figure) => measures.includes(figure.measure))
  for (const method of unique(measured.map((figure) => figure.method))) {
    const cells = filled.map(({ group, measure }) =>
      cellOf(
        spreadOf(
          figures
            .filter(
              (figure) =>
                figure.method === method &&
                figure.measure === measure &&
                groupOf(figure.traffic) === group,
            )
            .map((figure) => figure.value),
        ),
      ),
    )
    lines.push(row([method, ...cells]))
  }
  return lines.join('\n')
}
