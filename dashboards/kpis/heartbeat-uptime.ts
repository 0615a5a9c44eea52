// KPI: how much of the time the things we expect a sign of life from gave it.
import type { Kpi } from './types.ts'

export const heartbeatUptime: Kpi = {
  id: 'heartbeat-uptime',
  title: 'Heartbeat uptime',
  question: 'Do the jobs that must run, run?',
  formula: '1 - (time missed within the range) / (length of the range), mean over heartbeats',
  population: 'heartbeats that were missed at some time up to the end of the range',
  unit: 'ratio',
  good: 'up',
  from: `(
    SELECT name, ci, scope, sum(greatest(0, toUnixTimestamp64Milli(
        least(coalesce(resolved_at, $to), $to)) - toUnixTimestamp64Milli(greatest(first_seen, $from))
      )) / (toUnixTimestamp64Milli($to) - toUnixTimestamp64Milli($from)) AS missed
    FROM alert_states WHERE source = 'heartbeat' AND first_seen < $to
    GROUP BY name, ci, scope
  )`,
  at: '',
  within: 'true',
  values: { ratio: 'avg(1 - missed)', worst: 'minOrNull(1 - missed)' },
  by: { name: 'name', ci: 'ci', scope: 'scope' },
  rows: ['id', 'name', 'ci', 'first_seen', 'resolved_at'],
  beneath: {
    from: 'alert_states',
    at: 'first_seen',
    within: `source = 'heartbeat' AND first_seen < $to AND coalesce(resolved_at, $to) >= $from`,
  },
  panel: 'table',
}
