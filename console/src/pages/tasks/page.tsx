// What is to be done, over all tickets: open tasks, and what reviews said must get better.
import type { TaskView } from '../../api/types.ts'
import type { Column } from '../../parts/data-table.tsx'
import { ListPage } from '../../parts/list-page.tsx'
import { QueryTabs } from '../../parts/query-tabs.tsx'
import { RowButton } from '../../parts/row-button.tsx'
import { StatusMark } from '../../parts/severity.tsx'
import { TASK_KIND_WORDS } from '../../parts/task-list.tsx'
import { Time } from '../../parts/time.tsx'
import { query, setQuery } from '../../router.ts'
import { usePages } from '../../state/pages.ts'
import { type Sending, useSending } from '../../state/send.ts'
import { incidentPath, requestPath } from '../paths.ts'

const ticketPath = ({ kind, ticketId }: TaskView): string =>
  kind === 'fulfilment' ? requestPath(ticketId) : incidentPath(ticketId)

const columns = (sending: Sending): Column<TaskView>[] => [
  { title: 'Status', cell: ({ status }) => <StatusMark status={status} /> },
  { title: 'What', cell: (task) => <a href={ticketPath(task)}>{task.title}</a>, grows: true },
  { title: 'Kind', cell: ({ kind }) => TASK_KIND_WORDS[kind] || 'task', wideOnly: true },
  { title: 'By', cell: ({ assignee, doneBy }) => doneBy ?? assignee ?? '–', wideOnly: true },
  {
    title: 'Since',
    cell: ({ createdAt }) => <Time at={createdAt} />,
    numeric: true,
    wideOnly: true,
  },
  {
    title: 'Do',
    cell: ({ id, status, title }) => {
      const action = status === 'open' ? 'complete' : 'reopen'
      return (
        <RowButton
          label={status === 'open' ? 'Done' : 'Reopen'}
          about={title}
          onClick={() => sending.tell(`/api/v1/tasks/${encodeURIComponent(id)}/${action}`)}
        />
      )
    },
  },
]

const VIEWS = [
  ['', 'Open'],
  ['improvements', 'Improvements'],
  ['done', 'Done'],
] as const

/** Improvements are what post-incident reviews ask for, done or not. */
const ASKED: Readonly<Record<string, string>> = {
  improvements: 'kind=review-action',
  done: 'status=done',
}

const addressOf = (): string => {
  const view = ASKED[query.value.get('view') ?? ''] ?? 'status=open'
  const who = query.value.get('assignee') ?? ''
  return `/api/v1/tasks?${view}${who === '' ? '' : `&assignee=${encodeURIComponent(who)}`}`
}

export const TasksPage = () => {
  const sending = useSending()
  return (
    <ListPage
      title="Tasks"
      pages={usePages<TaskView>(addressOf(), sending.round)}
      columns={columns(sending)}
      keyOf={({ id }) => id}
      tools={
        <>
          <QueryTabs name="view" label="Which" choices={VIEWS} />
          <input
            type="search"
            aria-label="By whom"
            placeholder="By whom"
            value={query.value.get('assignee') ?? ''}
            onInput={(event) => setQuery({ assignee: event.currentTarget.value })}
          />
        </>
      }
      empty={
        <>
          <h2>Nothing to do here</h2>
          <p>
            Tasks are added on an incident, come with a runbook or a request, or are the actions of
            a post-incident review: those are listed as improvements.
          </p>
        </>
      }
    />
  )
}
