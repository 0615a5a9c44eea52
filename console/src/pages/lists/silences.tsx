// What people have muted: by matchers, for a while, with a reason; and what a silence would cover.
import { useState } from 'preact/hooks'
import { post } from '../../api/client.ts'
import type { MutePreview, SilenceView } from '../../api/types.ts'
import { now } from '../../clock.ts'
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
import { useSending } from '../../state/send.ts'
import { say } from '../../state/toasts.ts'
import { plural } from '../../text/counts.ts'

const TWO_HOURS_MS = 7_200_000

const VIEWS = [
  ['', 'All'],
  ['active', 'Active'],
  ['pending', 'Pending'],
  ['expired', 'Expired'],
] as const

const fields = (at: number): Field[] => [
  {
    name: 'matchers',
    label: 'Matchers, as in Alertmanager: service="db", alertname=~"Disk.*"',
    kind: 'line',
    required: true,
    value: query.value.get('matchers') ?? '',
  },
  { name: 'comment', label: 'Why', kind: 'line', required: true },
  {
    name: 'endsAt',
    label: 'Until',
    kind: 'time',
    required: true,
    value: new Date(at + TWO_HOURS_MS).toISOString(),
  },
]

const columns = (onExpire: (id: string) => void): Column<SilenceView>[] => [
  { title: 'State', cell: ({ status }) => <StatusMark status={status} /> },
  { title: 'Matchers', cell: ({ matchers }) => <code>{matchers}</code>, grows: true },
  { title: 'Why', cell: ({ comment }) => comment, wideOnly: true },
  { title: 'By', cell: ({ createdBy }) => createdBy, wideOnly: true },
  { title: 'From', cell: ({ startsAt }) => <Time at={startsAt} />, numeric: true, wideOnly: true },
  { title: 'Until', cell: ({ endsAt }) => <Time at={endsAt} />, numeric: true },
  {
    title: 'End',
    cell: ({ id, status, matchers }) =>
      status === 'expired' ? (
        ''
      ) : (
        <RowButton label="End now" about={matchers} onClick={() => onExpire(id)} />
      ),
  },
]

/** Says what would be muted before it is. */
const preview = async ({ matchers }: FormBody): Promise<string | undefined> => {
  const answer = await post<MutePreview>('/api/v1/silences/preview', { matchers })
  if (!answer.ok) return answer.refusal.detail
  say(`It mutes ${plural(answer.data.count, 'alert')} that fire now.`)
  return undefined
}

export const SilencesPage = () => {
  const [making, setMaking] = useState(query.value.has('matchers'))
  const { round, tell } = useSending()
  const status = query.value.get('status') ?? ''
  const address = `/api/v1/silences${status === '' ? '' : `?status=${encodeURIComponent(status)}`}`
  const create = async (body: FormBody): Promise<void> => {
    const fault = await preview(body)
    if (fault !== undefined) {
      say(fault, 'bad')
      return
    }
    setMaking(false)
    tell('/api/v1/silences', body)
  }
  return (
    <ListPage
      title="Silences"
      pages={usePages<SilenceView>(address, round)}
      columns={columns((id) => tell(`/api/v1/silences/${encodeURIComponent(id)}/expire`))}
      keyOf={({ id }) => id}
      tools={
        <>
          <QueryTabs name="status" label="Status" choices={VIEWS} />
          <button type="button" class="primary" onClick={() => setMaking(true)}>
            Silence
          </button>
        </>
      }
      empty={
        <>
          <h2>No silences here</h2>
          <p>
            A silence keeps people from being told. What it covers is recorded all the same, and
            told when it ends while it still fires.
          </p>
        </>
      }
    >
      {making && (
        <FormDialog
          title="Silence"
          verb="Silence"
          fields={fields(now.peek())}
          onClose={() => setMaking(false)}
          onSubmit={(body) => void create(body)}
        />
      )}
    </ListPage>
  )
}
