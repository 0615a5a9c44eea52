// The Operations dashboard: what is open, what is noisy, and who carries it.
import { alerts } from '../kpis/alerts.ts'
import { events } from '../kpis/events.ts'
import { flapping } from '../kpis/flapping.ts'
import { heartbeatUptime } from '../kpis/heartbeat-uptime.ts'
import { incidents } from '../kpis/incidents.ts'
import { mtta } from '../kpis/mtta.ts'
import { mttd } from '../kpis/mttd.ts'
import { mttr } from '../kpis/mttr.ts'
import { neverAcknowledged } from '../kpis/never-acknowledged.ts'
import { noiseReduction } from '../kpis/noise-reduction.ts'
import { noisyRules } from '../kpis/noisy-rules.ts'
import { openIncidents } from '../kpis/open-incidents.ts'
import { reassignmentRate } from '../kpis/reassignment-rate.ts'
import type { DashboardSpec } from './dashboard.ts'
import { breakdown, ranking, rows, series, stat } from './panels.ts'

export const operations: DashboardSpec = {
  uid: 'faultline-operations',
  title: 'Faultline: Operations',
  description: 'What is open now, where the noise comes from, and how fast work is taken on.',
  range: 'now-7d',
  facts: true,
  rows: [
    [
      'From flood to work',
      [
        stat(events),
        stat(alerts),
        stat(incidents),
        stat(noiseReduction),
        stat(openIncidents),
        stat(neverAcknowledged),
        series(events, { by: 'source' }),
        series(alerts, { values: ['count', 'flapping'] }),
      ],
    ],
    [
      'What is open?',
      [
        ranking(openIncidents, 'priority', 8),
        ranking(openIncidents, 'age', 8),
        ranking(openIncidents, 'team', 8),
        rows(openIncidents, 'Open at the end of the range'),
      ],
    ],
    [
      'How fast are we?',
      [
        series(mttd, { values: ['mean', 'p50', 'p90'] }),
        series(mtta, { values: ['mean', 'p50', 'p90'] }),
        breakdown(mttr, 'priority'),
        breakdown(reassignmentRate, 'team'),
      ],
    ],
    [
      'Where does the noise come from?',
      [
        breakdown(noisyRules, 'name'),
        breakdown(noisyRules, 'service'),
        series(flapping),
        ranking(flapping, 'name'),
      ],
    ],
    [
      'Do the jobs that must run, run?',
      [stat(heartbeatUptime, 6), breakdown(heartbeatUptime, 'name', 18)],
    ],
  ],
}
