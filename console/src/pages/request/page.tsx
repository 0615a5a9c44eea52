// One service request: what was asked for, and what is being done about it.
import type { RequestDetail } from '../../api/types.ts'
import type { ActionForm } from '../../parts/action-bar.tsx'
import type { Field } from '../../parts/fields.tsx'
import { StatusMark } from '../../parts/severity.tsx'
import { TaskList } from '../../parts/task-list.tsx'
import { NotYet, TicketHead, useTicket, useTicketActions } from '../../parts/ticket.tsx'
import { Time } from '../../parts/time.tsx'
import { Timeline } from '../../parts/timeline.tsx'
import type { PageProps } from '../registry.ts'

const LIST = { href: '/requests', title: 'Requests' }
const reason: Field = { name: 'reason', label: 'Reason', kind: 'line', required: true }

const forms = (
  request: RequestDetail,
): Readonly<Record<RequestDetail['actions'][number], ActionForm>> => ({
  approve: { verb: 'Approve', key: 'a' },
  reject: { verb: 'Reject', fields: [reason] },
  fulfil: { verb: 'Fulfilled', key: 'f' },
  reopen: { verb: 'Reopen', fields: [reason] },
  close: { verb: 'Close' },
  assign: {
    verb: 'Assign',
    key: 'i',
    fields: [
      {
        name: 'assignee',
        label: 'Person',
        kind: 'line',
        value: request.assignee ?? '',
        clears: true,
      },
    ],
  },
  notes: {
    verb: 'Note',
    key: 'n',
    fields: [{ name: 'text', label: 'Note', kind: 'text', required: true }],
  },
  cancel: { verb: 'Cancel it', rare: true, fields: [reason] },
})

const Head = ({ request, onDone }: { request: RequestDetail; onDone: () => void }) => (
  <TicketHead
    ticket={request}
    list={LIST}
    forms={forms(request)}
    onAct={useTicketActions('requests', request, onDone)}
    marks={
      <>
        <StatusMark status={request.status} />
        <span class="faint">for {request.requester}</span>
      </>
    }
  />
)

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '')

const Form = ({ request }: { request: RequestDetail }) => (
  <section class="block" aria-labelledby="form">
    <h2 id="form">What was asked for</h2>
    <dl class="facts">
      {Object.entries((request.form ?? {}) as Record<string, unknown>).map(([name, value]) => (
        <div key={name} class="facts-row">
          <dt>{name}</dt>
          <dd class="lines">{asText(value)}</dd>
        </div>
      ))}
      <dt>Asked</dt>
      <dd>
        <Time at={request.createdAt} />
      </dd>
      {request.dueAt !== undefined && <dt>Due</dt>}
      {request.dueAt !== undefined && (
        <dd>
          <Time at={request.dueAt} />
        </dd>
      )}
      <dt>With</dt>
      <dd>{request.assignee ?? request.team ?? 'nobody'}</dd>
    </dl>
  </section>
)

export const RequestPage = ({ parameters }: PageProps) => {
  const { data, refusal, reload } = useTicket<RequestDetail>('requests', parameters.id ?? '')
  if (data === undefined) return <NotYet refusal={refusal} what="request" />
  return (
    <main class="page page-incident" id="page">
      <Head request={data} onDone={reload} />
      <div class="incident-main">
        <Form request={data} />
        <TaskList tasks={data.tasks} onDone={reload} />
      </div>
      <aside class="incident-side" aria-label="History">
        <Timeline entries={data.timeline} />
      </aside>
    </main>
  )
}
