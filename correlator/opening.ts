// The policy for what opens an incident: a single alert may have to be severe or persistent first.
import { severityRank } from '../domain/severity.ts'
import type { Millis } from '../domain/time.ts'
import type { Face } from './faces.ts'
import type { CorrelatorSettings } from './settings.ts'

/** True while the policy keeps an incident of one alert to itself; what was told stays told. */
export const isHeldBack = (
  { version, node, status }: Face,
  { openSeverityMin, openAfterMs }: CorrelatorSettings,
  now: Millis,
): boolean => {
  if (version > 0 || node === undefined || status === 'merged') return false
  if (node.alertCount > 1) return false
  const tooMild = severityRank(node.opener.severity) < severityRank(openSeverityMin)
  return tooMild || now < node.openedAt + openAfterMs || (openAfterMs > 0 && node.firingCount === 0)
}
