// Every page: its address, its place in the navigation, what the server needs to have for it.
import type { ComponentType } from 'preact'

export type PageProps = { readonly parameters: Readonly<Record<string, string>> }
type PageComponent = ComponentType<PageProps>

export interface PageEntry {
  readonly path: string
  readonly title: string
  /** Shown in the navigation, if the server answers this operation. Absent = not in it. */
  readonly needs?: string
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
  {
    path: '/problems',
    title: 'Problems',
    needs: 'GET /api/v1/problems',
    load: async () => (await import('./problems/page.tsx')).ProblemsPage,
  },
  {
    path: '/problems/:id',
    title: 'Problem',
    load: async () => (await import('./problem/page.tsx')).ProblemPage,
  },
  {
    path: '/cis',
    title: 'CIs',
    needs: 'GET /api/v1/cis',
    load: async () => (await import('./lists/cis.tsx')).CisPage,
  },
  {
    path: '/cis/:id',
    title: 'CI',
    load: async () => (await import('./ci/page.tsx')).CiPage,
  },
]
