// How much time the next promise leaves, or that one was broken; by word and shape.
import type { IncidentSummary } from '../api/types.ts'
import { now } from '../clock.ts'
import { durationText, utcText } from '../text/time.ts'

type DueProps = { readonly incident: Pick<IncidentSummary, 'dueAt' | 'breached'> }

export const Due = ({ incident: { dueAt, breached } }: DueProps) => {
  if (breached === true) return <span class="breached">missed</span>
  if (dueAt === undefined) return <>–</>
  const at = Date.parse(dueAt)
  return (
    <time class="num" dateTime={dueAt} title={utcText(at)}>
      {at < now.value ? 'now' : `in ${durationText(at - now.value)}`}
    </time>
  )
}
