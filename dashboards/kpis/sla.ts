// KPI: which share of resolutions kept what was promised.
import { TICKET_DIMENSIONS } from './durations.ts'
import type { Kpi } from './types.ts'

/** A burn of 1 uses up exactly this share. */
const BREACHES_ALLOWED = 0.05

export const slaAttainment: Kpi = {
  id: 'sla',
  title: 'SLA attainment',
  question: 'Do we keep what we promised?',
  formula: 'resolved within target / resolved; burn = share breached / share that may be',
  population: 'incidents resolved or closed in the range that have a resolution target',
  unit: 'ratio',
  good: 'up',
  from: 'incident_tickets',
  at: 'ended_at',
  where: "ended_at IS NOT NULL AND resolution_sla IN ('met', 'breached')",
  values: {
    ratio: "countIf(resolution_sla = 'met') / nullIf(count(), 0)",
    response:
      "countIf(response_sla = 'met') / nullIf(countIf(response_sla IN ('met', 'breached')), 0)",
    breached: "countIf(resolution_sla = 'breached')",
    burn: `countIf(resolution_sla = 'breached') / nullIf(count(), 0) / ${BREACHES_ALLOWED}`,
  },
  by: TICKET_DIMENSIONS,
  rows: ['ticket_id', 'number', 'priority', 'opened_at', 'ended_at', 'resolution_sla'],
  panel: 'timeseries',
}
