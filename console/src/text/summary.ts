// What happened, in one sentence, from what the incident says of itself.
import type { HintView, IncidentDetail } from '../api/types.ts'
import { likelihoodText, plural } from './counts.ts'
import { durationText } from './time.ts'

const CI_NAMES_MAX = 3

const places = (cis: readonly string[]): string => {
  if (cis.length === 0) return ''
  if (cis.length <= CI_NAMES_MAX) return ` on ${cis.join(', ')}`
  return ` on ${plural(cis.length, 'CI')} (${cis.slice(0, CI_NAMES_MAX).join(', ')} …)`
}

const suspicion = (hint: HintView | undefined): string => {
  if (hint === undefined) return ''
  const what = hint.change === undefined ? hint.ci : `change ${hint.change} on ${hint.ci}`
  return `; most likely it began with ${what} (${likelihoodText(hint.confidence)} sure)`
}

const state = (incident: IncidentDetail, now: number): string => {
  const openedAt = Date.parse(incident.openedAt)
  if (incident.mergedInto !== undefined) return 'merged into another incident'
  if (incident.resolvedAt !== undefined)
    return `over after ${durationText(Date.parse(incident.resolvedAt) - openedAt)}`
  const age = durationText(now - openedAt)
  return incident.firingCount === 0
    ? `none fires any more, ${age} after it opened`
    : `${incident.firingCount} still firing after ${age}`
}

/** @param now milliseconds UTC, for the age of an open incident */
export const summarise = (incident: IncidentDetail, now: number): string => {
  const many = plural(incident.alertCount, 'alert')
  const hint = suspicion(incident.hints[0])
  return `${many}${places(incident.cis)}, ${state(incident, now)}${hint}.`
}
