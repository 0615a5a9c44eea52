// Merging: which incident the others go into is a person's choice, the oldest the usual one.
import { useState } from 'preact/hooks'
import type { IncidentSummary } from '../../api/types.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { SeverityShape } from '../../parts/severity.tsx'
import { Age } from '../../parts/time.tsx'
import { decide } from '../../state/actions.ts'
import { plural } from '../../text/counts.ts'

const CANDIDATES_MAX = 30

interface MergeDialogProps {
  readonly incidents: readonly IncidentSummary[]
  /** Where a lone incident could go. */
  readonly others: readonly IncidentSummary[]
  readonly onClose: (merged: boolean) => void
}

const shareCi = (a: IncidentSummary, b: IncidentSummary): number =>
  a.cis.filter((ci) => b.cis.includes(ci)).length

/** The chosen ones, oldest first; for a lone one the others, most CIs in common first. */
const targets = ({ incidents, others }: MergeDialogProps): readonly IncidentSummary[] => {
  const [lone] = incidents
  if (incidents.length > 1 || lone === undefined)
    return incidents.toSorted((a, b) => (a.openedAt < b.openedAt ? -1 : 1))
  return others
    .filter(({ id, status }) => id !== lone.id && status !== 'merged' && status !== 'closed')
    .toSorted((a, b) => shareCi(b, lone) - shareCi(a, lone))
    .slice(0, CANDIDATES_MAX)
}

export const MergeDialog = (props: MergeDialogProps) => {
  const choices = targets(props)
  const [into, setInto] = useState(choices[0]?.id)
  const sources = props.incidents.filter(({ id }) => id !== into)
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (into === undefined) return
    decide({ action: 'merge', verb: 'Merge', doing: 'merging', incidents: sources, body: { into } })
    props.onClose(true)
  }
  return (
    <Dialog
      title={`Merge ${plural(sources.length, 'incident')} into`}
      onClose={() => props.onClose(false)}
    >
      <form class="form" onSubmit={submit}>
        <div class="choices">
          {choices.map((choice) => (
            <label key={choice.id} class="choice">
              <input
                type="radio"
                name="into"
                checked={choice.id === into}
                onChange={() => setInto(choice.id)}
              />
              <SeverityShape severity={choice.severity} />
              <span class="num">{choice.number}</span>
              <span class="choice-title">{choice.title}</span>
              <Age since={choice.openedAt} />
            </label>
          ))}
        </div>
        {choices.length === 0 && <p>There is no other incident to merge into.</p>}
        <button type="submit" class="primary" disabled={into === undefined || sources.length === 0}>
          Merge
        </button>
      </form>
    </Dialog>
  )
}
