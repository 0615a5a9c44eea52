// Views that a person named: a name and a query string, kept in this browser.
import { signal } from '@preact/signals'
import { navigate, query } from '../../router.ts'

const VIEWS_KEY = 'faultline.views'
const VIEWS_MAX = 20
const NAME_LENGTH_MAX = 40

interface SavedView {
  readonly name: string
  readonly query: string
}

const readViews = (): readonly SavedView[] => {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(VIEWS_KEY) ?? '[]')
    return Array.isArray(stored) ? (stored as SavedView[]).slice(0, VIEWS_MAX) : []
  } catch {
    return []
  }
}

const views = signal<readonly SavedView[]>(readViews())

const store = (next: readonly SavedView[]): void => {
  views.value = next.slice(-VIEWS_MAX)
  localStorage.setItem(VIEWS_KEY, JSON.stringify(views.value))
}

const currentQuery = (): string => query.value.toString().replaceAll('%2C', ',')

const saveCurrent = (event: SubmitEvent): void => {
  event.preventDefault()
  const form = event.currentTarget as HTMLFormElement
  const name = String(new FormData(form).get('name') ?? '').trim()
  if (name === '') return
  store([...views.value.filter((view) => view.name !== name), { name, query: currentQuery() }])
  form.reset()
  form.closest('details')?.removeAttribute('open')
}

export const SavedViews = () => (
  <details class="menu">
    <summary>Saved views</summary>
    <div class="menu-body">
      {views.value.map((view) => (
        <div key={view.name} class="menu-row">
          <button
            type="button"
            class="menu-item"
            aria-pressed={view.query === currentQuery()}
            onClick={() => navigate(`/incidents${view.query === '' ? '' : `?${view.query}`}`)}
          >
            {view.name}
          </button>
          <button
            type="button"
            class="quiet"
            aria-label={`Forget the view ${view.name}`}
            onClick={() => store(views.value.filter(({ name }) => name !== view.name))}
          >
            ×
          </button>
        </div>
      ))}
      <form class="menu-row" onSubmit={saveCurrent}>
        <input
          name="name"
          required
          maxLength={NAME_LENGTH_MAX}
          placeholder="Name this view"
          aria-label="Name of the view"
        />
        <button type="submit">Save</button>
      </form>
    </div>
  </details>
)
