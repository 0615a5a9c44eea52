// A small bar chart with its axes and units, for a dozen values; larger ones are uPlot's.

export interface BarValue {
  readonly label: string
  readonly value: number
}

interface BarsProps {
  readonly values: readonly BarValue[]
  /** What the bars count, for the axis and for readers of the table behind it. */
  readonly unit: string
  readonly label: string
}

const WIDTH = 480
const HEIGHT = 120
const LEFT = 32
const FOOT = 20
const HEAD = 8
const LABELS_MAX = 6

export const Bars = ({ values, unit, label }: BarsProps) => {
  const most = Math.max(1, ...values.map(({ value }) => value))
  const slot = (WIDTH - LEFT) / Math.max(1, values.length)
  const scale = (HEIGHT - FOOT - HEAD) / most
  const every = Math.ceil(values.length / LABELS_MAX)
  return (
    <svg class="bars" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {[0, most].map((value) => (
        <g key={value}>
          <line
            class="grid"
            x1={LEFT}
            x2={WIDTH}
            y1={HEIGHT - FOOT - value * scale}
            y2={HEIGHT - FOOT - value * scale}
          />
          <text class="axis end" x={LEFT - 6} y={HEIGHT - FOOT - value * scale + 4}>
            {value}
          </text>
        </g>
      ))}
      {values.map(({ label: name, value }, i) => (
        <g key={name}>
          <rect
            x={LEFT + i * slot + slot * 0.15}
            y={HEIGHT - FOOT - value * scale}
            width={slot * 0.7}
            height={value * scale}
          >
            <title>
              {name}: {value} {unit}
            </title>
          </rect>
          {i % every === 0 && (
            <text class="axis middle" x={LEFT + (i + 0.5) * slot} y={HEIGHT - 4}>
              {name}
            </text>
          )}
        </g>
      ))}
    </svg>
  )
}
