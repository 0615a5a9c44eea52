// The process register: who owns which process and runbook, and which need a look.
import { useState } from 'preact/hooks'
import { post } from '../../api/client.ts'
import type { ProcessView } from '../../api/types.ts'
import type { Column } from '../../parts/data-table.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { ListPage } from '../../parts/list-page.tsx'
import { QueryTabs } from '../../parts/query-tabs.tsx'
import { Time } from '../../parts/time.tsx'
import { navigate, query } from '../../router.ts'
import { useResource } from '../../state/resource.ts'
import { say } from '../../state/toasts.ts'
import { countText } from '../../text/counts.ts'
import { processPath } from '../paths.ts'
import { newProcessFields, processBody } from './form.ts'

type Row = ProcessView & { readonly attention: readonly string[] }

const COLUMNS: readonly Column<Row>[] = [
  { title: 'Kind', cell: ({ kind }) => kind },
  { title: 'Name', cell: ({ id, name }) => <a href={processPath(id)}>{name}</a>, grows: true },
  { title: 'Owner', cell: ({ owner }) => owner ?? '–', wideOnly: true },
  { title: 'Needs a look', cell: ({ attention }) => attention.join(', ') || '–' },
  { title: 'Steps', cell: ({ steps }) => countText(steps.length), numeric: true, wideOnly: true },
  {
    title: 'Review by',
    cell: ({ reviewBy }) => (reviewBy === undefined ? '–' : <Time at={reviewBy} />),
    numeric: true,
    wideOnly: true,
  },
]

const VIEWS = [
  ['', 'All'],
  ['runbook', 'Runbooks'],
  ['process', 'Processes'],
  ['attention', 'Need a look'],
] as const

const addressOf = (view: string): string => {
  if (view === '') return '/api/v1/processes'
  return `/api/v1/processes?${view === 'attention' ? 'attention=true' : `kind=${view}`}`
}

export const ProcessesPage = () => {
  const [writing, setWriting] = useState(false)
  const { data, refusal, loading } = useResource<{ items: Row[] }>(
    addressOf(query.value.get('view') ?? ''),
  )
  return (
    <ListPage
      title="Processes"
      pages={{ items: data?.items ?? [], refusal, loading }}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      tools={
        <>
          <QueryTabs name="view" label="Which" choices={VIEWS} />
          <button type="button" class="primary" onClick={() => setWriting(true)}>
            Write one
          </button>
        </>
      }
      empty={
        <>
          <h2>No processes here</h2>
          <p>A runbook linked to alerts or CIs shows on their incidents, with its steps.</p>
        </>
      }
    >
      {writing && (
        <FormDialog
          title="A new process or runbook"
          verb="Save"
          fields={newProcessFields}
          onClose={() => setWriting(false)}
          onSubmit={(body) =>
            void post<ProcessView>('/api/v1/processes', processBody(body)).then((answer) => {
              if (answer.ok) navigate(processPath(answer.data.id))
              else say(answer.refusal.detail, 'bad')
              setWriting(false)
            })
          }
        />
      )}
    </ListPage>
  )
}
