// Every dashboard, in the order of the menu.
import { changesAndSla } from './changes-and-sla.ts'
import type { DashboardSpec } from './dashboard.ts'
import { leadership } from './leadership.ts'
import { operations } from './operations.ts'
import { pipelineHealth } from './pipeline-health.ts'
import { problemManagement } from './problem-management.ts'

export const DASHBOARDS: readonly DashboardSpec[] = [
  leadership,
  operations,
  problemManagement,
  changesAndSla,
  pipelineHealth,
]
