// A line chart over time by uPlot: axes with units, nothing else.
import { useEffect, useRef } from 'preact/hooks'
import uPlot, { type Axis, type Series } from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { theme } from '../../state/theme.ts'
import { clockText, dateTimeText, dayText } from '../../text/time.ts'

export interface Line {
  readonly label: string
  readonly values: readonly (number | null)[]
}

interface ChartProps {
  /** ms UTC */
  readonly times: readonly number[]
  /** ms UTC: what the axis shows, whatever there is to show on it. */
  readonly from: number
  readonly to: number
  readonly lines: readonly Line[]
  readonly format: (value: number) => string
  readonly label: string
}

const HEIGHT = 260
const Y_AXIS_WIDTH = 76
const COLOURS = ['--accent', '--line-2', '--line-3']
const DASHES = [[], [8, 4], [2, 3]]

const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim()

const axis = (): Axis => ({
  stroke: token('--ink-soft'),
  grid: { stroke: token('--line'), width: 1 },
  ticks: { stroke: token('--line'), width: 1 },
  font: `12px ${token('--font')}`,
})

const DAY_S = 86_400

/** Hours within a day, the day itself at midnight; in the viewer's zone. */
const tickText = (splits: number[], incrementS: number): string[] =>
  splits.map((at) => {
    const clock = clockText(at * 1_000).slice(0, 5)
    return incrementS >= DAY_S || clock === '00:00' ? dayText(at * 1_000) : clock
  })

/** Lines differ by dash as well as by colour. */
const seriesOf = ({ label }: Line, i: number, format: ChartProps['format']): Series => ({
  label,
  stroke: token(COLOURS[i % COLOURS.length] ?? '--ink'),
  width: i === 0 ? 2 : 1.5,
  dash: DASHES[i % DASHES.length] ?? [],
  points: { size: 5 },
  value: (_plot, value: number | null) => (value === null ? '–' : format(value)),
})

const timeText = (_plot: uPlot, at: number | null): string =>
  at === null ? '–' : dateTimeText(at * 1_000)

export const Chart = ({ times, from, to, lines, format, label }: ChartProps) => {
  const box = useRef<HTMLDivElement>(null)
  const dark = theme.value
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        series: [
          { label: 'Time', value: timeText },
          ...lines.map((line, i) => seriesOf(line, i, format)),
        ],
        axes: [
          {
            ...axis(),
            space: 80,
            values: (_plot, splits, _axis, _space, increment) => tickText(splits, increment),
          },
          { ...axis(), size: Y_AXIS_WIDTH, values: (_plot, values) => values.map(format) },
        ],
        scales: {
          x: { range: [from / 1_000, to / 1_000] },
          y: { range: (_plot, _low, high) => [0, Math.max(high * 1.1, 1e-6)] },
        },
        cursor: { drag: { x: false, y: false } },
      },
      [times.map((at) => at / 1_000), ...lines.map(({ values }) => values)] as uPlot.AlignedData,
      element,
    )
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: HEIGHT }),
    )
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [times, from, to, lines, dark])
  return <div ref={box} class="chart" role="img" aria-label={label} />
}
