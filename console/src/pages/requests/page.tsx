// Service requests: what people asked for, and the catalogue that they ask from.
import { useState } from 'preact/hooks'
import { post } from '../../api/client.ts'
import type { CatalogueItemView, Page, RequestDetail, RequestSummary } from '../../api/types.ts'
import type { Column } from '../../parts/data-table.tsx'
import { Due } from '../../parts/due.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { ListPage } from '../../parts/list-page.tsx'
import { QueryTabs } from '../../parts/query-tabs.tsx'
import { StatusMark } from '../../parts/severity.tsx'
import { Time } from '../../parts/time.tsx'
import { navigate, query } from '../../router.ts'
import { usePages } from '../../state/pages.ts'
import { useResource } from '../../state/resource.ts'
import { say } from '../../state/toasts.ts'
import { requestPath } from '../paths.ts'
import { fieldsOfSchema } from './schema-fields.ts'

const COLUMNS: readonly Column<RequestSummary>[] = [
  { title: 'Status', cell: ({ status }) => <StatusMark status={status} /> },
  { title: 'Number', cell: ({ number }) => <span class="num">{number}</span>, wideOnly: true },
  { title: 'What', cell: ({ id, title }) => <a href={requestPath(id)}>{title}</a>, grows: true },
  { title: 'For', cell: ({ requester }) => requester, wideOnly: true },
  { title: 'With', cell: ({ assignee, team }) => assignee ?? team ?? '–', wideOnly: true },
  {
    title: 'Due',
    cell: (request) => (request.fulfilledAt === undefined ? <Due incident={request} /> : 'done'),
    numeric: true,
  },
  {
    title: 'Asked',
    cell: ({ createdAt }) => <Time at={createdAt} />,
    numeric: true,
    wideOnly: true,
  },
]

const VIEWS = [
  ['', 'All'],
  ['awaiting-approval', 'To approve'],
  ['fulfilling', 'To fulfil'],
  ['fulfilled', 'Fulfilled'],
] as const

const Ask = ({ item, onClose }: { item: CatalogueItemView; onClose: () => void }) => (
  <FormDialog
    title={item.title}
    verb="Ask for it"
    intro={item.description}
    fields={fieldsOfSchema(item.form)}
    onClose={onClose}
    onSubmit={(values) =>
      void post<RequestDetail>('/api/v1/requests', { item: item.id, values }).then((answer) => {
        if (answer.ok) navigate(requestPath(answer.data.id))
        else say(answer.refusal.detail, 'bad')
        onClose()
      })
    }
  />
)

const Catalogue = ({ onAsk }: { onAsk: (item: CatalogueItemView) => void }) => {
  const { data } = useResource<Page<CatalogueItemView>>('/api/v1/catalogue')
  if (data === undefined || data.items.length === 0) return null
  return (
    <section class="block" aria-labelledby="catalogue">
      <h2 id="catalogue">What can be asked for</h2>
      <div class="labels">
        {data.items.map((item) => (
          <button type="button" key={item.id} title={item.description} onClick={() => onAsk(item)}>
            {item.title}
          </button>
        ))}
      </div>
    </section>
  )
}

export const RequestsPage = () => {
  const [asking, setAsking] = useState<CatalogueItemView>()
  const status = query.value.get('status') ?? ''
  const address = `/api/v1/requests${status === '' ? '' : `?status=${encodeURIComponent(status)}`}`
  return (
    <ListPage
      title="Requests"
      pages={usePages<RequestSummary>(address)}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      tools={<QueryTabs name="status" label="Status" choices={VIEWS} />}
      empty={
        <>
          <h2>No requests here</h2>
          <p>What people ask for from the catalogue appears here, apart from incidents.</p>
        </>
      }
    >
      <Catalogue onAsk={setAsking} />
      {asking !== undefined && <Ask item={asking} onClose={() => setAsking(undefined)} />}
    </ListPage>
  )
}
