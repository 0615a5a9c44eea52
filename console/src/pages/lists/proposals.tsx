// CIs that alerts speak of and nobody has entered: proposed, never added without a person's word.
import { can } from '../../api/capabilities.ts'
import { post } from '../../api/client.ts'
import type { ProposalView } from '../../api/types.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Time } from '../../parts/time.tsx'
import { useResource } from '../../state/resource.ts'
import { say } from '../../state/toasts.ts'
import { countText, plural } from '../../text/counts.ts'

const columns = (onAdopt: (proposal: ProposalView) => void): Column<ProposalView>[] => [
  { title: 'Kind', cell: ({ kind }) => kind },
  { title: 'Name', cell: ({ name }) => name, grows: true },
  { title: 'From label', cell: ({ label }) => label, wideOnly: true },
  { title: 'Alerts', cell: ({ alerts }) => countText(alerts), numeric: true },
  {
    title: 'Last seen',
    cell: ({ lastSeen }) => <Time at={lastSeen} />,
    numeric: true,
    wideOnly: true,
  },
  {
    title: 'Adopt',
    cell: (proposal) => (
      <button type="button" class="quiet" onClick={() => onAdopt(proposal)}>
        Adopt
      </button>
    ),
  },
]

export const Proposals = ({ onAdopted }: { onAdopted: () => void }) => {
  const known = can('GET /api/v1/cis/proposals') && can('POST /api/v1/cis')
  const { data, reload } = useResource<{ items: ProposalView[] }>(
    known ? '/api/v1/cis/proposals' : undefined,
  )
  if (data === undefined || data.items.length === 0) return null
  const adopt = ({ id, kind, name }: ProposalView): void =>
    void post('/api/v1/cis', { id, kind, name, attributes: {} }).then((answer) => {
      if (!answer.ok) say(answer.refusal.detail, 'bad')
      reload()
      onAdopted()
    })
  return (
    <details class="block">
      <summary>
        {plural(data.items.length, 'CI')} that alerts speak of and nobody has entered
      </summary>
      <DataTable
        label="Proposed CIs"
        columns={columns(adopt)}
        rows={data.items}
        keyOf={({ id }) => id}
      />
    </details>
  )
}
