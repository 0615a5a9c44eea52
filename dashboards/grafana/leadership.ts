// The Leadership dashboard: is it getting better, and what does it cost?
import { changeFailureRate } from '../kpis/change-failure-rate.ts'
import { downtimeCost } from '../kpis/downtime-cost.ts'
import { incidents } from '../kpis/incidents.ts'
import { mtta } from '../kpis/mtta.ts'
import { mttr } from '../kpis/mttr.ts'
import { noiseReduction } from '../kpis/noise-reduction.ts'
import { recurringMinutes } from '../kpis/recurring-minutes.ts'
import { satisfaction } from '../kpis/satisfaction.ts'
import { slaAttainment } from '../kpis/sla.ts'
import type { DashboardSpec } from './dashboard.ts'
import { ranking, series, stat } from './panels.ts'

export const leadership: DashboardSpec = {
  uid: 'faultline-leadership',
  title: 'Faultline: Leadership',
  description: 'How often we fail, how long it lasts, what it costs, and whether it gets better.',
  range: 'now-30d',
  facts: true,
  rows: [
    [
      'In one line',
      [
        stat(incidents),
        stat(mttr),
        stat(slaAttainment),
        stat(downtimeCost),
        stat(noiseReduction),
        stat(satisfaction),
      ],
    ],
    [
      'Is it getting better?',
      [
        series(incidents, { by: 'severity' }),
        series(mttr, { values: ['mean', 'p50', 'p90'] }),
        series(noiseReduction),
        series(mtta, { values: ['mean', 'p50', 'p90'] }),
        series(slaAttainment, { values: ['ratio', 'response'] }),
        series(changeFailureRate),
      ],
    ],
    [
      'Where does it hurt?',
      [ranking(downtimeCost, 'service'), ranking(recurringMinutes, 'problem')],
    ],
  ],
}
