// Who may deliver, with which key, and what became of the last deliveries.
import { useState } from 'preact/hooks'
import type { DeliveryView, IntegrationView } from '../../api/types.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import type { Field } from '../../parts/fields.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { ListPage } from '../../parts/list-page.tsx'
import { Refusal } from '../../parts/refusal.tsx'
import { RowButton } from '../../parts/row-button.tsx'
import { StatusMark } from '../../parts/severity.tsx'
import { ShownOnce } from '../../parts/shown-once.tsx'
import { Time } from '../../parts/time.tsx'
import { usePages } from '../../state/pages.ts'
import { type Sending, useSending } from '../../state/send.ts'
import { say } from '../../state/toasts.ts'
import { countText } from '../../text/counts.ts'

const OK_MAX = 299

/** As the API answers a key that was just made. */
interface Made {
  readonly id: string
  readonly name: string
  readonly source?: string
  readonly token: string
}

const FIELDS: readonly Field[] = [
  { name: 'name', label: 'Name: which tool, where', kind: 'line', required: true },
  { name: 'source', label: 'Tool, as in /webhooks/<tool>; empty: any', kind: 'line' },
]

const addressOf = (id: string): string => `/api/v1/integrations/${encodeURIComponent(id)}`

const useOf = ({ token, source = 'generic' }: Made): string =>
  `curl ${location.origin}/i/${token}/webhooks/${source} -H 'content-type: application/json' -d @alert.json`

const columns = (sending: Sending, onMade: (made: Made) => void): Column<IntegrationView>[] => [
  {
    title: 'State',
    cell: ({ disabled }) => <StatusMark status={disabled ? 'disabled' : 'active'} />,
  },
  { title: 'Name', cell: ({ name }) => name, grows: true },
  { title: 'Tool', cell: ({ source }) => source ?? 'any' },
  {
    title: 'Keys end in',
    cell: ({ tokens }) => tokens.map(({ mark }) => mark).join(', '),
    wideOnly: true,
  },
  {
    title: 'A minute at most',
    cell: ({ deliveriesPerMinuteMax }) => countText(deliveriesPerMinuteMax),
    numeric: true,
    wideOnly: true,
  },
  {
    title: 'Do',
    cell: ({ id, name, disabled }) => (
      <span class="inline">
        <RowButton
          label="Test"
          about={name}
          onClick={() =>
            sending.tell(`${addressOf(id)}/test`, {}, () => say(`${name} delivered a test event.`))
          }
        />
        <RowButton
          label="New key"
          about={name}
          onClick={() => sending.tell<Made>(`${addressOf(id)}/rotate`, {}, onMade)}
        />
        <RowButton
          label={disabled ? 'Enable' : 'Disable'}
          about={name}
          onClick={() => sending.change(addressOf(id), { disabled: !disabled })}
        />
      </span>
    ),
  },
]

const DELIVERY_COLUMNS: readonly Column<DeliveryView>[] = [
  { title: 'At', cell: ({ at }) => <Time at={at} /> },
  { title: 'Tool', cell: ({ source }) => source },
  {
    title: 'Answer',
    cell: ({ status }) => <StatusMark status={status <= OK_MAX ? 'ok' : 'failed'} />,
  },
  { title: 'Taken', cell: ({ accepted }) => countText(accepted), numeric: true },
  { title: 'Refused', cell: ({ refused }) => countText(refused), numeric: true },
  {
    title: 'Why',
    cell: ({ status, reason, detail }) =>
      status <= OK_MAX && reason === undefined ? '' : `${status} ${reason ?? ''} ${detail ?? ''}`,
    grows: true,
    wideOnly: true,
  },
]

const Deliveries = ({ round }: { round: number }) => {
  const { items, refusal } = usePages<DeliveryView>('/api/v1/deliveries', round)
  if (items.length === 0 && refusal !== undefined)
    return <Refusal refusal={refusal} what="deliveries" />
  return (
    <section class="block table-block" aria-labelledby="deliveries">
      <header class="block-head">
        <h2 id="deliveries">Last deliveries</h2>
        <a href="/dead-letters">Dead letters</a>
      </header>
      {items.length === 0 ? (
        <p class="faint">Nothing has been delivered yet.</p>
      ) : (
        <DataTable
          label="Last deliveries"
          columns={DELIVERY_COLUMNS}
          rows={items}
          keyOf={({ at, deliveryId, source }) => `${at} ${deliveryId ?? ''} ${source}`}
        />
      )}
    </section>
  )
}

export const SourcesPage = () => {
  const [making, setMaking] = useState(false)
  const [made, setMade] = useState<Made>()
  const sending = useSending()
  return (
    <ListPage
      title="Sources"
      pages={usePages<IntegrationView>('/api/v1/integrations', sending.round)}
      columns={columns(sending, setMade)}
      keyOf={({ id }) => id}
      tools={
        <>
          <a href="/docs/guide/sources" data-leaves>
            What to paste where
          </a>
          <button type="button" class="primary" onClick={() => setMaking(true)}>
            Add a source
          </button>
        </>
      }
      empty={
        <>
          <h2>No source has a key of its own</h2>
          <p>
            A key of its own can be limited, replaced and taken back without touching the others.
          </p>
        </>
      }
    >
      <Deliveries round={sending.round} />
      {making && (
        <FormDialog
          title="Add a source"
          verb="Add"
          fields={FIELDS}
          onClose={() => setMaking(false)}
          onSubmit={(body) => {
            setMaking(false)
            sending.tell<Made>('/api/v1/integrations', body, setMade)
          }}
        />
      )}
      {made !== undefined && (
        <ShownOnce
          title={`Key of ${made.name}`}
          secret={made.token}
          use={useOf(made)}
          onClose={() => setMade(undefined)}
        />
      )}
    </ListPage>
  )
}
