// Where we are, as the address bar says it: path and query are the only page state worth sharing.
import { computed, signal } from '@preact/signals'

interface Place {
  readonly path: string
  readonly query: string
}

/** The incident list as it was last looked at, filters and all. */
let lastList = '/incidents'

const readPlace = (): Place => {
  if (location.pathname === '/incidents') lastList = location.pathname + location.search
  return { path: location.pathname, query: location.search }
}

const place = signal<Place>(readPlace())

export const path = computed(() => place.value.path)
export const query = computed(() => new URLSearchParams(place.value.query))

export const listAddress = (): string => lastList

export const navigate = (href: string, how: 'push' | 'replace' = 'push'): void => {
  if (href === location.pathname + location.search) return
  if (how === 'push') history.pushState(null, '', href)
  else history.replaceState(null, '', href)
  place.value = readPlace()
}

/** The same page with some of its query set or, where empty, removed. */
export const setQuery = (changes: Record<string, string | undefined>): void => {
  const next = new URLSearchParams(place.value.query)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') next.delete(name)
    else next.set(name, value)
  }
  // Commas are legal in a query and easier to read and to type than %2C.
  const text = next.toString().replaceAll('%2C', ',')
  navigate(text === '' ? place.value.path : `${place.value.path}?${text}`, 'replace')
}

const isPlainClick = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey

/** Links stay real links; only a plain click on one of ours is kept from loading the page anew. */
const followLink = (event: MouseEvent): void => {
  // Drawings have links too: their `a` is an SVG element without `origin` and `pathname`.
  const anchor = event.target instanceof Element ? event.target.closest('a') : null
  const href = anchor?.getAttribute('href') ?? null
  if (anchor === null || href === null || event.defaultPrevented || !isPlainClick(event)) return
  if (anchor.hasAttribute('target') || anchor.hasAttribute('data-leaves')) return
  const to = new URL(href, location.href)
  if (to.origin !== location.origin || to.hash !== '') return
  event.preventDefault()
  navigate(to.pathname + to.search)
}

export const startRouter = (): void => {
  addEventListener('popstate', () => {
    place.value = readPlace()
  })
  document.addEventListener('click', followLink)
}
