// A row of choices of which one is taken, kept in the query string.
import { query, setQuery } from '../router.ts'

interface QueryTabsProps {
  /** Name in the query string. */
  readonly name: string
  readonly label: string
  /** Value and words; the empty value is what is shown where nothing is asked. */
  readonly choices: readonly (readonly [value: string, words: string])[]
}

export const QueryTabs = ({ name, label, choices }: QueryTabsProps) => {
  const current = query.value.get(name) ?? ''
  return (
    <fieldset class="tabs">
      <legend class="visually-hidden">{label}</legend>
      {choices.map(([value, words]) => (
        <button
          type="button"
          key={value}
          aria-pressed={value === current}
          onClick={() => setQuery({ [name]: value })}
        >
          {words}
        </button>
      ))}
    </fieldset>
  )
}
