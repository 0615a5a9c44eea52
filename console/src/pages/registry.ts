// Every page: its address, its place in the navigation, what the server needs to have for it.
import type { ComponentType } from 'preact'

export type PageProps = { readonly parameters: Readonly<Record<string, string>> }
type PageComponent = ComponentType<PageProps>

export interface PageEntry {
  readonly path: string
  readonly title: string
  /** Shown in the navigation, if the server answers this operation. Absent = not in it. */
  readonly needs?: string
  /** Pressed after g. */
  readonly load: () => Promise<PageComponent>
}

export const PAGES: readonly PageEntry[] = [
  {
    path: '/incidents',
    title: 'Incidents',
    needs: 'GET /api/v1/incidents',
    load: async () => (await import('./incidents/page.tsx')).IncidentsPage,
  },
  {
    path: '/incidents/:id',
    title: 'Incident',
    load: async () => (await import('./incident/page.tsx')).IncidentPage,
  },
]
