// Signs of life that are expected: which are late, which are missed, and where to send them.
import { useState } from 'preact/hooks'
import type { HeartbeatPingView, HeartbeatView, Page } from '../../api/types.ts'
import type { Column } from '../../parts/data-table.tsx'
import type { Field, FormBody } from '../../parts/fields.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { ListPage } from '../../parts/list-page.tsx'
import { QueryTabs } from '../../parts/query-tabs.tsx'
import { RowButton } from '../../parts/row-button.tsx'
import { StatusMark } from '../../parts/severity.tsx'
import { Time } from '../../parts/time.tsx'
import { query } from '../../router.ts'
import { usePages } from '../../state/pages.ts'
import { useResource } from '../../state/resource.ts'
import { type Sending, useSending } from '../../state/send.ts'
import { durationText } from '../../text/time.ts'

const SECOND_MS = 1_000
const MINUTE_S = 60
const PERCENT = 100

const VIEWS = [
  ['', 'All'],
  ['down', 'Down'],
  ['late', 'Late'],
  ['up', 'Up'],
  ['paused', 'Paused'],
] as const

const FIELDS: readonly Field[] = [
  { name: 'name', label: 'What must be heard of', kind: 'line', required: true },
  { name: 'periodMinutes', label: 'At least every … minutes', kind: 'number', value: '60' },
  { name: 'schedule', label: 'or by schedule: cron, or systemd OnCalendar', kind: 'line' },
  { name: 'timeZone', label: 'Time zone of the schedule', kind: 'line' },
  { name: 'graceMinutes', label: 'Missed after … more minutes', kind: 'number', value: '5' },
  { name: 'service', label: 'Service or host that it speaks for', kind: 'line' },
]

const minutes = (value: FormBody[string] | undefined) =>
  typeof value === 'number' ? Math.round(value * MINUTE_S) : undefined

/** A schedule takes the place of the period. */
const bodyOf = ({ name, schedule, timeZone, service, ...spans }: FormBody) => ({
  name,
  ...(schedule === undefined ? { periodSeconds: minutes(spans.periodMinutes) } : { schedule }),
  ...(timeZone === undefined ? {} : { timeZone }),
  graceSeconds: minutes(spans.graceMinutes),
  ...(service === undefined ? {} : { labels: { service } }),
})

const expectedText = ({ periodSeconds, schedule, timeZone }: HeartbeatView): string =>
  periodSeconds === undefined
    ? `${schedule ?? ''} ${timeZone ?? ''}`
    : `every ${durationText(periodSeconds * SECOND_MS)}`

const addressOf = (id: string): string => `/api/v1/heartbeats/${encodeURIComponent(id)}`

const columns = ({ tell }: Sending): Column<HeartbeatView>[] => [
  { title: 'State', cell: ({ status }) => <StatusMark status={status} /> },
  { title: 'Name', cell: ({ name }) => name, grows: true },
  { title: 'Expected', cell: expectedText, wideOnly: true },
  {
    title: 'Last heard',
    cell: ({ lastPingAt }) => (lastPingAt === undefined ? 'never' : <Time at={lastPingAt} />),
    numeric: true,
  },
  {
    title: 'Missed at',
    cell: ({ graceEndsAt }) => (graceEndsAt === undefined ? '–' : <Time at={graceEndsAt} />),
    numeric: true,
    wideOnly: true,
  },
  {
    title: 'Up, 30 days',
    cell: ({ uptime }) => (uptime === undefined ? '–' : `${(uptime * PERCENT).toFixed(2)} %`),
    numeric: true,
    wideOnly: true,
  },
  {
    title: 'Pause',
    cell: ({ id, status, name }) => {
      const verb = status === 'paused' ? 'resume' : 'pause'
      const label = status === 'paused' ? 'Resume' : 'Pause'
      return (
        <RowButton label={label} about={name} onClick={() => tell(`${addressOf(id)}/${verb}`)} />
      )
    },
  },
]

const PINGS_SHOWN = 10

const More = ({ heartbeat, sending }: { heartbeat: HeartbeatView; sending: Sending }) => {
  const { id, name, pingUrl, badgeUrl, graceRestartedAt } = heartbeat
  const { data } = useResource<Page<HeartbeatPingView>>(
    `${addressOf(id)}/pings?limit=${PINGS_SHOWN}`,
  )
  return (
    <>
      {pingUrl !== undefined && <pre class="payload">{`curl -fsS -m 10 --retry 5 ${pingUrl}`}</pre>}
      {graceRestartedAt !== undefined && (
        <p class="faint">
          Faultline itself was away: it waits anew since <Time at={graceRestartedAt} />.
        </p>
      )}
      {data !== undefined && data.items.length > 0 && (
        <ul class="plain">
          {data.items.map((ping) => (
            <li key={ping.number}>
              <Time at={ping.at} /> {ping.signal}
              {ping.exitStatus === undefined ? '' : ` (exit ${ping.exitStatus})`}{' '}
              <span class="faint">{ping.body}</span>
            </li>
          ))}
        </ul>
      )}
      <p class="inline">
        <img src={badgeUrl} alt={`Badge of ${name}`} />
        <button type="button" onClick={() => sending.remove(addressOf(id))}>
          Delete
        </button>
      </p>
    </>
  )
}

export const HeartbeatsPage = () => {
  const [making, setMaking] = useState(false)
  const sending = useSending()
  const status = query.value.get('status') ?? ''
  const address = `/api/v1/heartbeats${status === '' ? '' : `?status=${encodeURIComponent(status)}`}`
  return (
    <ListPage
      title="Heartbeats"
      pages={usePages<HeartbeatView>(address, sending.round)}
      columns={columns(sending)}
      keyOf={({ id }) => id}
      more={(heartbeat) => <More heartbeat={heartbeat} sending={sending} />}
      tools={
        <>
          <QueryTabs name="status" label="Status" choices={VIEWS} />
          <button type="button" class="primary" onClick={() => setMaking(true)}>
            Expect a heartbeat
          </button>
        </>
      }
      empty={
        <>
          <h2>No heartbeats here</h2>
          <p>
            A job that sends a ping when it has run is missed when it falls silent. URLs of
            healthchecks.io work here.
          </p>
        </>
      }
    >
      {making && (
        <FormDialog
          title="Expect a heartbeat"
          verb="Expect it"
          fields={FIELDS}
          onClose={() => setMaking(false)}
          onSubmit={(body) => {
            setMaking(false)
            sending.tell('/api/v1/heartbeats', bodyOf(body))
          }}
        />
      )}
    </ListPage>
  )
}
