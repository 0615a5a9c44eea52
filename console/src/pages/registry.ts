// Every page: its address, its place in the navigation, what the server needs to have for it.
import type { ComponentType } from 'preact'

export interface PageProps {
  readonly parameters: Readonly<Record<string, string>>
}

export interface PageEntry {
  readonly path: string
  readonly title: string
  /** In the navigation, where the server answers this operation; absent = never in it. */
  readonly needs?: string
  /** Under More: a bar of all pages would not fit. */
  readonly underMore?: true
  readonly load: () => Promise<ComponentType<PageProps>>
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
    path: '/alerts',
    title: 'Alerts',
    needs: 'GET /api/v1/alerts',
    load: async () => (await import('./lists/alerts.tsx')).AlertsPage,
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
    path: '/problem-report',
    title: 'Problem report',
    load: async () => (await import('./problem-report/page.tsx')).ProblemReportPage,
  },
  {
    path: '/changes',
    title: 'Changes',
    needs: 'GET /api/v1/changes',
    load: async () => (await import('./changes/page.tsx')).ChangesPage,
  },
  {
    path: '/changes/:id',
    title: 'Change',
    load: async () => (await import('./change/page.tsx')).ChangePage,
  },
  {
    path: '/requests',
    title: 'Requests',
    needs: 'GET /api/v1/requests',
    load: async () => (await import('./requests/page.tsx')).RequestsPage,
  },
  {
    path: '/requests/:id',
    title: 'Request',
    load: async () => (await import('./request/page.tsx')).RequestPage,
  },
  {
    path: '/services',
    title: 'Services',
    needs: 'GET /api/v1/services',
    load: async () => (await import('./lists/services.tsx')).ServicesPage,
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
  {
    path: '/tasks',
    title: 'Tasks',
    needs: 'GET /api/v1/tasks',
    underMore: true,
    load: async () => (await import('./tasks/page.tsx')).TasksPage,
  },
  {
    path: '/processes',
    title: 'Processes',
    needs: 'GET /api/v1/processes',
    underMore: true,
    load: async () => (await import('./processes/page.tsx')).ProcessesPage,
  },
  {
    path: '/processes/:id',
    title: 'Process',
    load: async () => (await import('./process/page.tsx')).ProcessPage,
  },
  {
    path: '/heartbeats',
    title: 'Heartbeats',
    needs: 'GET /api/v1/heartbeats',
    underMore: true,
    load: async () => (await import('./lists/heartbeats.tsx')).HeartbeatsPage,
  },
  {
    path: '/silences',
    title: 'Silences',
    needs: 'GET /api/v1/silences',
    underMore: true,
    load: async () => (await import('./lists/silences.tsx')).SilencesPage,
  },
  {
    path: '/maintenance',
    title: 'Maintenance',
    needs: 'GET /api/v1/maintenance-windows',
    underMore: true,
    load: async () => (await import('./lists/maintenance.tsx')).MaintenancePage,
  },
  {
    path: '/notifications',
    title: 'Notifications',
    needs: 'GET /api/v1/notifications',
    underMore: true,
    load: async () => (await import('./notifications/page.tsx')).NotificationsPage,
  },
  {
    path: '/sources',
    title: 'Sources',
    needs: 'GET /api/v1/integrations',
    underMore: true,
    load: async () => (await import('./sources/page.tsx')).SourcesPage,
  },
  {
    path: '/dead-letters',
    title: 'Dead letters',
    needs: 'GET /api/v1/dead-letters',
    underMore: true,
    load: async () => (await import('./lists/dead-letters.tsx')).DeadLettersPage,
  },
  {
    path: '/kpis',
    title: 'KPIs',
    needs: 'GET /api/v1/kpis',
    load: async () => (await import('./kpis/page.tsx')).KpisPage,
  },
  {
    path: '/kpis/:id',
    title: 'KPI',
    load: async () => (await import('./kpi/page.tsx')).KpiPage,
  },
  {
    path: '/admin',
    title: 'Admin',
    needs: 'GET /api/v1/audit',
    underMore: true,
    load: async () => (await import('./admin/page.tsx')).AdminPage,
  },
]
