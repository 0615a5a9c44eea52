// Merging: which incident the others go into is a person's choice, the oldest the usual one.
import type { IncidentSummary } from '../../api/types.ts'
import { IncidentChooser } from '../../parts/incident-chooser.tsx'
import { decide } from '../../state/actions.ts'
import { plural } from '../../text/counts.ts'

const CANDIDATES_MAX = 30

const shared = (a: IncidentSummary, b: IncidentSummary): number =>
  a.cis.filter((ci) => b.cis.includes(ci)).length

/** Where something of an incident could go: the open ones, most CIs in common first. */
export const candidatesFor = (
  incident: IncidentSummary,
  others: readonly IncidentSummary[],
): IncidentSummary[] =>
  others
    .filter(({ id, status }) => id !== incident.id && status !== 'merged' && status !== 'closed')
    .toSorted((a, b) => shared(b, incident) - shared(a, incident))
    .slice(0, CANDIDATES_MAX)

interface MergeDialogProps {
  readonly incidents: readonly IncidentSummary[]
  /** Where a lone incident could go. */
  readonly others: readonly IncidentSummary[]
  readonly onClose: (merged: boolean) => void
}

export const MergeDialog = ({ incidents, others, onClose }: MergeDialogProps) => {
  const [lone] = incidents
  const choices =
    incidents.length > 1 || lone === undefined
      ? incidents.toSorted((a, b) => (a.openedAt < b.openedAt ? -1 : 1))
      : candidatesFor(lone, others)
  const without = (into: string | undefined) => incidents.filter(({ id }) => id !== into)
  return (
    <IncidentChooser
      title={(into) => `Merge ${plural(without(into).length, 'incident')} into`}
      verb="Merge"
      choices={choices}
      onClose={() => onClose(false)}
      onChoose={(into) => {
        const words = { action: 'merge', verb: 'Merge', doing: 'merging' }
        decide({ ...words, incidents: without(into), body: { into } })
        onClose(true)
      }}
    />
  )
}
