// Every KPI: one line each, in the order in which people see them.
import { alerts } from './alerts.ts'
import { events } from './events.ts'
import { incidents } from './incidents.ts'
import { mtta } from './mtta.ts'
import { mttr } from './mttr.ts'
import { noiseReduction } from './noise-reduction.ts'
import type { Kpi } from './types.ts'

export const KPIS: readonly Kpi[] = [events, alerts, incidents, noiseReduction, mtta, mttr]

export const kpiById = (id: string): Kpi | undefined => KPIS.find((kpi) => kpi.id === id)
