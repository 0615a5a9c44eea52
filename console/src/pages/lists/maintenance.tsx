// Planned mutes: what is being worked on, so that nobody is told what it breaks.
import { useState } from 'preact/hooks'
import { post } from '../../api/client.ts'
import type { MaintenanceWindowView } from '../../api/types.ts'
import { now } from '../../clock.ts'
import type { Column } from '../../parts/data-table.tsx'
import type { Field } from '../../parts/fields.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { ListPage } from '../../parts/list-page.tsx'
import { StatusMark } from '../../parts/severity.tsx'
import { Time } from '../../parts/time.tsx'
import { usePages } from '../../state/pages.ts'
import { say } from '../../state/toasts.ts'
import { changePath } from '../paths.ts'

const HOUR_MS = 3_600_000

const fields = (at: number): Field[] => [
  { name: 'title', label: 'What is done', kind: 'line', required: true },
  { name: 'cis', label: 'CIs, one a line', kind: 'list', required: true },
  {
    name: 'startsAt',
    label: 'From',
    kind: 'time',
    required: true,
    value: new Date(at).toISOString(),
  },
  {
    name: 'endsAt',
    label: 'Until',
    kind: 'time',
    required: true,
    value: new Date(at + HOUR_MS).toISOString(),
  },
]

const columns = (onCancel: (id: string) => void): Column<MaintenanceWindowView>[] => [
  { title: 'State', cell: ({ status }) => <StatusMark status={status} /> },
  {
    title: 'What',
    cell: ({ title, changeId }) =>
      changeId === undefined ? title : <a href={changePath(changeId)}>{title}</a>,
    grows: true,
  },
  { title: 'CIs', cell: ({ cis }) => cis.join(', '), wideOnly: true },
  { title: 'By', cell: ({ createdBy }) => createdBy, wideOnly: true },
  { title: 'From', cell: ({ startsAt }) => <Time at={startsAt} />, numeric: true, wideOnly: true },
  { title: 'Until', cell: ({ endsAt }) => <Time at={endsAt} />, numeric: true },
  {
    title: 'Cancel',
    cell: ({ id, status }) =>
      status === 'planned' || status === 'active' ? (
        <button type="button" class="quiet" onClick={() => onCancel(id)}>
          Cancel
        </button>
      ) : (
        ''
      ),
  },
]

export const MaintenancePage = () => {
  const [planning, setPlanning] = useState(false)
  const [round, setRound] = useState(0)
  const tell = (address: string, body: unknown): void =>
    void post(address, body).then((answer) => {
      if (!answer.ok) say(answer.refusal.detail, 'bad')
      setRound((value) => value + 1)
    })
  const cancel = (id: string): void =>
    tell(`/api/v1/maintenance-windows/${encodeURIComponent(id)}/cancel`, {})
  return (
    <ListPage
      title="Maintenance"
      pages={usePages<MaintenanceWindowView>('/api/v1/maintenance-windows', round)}
      columns={columns(cancel)}
      keyOf={({ id }) => id}
      tools={
        <button type="button" class="primary" onClick={() => setPlanning(true)}>
          Plan maintenance
        </button>
      }
      empty={
        <>
          <h2>No maintenance planned</h2>
          <p>During a window alerts are recorded and correlated, but nobody is told.</p>
        </>
      }
    >
      {planning && (
        <FormDialog
          title="Plan maintenance"
          verb="Plan"
          fields={fields(now.peek())}
          onClose={() => setPlanning(false)}
          onSubmit={(body) => {
            setPlanning(false)
            tell('/api/v1/maintenance-windows', body)
          }}
        />
      )}
    </ListPage>
  )
}
