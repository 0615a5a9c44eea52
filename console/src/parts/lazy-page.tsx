// A page whose code is fetched when first visited; once here, it is drawn without a pause.

import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { PageEntry, PageProps } from '../pages/registry.ts'

const loaded = new Map<string, ComponentType<PageProps>>()

interface LazyPageProps extends PageProps {
  readonly entry: PageEntry
}

export const LazyPage = ({ entry, parameters }: LazyPageProps) => {
  const [failed, setFailed] = useState(false)
  const [, setLoaded] = useState(0)
  const Component = loaded.get(entry.path)

  useEffect(() => {
    document.title = `${entry.title} · Faultline`
    if (loaded.has(entry.path)) return
    entry.load().then(
      (component) => {
        loaded.set(entry.path, component)
        setLoaded((count) => count + 1)
      },
      () => setFailed(true),
    )
  }, [entry])

  if (Component !== undefined) return <Component parameters={parameters} />
  return (
    <main class="page" id="page" aria-busy={!failed}>
      {failed && (
        <div class="notice" role="alert">
          <h1>This page did not load</h1>
          <p>The server may have been upgraded meanwhile: load the page again.</p>
        </div>
      )}
    </main>
  )
}
