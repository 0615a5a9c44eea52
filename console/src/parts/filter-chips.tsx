// Filters that a link brought along, each to be taken off again.
import { query, setQuery } from '../router.ts'

/** @param names names in the query string */
export const FilterChips = ({ names }: { names: readonly string[] }) => (
  <>
    {names
      .filter((name) => query.value.has(name))
      .map((name) => (
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
  </>
)
