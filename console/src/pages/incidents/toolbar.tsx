// Views, search and filters: each of them only writes the query string.

import { signal } from '@preact/signals'
import { FilterChips } from '../../parts/filter-chips.tsx'
import { SeverityShape } from '../../parts/severity.tsx'
import { query, setQuery } from '../../router.ts'
import { DEFAULT_STATUS, ORDERS, PRIORITIES, SEVERITIES } from '../../state/filters.ts'
import { SavedViews } from './saved-views.tsx'

/** On a phone the filters are folded away until asked for. */
const filtersOpen = signal(false)

const VIEWS = [
  ['open', 'Open'],
  ['unacknowledged', 'Unacknowledged'],
  ['done', 'Done'],
  ['all', 'All'],
] as const

export const SEARCH_ID = 'incident-search'

const currentList = (name: string): string[] =>
  (query.value.get(name) ?? '').split(',').filter((word) => word !== '')

const toggleIn = (name: string, word: string): void => {
  const list = currentList(name)
  const next = list.includes(word) ? list.filter((one) => one !== word) : [...list, word]
  setQuery({ [name]: next.join(',') })
}

const NARROWED = ['severity', 'priority', 'ci', 'assignee', 'scope', 'q'] as const

export const isNarrowed = (): boolean => NARROWED.some((name) => query.value.has(name))

export const clearFilters = (): void =>
  setQuery(Object.fromEntries(NARROWED.map((name) => [name, undefined])))

const Search = () => (
  <input
    id={SEARCH_ID}
    type="search"
    placeholder="Search  /"
    aria-label="Search number, title, CI, person"
    value={query.value.get('q') ?? ''}
    onInput={(event) => setQuery({ q: event.currentTarget.value })}
    onKeyDown={(event) => {
      if (event.key === 'Escape' || event.key === 'Enter') event.currentTarget.blur()
    }}
  />
)

const Toggles = ({ name, words }: { name: 'severity' | 'priority'; words: readonly string[] }) => (
  <fieldset class="toggles">
    <legend class="visually-hidden">{name}</legend>
    {words.map((word) => (
      <button
        type="button"
        key={word}
        aria-pressed={currentList(name).includes(word)}
        onClick={() => toggleIn(name, word)}
      >
        {name === 'severity' && <SeverityShape severity={word as 'critical'} />}
        {word}
      </button>
    ))}
  </fieldset>
)

const PLACES = ['ci', 'assignee', 'scope'] as const

export const Toolbar = () => {
  const status = query.value.get('status') ?? DEFAULT_STATUS
  return (
    <div class="toolbar">
      <fieldset class="tabs">
        <legend class="visually-hidden">Views</legend>
        {VIEWS.map(([word, title]) => (
          <button
            type="button"
            key={word}
            aria-pressed={status === word}
            onClick={() => setQuery({ status: word === DEFAULT_STATUS ? undefined : word })}
          >
            {title}
          </button>
        ))}
      </fieldset>
      <Search />
      <button
        type="button"
        class="phone-only"
        aria-expanded={filtersOpen.value}
        onClick={() => {
          filtersOpen.value = !filtersOpen.value
        }}
      >
        Filters
      </button>
      <div class={`filters${filtersOpen.value ? ' filters-open' : ''}`}>
        <Toggles name="severity" words={SEVERITIES} />
        <Toggles name="priority" words={PRIORITIES} />
        <label class="inline">
          Order
          <select
            value={query.value.get('order') ?? 'newest'}
            onChange={(event) => {
              const { value } = event.currentTarget
              setQuery({ order: value === 'newest' ? undefined : value })
            }}
          >
            {ORDERS.map((order) => (
              <option key={order} value={order}>
                {order}
              </option>
            ))}
          </select>
        </label>
        <SavedViews />
      </div>
      <FilterChips names={PLACES} />
    </div>
  )
}
