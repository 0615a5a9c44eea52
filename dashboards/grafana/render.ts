// Everything that Grafana reads, as text: dashboards and provisioning, by path.
import { buildDashboard } from './dashboard.ts'
import { provisioningFiles } from './provisioning.ts'
import { DASHBOARDS } from './registry.ts'

/** The same text each time: a diff means that a definition changed. */
export const renderGrafana = (): Map<string, string> => {
  const files = DASHBOARDS.map((spec): [string, string] => [
    `dashboards/${spec.uid}.json`,
    `${JSON.stringify(buildDashboard(spec), null, 2)}\n`,
  ])
  return new Map([...files, ...provisioningFiles()])
}
