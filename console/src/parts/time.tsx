// Times on the page: in the viewer's zone, with UTC on hover, in the width that they keep.
import { now } from '../clock.ts'
import { clockText, dateTimeText, durationText, utcText } from '../text/time.ts'

interface TimeProps {
  /** ISO 8601. */
  readonly at: string
  readonly form?: 'clock' | 'date-time'
}

export const Time = ({ at, form = 'date-time' }: TimeProps) => {
  const ms = Date.parse(at)
  return (
    <time class="num" dateTime={at} title={utcText(ms)}>
      {form === 'clock' ? clockText(ms) : dateTimeText(ms)}
    </time>
  )
}

/** How long ago, growing by itself. */
export const Age = ({ since, until }: { since: string; until?: string | undefined }) => (
  <time class="num" dateTime={since} title={utcText(Date.parse(since))}>
    {durationText((until === undefined ? now.value : Date.parse(until)) - Date.parse(since))}
  </time>
)
