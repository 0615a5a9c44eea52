// What was sent and could not be taken, with its reason and its text.
import { useState } from 'preact/hooks'
import type { DeadLetterView } from '../../api/types.ts'
import type { Column } from '../../parts/data-table.tsx'
import { FilterChips } from '../../parts/filter-chips.tsx'
import { ListPage } from '../../parts/list-page.tsx'
import { Time } from '../../parts/time.tsx'
import { query, setQuery } from '../../router.ts'
import { usePages } from '../../state/pages.ts'
import { LetterReplay } from './letter-replay.tsx'

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

export const DeadLettersPage = () => {
  const [round, setRound] = useState(0)
  return (
    <ListPage
      title="Dead letters"
      pages={usePages<DeadLetterView>(addressOf(), round)}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      more={(letter) => (
        <>
          <p>{letter.detail}</p>
          {letter.index !== undefined && <p class="faint">Item {letter.index} of its delivery</p>}
          <Position position={letter.position} />
          <pre class="payload">{letter.payload}</pre>
          <LetterReplay letter={letter} onDone={() => setRound(round + 1)} />
        </>
      )}
      tools={<FilterChips names={FILTERS} />}
      empty={
        <>
          <h2>No dead letters</h2>
          <p>All that was sent could be taken.</p>
        </>
      }
    />
  )
}
