// The Changes and SLA dashboard: what our own changes break, and whether promises are kept.
import { changeFailureRate } from '../kpis/change-failure-rate.ts'
import { changeRecovery } from '../kpis/change-recovery.ts'
import { requestsInTime } from '../kpis/requests-in-time.ts'
import { slaAttainment } from '../kpis/sla.ts'
import type { DashboardSpec } from './dashboard.ts'
import { breakdown, ranking, rows, series, stat } from './panels.ts'

export const changesAndSla: DashboardSpec = {
  uid: 'faultline-changes',
  title: 'Faultline: Changes and SLA',
  description: 'Change failure rate and recovery (DORA), SLA attainment and how fast it burns.',
  range: 'now-30d',
  facts: true,
  rows: [
    [
      'In one line',
      [
        stat(changeFailureRate, 6),
        stat(changeRecovery, 6),
        stat(slaAttainment, 6),
        stat(requestsInTime, 6),
      ],
    ],
    [
      'What do our changes break?',
      [
        series(changeFailureRate, { by: 'type' }),
        ranking(changeFailureRate, 'ci'),
        rows(changeFailureRate, 'Changes'),
      ],
    ],
    [
      'Do we keep what we promised?',
      [
        series(slaAttainment, { values: ['ratio', 'response'] }),
        series(slaAttainment, { values: ['burn'], title: 'SLA burn' }),
        breakdown(slaAttainment, 'priority'),
        breakdown(slaAttainment, 'team'),
        rows(slaAttainment, 'Resolved incidents with a target'),
      ],
    ],
  ],
}
