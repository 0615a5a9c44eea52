// What was sent and could not be taken, with its reason and its text.
import { can } from '../../api/capabilities.ts'
import type { DeadLetterView } from '../../api/types.ts'
import type { Column } from '../../parts/data-table.tsx'
import { ListPage } from '../../parts/list-page.tsx'
import { Time } from '../../parts/time.tsx'
import { query, setQuery } from '../../router.ts'
import { usePages } from '../../state/pages.ts'
import { type Sending, useSending } from '../../state/send.ts'
import { say } from '../../state/toasts.ts'

const filterBy = (name: string, value: string) => (
  <button type="button" class="link" onClick={() => setQuery({ [name]: value })}>
    {value}
  </button>
)

const COLUMNS: readonly Column<DeadLetterView>[] = [
  { title: 'At', cell: ({ at }) => <Time at={at} /> },
  { title: 'Source', cell: ({ source }) => filterBy('source', source) },
  { title: 'Reason', cell: ({ reason }) => filterBy('reason', reason) },
  { title: 'Detail', cell: ({ detail }) => detail, grows: true, wideOnly: true },
]

const FILTERS = ['source', 'reason'] as const

const addressOf = (): string => {
  const parts = new URLSearchParams()
  for (const name of FILTERS) {
    const value = query.value.get(name)
    if (value !== null) parts.set(name, value)
  }
  return `/api/v1/dead-letters${parts.size === 0 ? '' : `?${parts}`}`
}

const Position = ({ position }: { position: DeadLetterView['position'] | undefined }) =>
  position === undefined ? null : (
    <p class="faint">
      Record {position.topic}/{position.partition} at offset {position.offset}
    </p>
  )

const Replay = ({ letter, sending }: { letter: DeadLetterView; sending: Sending }) =>
  can('POST /api/v1/dead-letters/{}/replay') && letter.position === undefined ? (
    <button
      type="button"
      onClick={() =>
        sending.tell(`/api/v1/dead-letters/${encodeURIComponent(letter.id)}/replay`, {}, () =>
          say('It was delivered once more.'),
        )
      }
    >
      Deliver it again
    </button>
  ) : null

export const DeadLettersPage = () => {
  const sending = useSending()
  return (
    <ListPage
      title="Dead letters"
      pages={usePages<DeadLetterView>(addressOf(), sending.round)}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      more={(letter) => (
        <>
          <p>{letter.detail}</p>
          {letter.index !== undefined && <p class="faint">Item {letter.index} of its delivery</p>}
          <Position position={letter.position} />
          <pre class="payload">{letter.payload}</pre>
          <Replay letter={letter} sending={sending} />
        </>
      )}
      tools={FILTERS.filter((name) => query.value.has(name)).map((name) => (
        <button
          type="button"
          key={name}
          class="chip"
          aria-label={`Remove the filter ${name} ${query.value.get(name)}`}
          onClick={() => setQuery({ [name]: undefined })}
        >
          {name}: {query.value.get(name)} <span aria-hidden="true">×</span>
        </button>
      ))}
      empty={
        <>
          <h2>No dead letters</h2>
          <p>All that was sent could be taken.</p>
        </>
      }
    />
  )
}
