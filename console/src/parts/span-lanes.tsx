// Things with a beginning and an end as bars over one time axis, with now marked.
import { now } from '../clock.ts'
import { dayText, utcText } from '../text/time.ts'

export interface SpanLane {
  readonly id: string
  readonly label: string
  readonly href: string
  /** ms UTC */
  readonly from: number
  readonly to: number
  /** Said on hover, beside the times. */
  readonly words: string
  readonly over: boolean
}

interface SpanLanesProps {
  readonly lanes: readonly SpanLane[]
  /** ms UTC */
  readonly from: number
  readonly to: number
}

const DAY_MS = 86_400_000
const percent = (share: number): string => `${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%`

const midnights = (from: number, to: number, every: number): number[] => {
  const first = new Date(from)
  first.setHours(24, 0, 0, 0)
  const days: number[] = []
  for (let at = first.getTime(); at < to; at += every * DAY_MS) days.push(at)
  return days
}

export const SpanLanes = ({ lanes, from, to }: SpanLanesProps) => {
  const share = (at: number): number => (at - from) / (to - from)
  const here = percent(share(now.value))
  return (
    <div class="spans">
      <div class="span-row span-axis" aria-hidden="true">
        <span class="span-track">
          {midnights(from, to, 4).map((at) => (
            <span key={at} class="lane-tick num" style={{ insetInlineStart: percent(share(at)) }}>
              {dayText(at)}
            </span>
          ))}
        </span>
      </div>
      <ul>
        {lanes.map((lane) => (
          <li key={lane.id} class="span-row">
            <a href={lane.href}>{lane.label}</a>
            <span class="span-track">
              <span class="span-now" style={{ insetInlineStart: here }} />
              <span
                class={`span-bar${lane.over ? ' span-over' : ''}`}
                title={`${lane.words}: ${utcText(lane.from)} to ${utcText(lane.to)}`}
                style={{
                  insetInlineStart: percent(share(lane.from)),
                  inlineSize: percent(share(lane.to) - Math.max(0, share(lane.from))),
                }}
              />
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
