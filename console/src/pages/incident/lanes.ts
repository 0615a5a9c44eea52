// Alert lanes: when each alert fired and cleared, as shares of one common time span.
import type { AlertView, IncidentDetail, TimelineView } from '../../api/types.ts'
import { clockText, dayText } from '../../text/time.ts'

/** Shares of the span, 0 to 1. */
export interface Bar {
  readonly from: number
  readonly to: number
  readonly open: boolean
}

export interface Span {
  /** ms UTC */
  readonly from: number
  readonly to: number
}

/** Air at both ends, so that a bar never starts on the edge. */
const MARGIN_SHARE = 0.02
const SPAN_MIN_MS = 60_000

const beginOf = (alert: AlertView): number =>
  Math.min(Date.parse(alert.startsAt), Date.parse(alert.firstSeen))

const endOf = (alert: AlertView, now: number): number =>
  alert.resolvedAt === undefined ? now : Date.parse(alert.resolvedAt)

export const spanOf = (incident: IncidentDetail, now: number): Span => {
  const { alerts } = incident
  const from = Math.min(Date.parse(incident.openedAt), ...alerts.map(beginOf))
  const last = Math.max(Date.parse(incident.lastEventAt), ...alerts.map((a) => endOf(a, now)))
  const length = Math.max(last - from, SPAN_MIN_MS)
  const margin = length * MARGIN_SHARE
  return { from: from - margin, to: from + length + margin }
}

export const shareOf = (span: Span, at: number): number =>
  Math.min(1, Math.max(0, (at - span.from) / (span.to - span.from)))

/** Where the timeline says that the alert cleared and fired again, its lane has gaps. */
export const barsOf = (
  alert: AlertView,
  timeline: readonly TimelineView[],
  span: Span,
  now: number,
): Bar[] => {
  const bars: Bar[] = []
  let begin: number | undefined = beginOf(alert)
  const close = (at: number, open: boolean): void => {
    if (begin === undefined || at < begin) return
    bars.push({ from: shareOf(span, begin), to: shareOf(span, at), open })
    begin = undefined
  }
  for (const entry of timeline) {
    if (entry.alertId !== alert.id) continue
    const at = Date.parse(entry.at)
    if (entry.kind === 'alert-resolved') close(at, false)
    else if (entry.kind === 'alert-refired') begin ??= at
  }
  close(endOf(alert, now), alert.status === 'firing')
  return bars
}

const DAY_MS = 86_400_000

const STEPS_MS = [
  10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000,
  43_200_000, 86_400_000, 172_800_000, 604_800_000,
]

/** A label any closer to the end would stand over the edge. */
const LAST_TICK_SHARE = 0.96

/** Longer spans are told by days. */
const CLOCK_SPAN_MAX_MS = 2 * DAY_MS

export const tickText = (span: Span, at: number): string =>
  span.to - span.from > CLOCK_SPAN_MAX_MS ? dayText(at) : clockText(at).slice(0, 5)

/** Round moments across the span, at most `ticksMax`. */
export const ticksOf = (span: Span, ticksMax: number): number[] => {
  const length = span.to - span.from
  const step =
    STEPS_MS.find((ms) => length / ms <= ticksMax) ?? Math.ceil(length / ticksMax / DAY_MS) * DAY_MS
  const first = Math.ceil(span.from / step) * step
  const ticks: number[] = []
  for (let at = first; shareOf(span, at) < LAST_TICK_SHARE; at += step) ticks.push(at)
  return ticks
}
