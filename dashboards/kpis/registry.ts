// Every KPI: one line each, in the order in which people see them.
import { alerts } from './alerts.ts'
import { changeFailureRate } from './change-failure-rate.ts'
import { changeRecovery } from './change-recovery.ts'
import { deadLetters } from './dead-letters.ts'
import { downtimeCost } from './downtime-cost.ts'
import { events } from './events.ts'
import { flapping } from './flapping.ts'
import { heartbeatUptime } from './heartbeat-uptime.ts'
import { hintPrecision } from './hint-precision.ts'
import { incidents } from './incidents.ts'
import { mtbf } from './mtbf.ts'
import { mtta } from './mtta.ts'
import { mttd } from './mttd.ts'
import { mttr } from './mttr.ts'
import { neverAcknowledged } from './never-acknowledged.ts'
import { noiseReduction } from './noise-reduction.ts'
import { noisyRules } from './noisy-rules.ts'
import { openIncidents } from './open-incidents.ts'
import { reassignmentRate } from './reassignment-rate.ts'
import { recurringMinutes } from './recurring-minutes.ts'
import { reopenRate } from './reopen-rate.ts'
import { requestsInTime } from './requests-in-time.ts'
import { satisfaction } from './satisfaction.ts'
import { slaAttainment } from './sla.ts'
import type { Kpi } from './types.ts'

export const KPIS: readonly Kpi[] = [
  events,
  alerts,
  incidents,
  noiseReduction,
  mttd,
  mtta,
  mttr,
  mtbf,
  openIncidents,
  slaAttainment,
  reopenRate,
  reassignmentRate,
  neverAcknowledged,
  noisyRules,
  flapping,
  recurringMinutes,
  hintPrecision,
  changeFailureRate,
  changeRecovery,
  heartbeatUptime,
  satisfaction,
  requestsInTime,
  downtimeCost,
  deadLetters,
]

export const kpiById = (id: string): Kpi | undefined => KPIS.find((kpi) => kpi.id === id)
