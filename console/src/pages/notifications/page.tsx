// Who was told what, on which channel, and what could not be said.
import type { NotificationView } from '../../api/types.ts'
import type { Column } from '../../parts/data-table.tsx'
import { FilterChips } from '../../parts/filter-chips.tsx'
import { ListPage } from '../../parts/list-page.tsx'
import { QueryTabs } from '../../parts/query-tabs.tsx'
import { RowButton } from '../../parts/row-button.tsx'
import { StatusMark } from '../../parts/severity.tsx'
import { Time } from '../../parts/time.tsx'
import { query } from '../../router.ts'
import { usePages } from '../../state/pages.ts'
import { type Sending, useSending } from '../../state/send.ts'
import { incidentPath } from '../paths.ts'

const columns = (sending: Sending): Column<NotificationView>[] => [
  { title: 'Status', cell: ({ status }) => <StatusMark status={status} /> },
  {
    title: 'Of',
    cell: ({ incidentId, number }) => <a href={incidentPath(incidentId)}>{number}</a>,
  },
  { title: 'Said', cell: ({ text }) => text, grows: true, wideOnly: true },
  { title: 'Channel', cell: ({ channel }) => channel },
  { title: 'Rule', cell: ({ rule }) => rule, wideOnly: true },
  {
    title: 'When',
    cell: ({ sentAt, dueAt }) => <Time at={sentAt ?? dueAt} />,
    numeric: true,
    wideOnly: true,
  },
  {
    title: 'Do',
    cell: ({ id, status, number, channel }) =>
      status === 'dead' ? (
        <RowButton
          label="Say it again"
          about={`${number} on ${channel}`}
          onClick={() => sending.tell(`/api/v1/notifications/${encodeURIComponent(id)}/replay`)}
        />
      ) : (
        ''
      ),
  },
]

const VIEWS = [
  ['', 'All'],
  ['pending', 'Waiting'],
  ['dead', 'Failed'],
  ['muted', 'Muted'],
] as const

const addressOf = (): string => {
  const parts = new URLSearchParams()
  for (const name of ['status', 'incident']) {
    const value = query.value.get(name)
    if (value !== null) parts.set(name, value)
  }
  return `/api/v1/notifications${parts.size === 0 ? '' : `?${parts}`}`
}

export const NotificationsPage = () => {
  const sending = useSending()
  return (
    <ListPage
      title="Notifications"
      pages={usePages<NotificationView>(addressOf(), sending.round)}
      columns={columns(sending)}
      keyOf={({ id }) => id}
      more={({ text, rule, event, detail }) => (
        <>
          <p class="lines">{text}</p>
          <p class="faint">
            {event}, by rule {rule}
          </p>
          {detail !== undefined && <p>{detail}</p>}
        </>
      )}
      tools={
        <>
          <FilterChips names={['incident']} />
          <QueryTabs name="status" label="Status" choices={VIEWS} />
        </>
      }
      empty={
        <>
          <h2>Nobody was told anything</h2>
          <p>
            Channels and rules are set in the configuration; see{' '}
            <a href="/docs/guide/notifications" data-leaves>
              the guide
            </a>
            .
          </p>
        </>
      }
    />
  )
}
