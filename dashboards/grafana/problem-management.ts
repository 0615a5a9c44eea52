// The Problem management dashboard: what keeps coming back, and whether the hints can be trusted.
import { hintPrecision } from '../kpis/hint-precision.ts'
import { mtbf } from '../kpis/mtbf.ts'
import { recurringMinutes } from '../kpis/recurring-minutes.ts'
import { reopenRate } from '../kpis/reopen-rate.ts'
import type { DashboardSpec } from './dashboard.ts'
import { breakdown, ranking, rows, series, stat } from './panels.ts'

export const problemManagement: DashboardSpec = {
  uid: 'faultline-problems',
  title: 'Faultline: Problem management',
  description: 'Recurring patterns, what they cost, and how often the first hint was right.',
  range: 'now-30d',
  facts: true,
  rows: [
    [
      'In one line',
      [stat(recurringMinutes, 6), stat(mtbf, 6), stat(reopenRate, 6), stat(hintPrecision, 6)],
    ],
    [
      'What keeps coming back?',
      [
        breakdown(recurringMinutes, 'problem'),
        series(recurringMinutes, { by: 'problem' }),
        ranking(mtbf, 'ci'),
        series(reopenRate),
        rows(recurringMinutes, 'Incidents of known patterns'),
      ],
    ],
    [
      'Can the hints be trusted?',
      [series(hintPrecision, { values: ['at_1', 'at_3'] }), breakdown(hintPrecision, 'ci')],
    ],
  ],
}
