// The frame around every page: navigation, freshness, toasts, help.
import { signal } from '@preact/signals'
import { can } from './api/capabilities.ts'
import { signInNeeded } from './api/client.ts'
import { type Liveness, liveness } from './api/live.ts'
import { type Binding, type BindingGroup, useKeys } from './keys.ts'
import { matchPath } from './match-path.ts'
import { PAGES, type PageEntry } from './pages/registry.ts'
import { Help } from './parts/help.tsx'
import { LazyPage } from './parts/lazy-page.tsx'
import { SignIn } from './parts/sign-in.tsx'
import { Toasts } from './parts/toasts.tsx'
import { OpenBanner, WhoAmI } from './parts/who-am-i.tsx'
import { navigate, path } from './router.ts'
import { undo } from './state/actions.ts'
import { THEMES, theme } from './state/theme.ts'
import { viewerZone } from './text/time.ts'

const helpOpen = signal(false)

const GLOBAL_KEYS: BindingGroup = {
  title: 'Everywhere',
  bindings: [
    {
      key: '?',
      label: 'Show or hide this help',
      run: () => {
        helpOpen.value = !helpOpen.value
      },
    },
    { key: 'z', label: 'Undo what is still held', run: () => void undo() },
    ...(
      [
        ['1', '/incidents'],
        ['2', '/problems'],
        ['3', '/changes'],
        ['4', '/cis'],
        ['5', '/kpis'],
      ] as const
    ).map(
      ([key, to]): Binding => ({
        key,
        label: `Go to ${to.slice(1)}`,
        run: () => navigate(to),
      }),
    ),
  ],
}

const LIVENESS_WORDS: Readonly<Record<Liveness, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  polling: 'Every 5 s',
  offline: 'Offline',
}

const LivenessMark = () => (
  <span class={`liveness liveness-${liveness.value}`} role="status">
    <span class="liveness-dot" aria-hidden="true" />
    {LIVENESS_WORDS[liveness.value]}
  </span>
)

const nextTheme = (): void => {
  const at = THEMES.indexOf(theme.value)
  theme.value = THEMES[(at + 1) % THEMES.length] ?? 'system'
}

const isHere = (entryPath: string): boolean =>
  path.value === entryPath || path.value.startsWith(`${entryPath}/`)

const shownPages = (underMore: boolean): readonly PageEntry[] =>
  PAGES.filter(
    (entry) =>
      (entry.underMore === true) === underMore &&
      entry.needs !== undefined &&
      (entry.needs.endsWith('/incidents') || can(entry.needs)),
  )

const PageLinks = ({ entries }: { entries: readonly PageEntry[] }) => (
  <ul>
    {entries.map((entry) => (
      <li key={entry.path}>
        <a href={entry.path} aria-current={isHere(entry.path) ? 'page' : undefined}>
          {entry.title}
        </a>
      </li>
    ))}
  </ul>
)

/** Says where one is, also while it is closed. */
const MorePages = ({ entries }: { entries: readonly PageEntry[] }) =>
  entries.length === 0 ? null : (
    <nav class="more" aria-label="More pages">
      <details class="menu">
        <summary>{entries.find((entry) => isHere(entry.path))?.title ?? 'More'}</summary>
        <div class="menu-body menu-start">
          <PageLinks entries={entries} />
        </div>
      </details>
    </nav>
  )

const Navigation = () => (
  <header class="bar">
    <a class="brand" href="/incidents">
      <img src="/favicon.svg" alt="" width="18" height="18" /> Faultline
    </a>
    <nav aria-label="Pages">
      <PageLinks entries={shownPages(false)} />
    </nav>
    <MorePages entries={shownPages(true)} />
    <div class="bar-end">
      <LivenessMark />
      <WhoAmI />
      <span class="zone" title="Times are in this zone; hover shows UTC">
        {viewerZone()}
      </span>
      <button type="button" class="quiet" onClick={nextTheme}>
        <span class="visually-hidden">Theme: </span>
        {theme.value}
      </button>
      <button
        type="button"
        class="quiet"
        aria-label="Keyboard help"
        onClick={() => {
          helpOpen.value = true
        }}
      >
        ?
      </button>
    </div>
  </header>
)

const Page = () => {
  for (const entry of PAGES) {
    const parameters = matchPath(entry.path, path.value)
    if (parameters !== undefined)
      return <LazyPage key={path.value} entry={entry} parameters={parameters} />
  }
  return (
    <main class="page" id="page">
      <div class="notice">
        <h1>No such page</h1>
        <p>
          <a href="/incidents">The incidents</a> are where most ways begin.
        </p>
      </div>
    </main>
  )
}

export const App = () => {
  useKeys(GLOBAL_KEYS)
  if (path.value === '/') queueMicrotask(() => navigate('/incidents', 'replace'))
  return (
    <>
      <a class="skip" href="#page">
        Skip to the page
      </a>
      <Navigation />
      <OpenBanner />
      {signInNeeded.value ? <SignIn /> : <Page />}
      <Toasts />
      {helpOpen.value && (
        <Help
          onClose={() => {
            helpOpen.value = false
          }}
        />
      )}
    </>
  )
}
