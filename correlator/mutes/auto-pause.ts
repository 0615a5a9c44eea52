// Auto-pause: what usually resolves by itself within minutes is held back that long, if so set.
import { MINUTE_MS, type Millis } from '../../domain/time.ts'
import type { EpochCounts } from '../epoch-counts.ts'
import type { LiveAlert } from '../live-alert.ts'
import type { CorrelatorSettings } from '../settings.ts'

export interface Pause {
  readonly until: Millis
  /** One sentence. */
  readonly text: string
}

const endsKey = (type: string): string => `e|${type}`
const quickKey = (type: string): string => `q|${type}`

/** An alert has resolved: learns whether it did so soon. What expired or flaps teaches nothing. */
export const learnEnd = (
  alert: LiveAlert,
  counts: EpochCounts,
  { autoPauseMs }: CorrelatorSettings,
  now: Millis,
): void => {
  if (alert.expired || alert.resolvedAt === undefined) return
  const began = alert.activations.at(-1) ?? alert.at
  counts.add(now, endsKey(alert.type), 1)
  if (alert.resolvedAt - began <= autoPauseMs) counts.add(now, quickKey(alert.type), 1)
}

/** @returns how long a new alert is held back, and why; undefined where it is not */
export const pauseOf = (
  alert: LiveAlert,
  counts: EpochCounts,
  { autoPause, autoPauseMs, autoPauseEndsMin, autoPauseShareMin }: CorrelatorSettings,
): Pause | undefined => {
  if (autoPause === 'off') return undefined
  const ends = counts.get(alert.at, endsKey(alert.type))
  if (ends < autoPauseEndsMin) return undefined
  const share = counts.get(alert.at, quickKey(alert.type)) / ends
  if (share < autoPauseShareMin) return undefined
  const within = `${Math.round(autoPauseMs / MINUTE_MS)} min`
  return {
    until: alert.firstSeen + autoPauseMs,
    text: `Held back for up to ${within}: ${Math.round(share * 100)} % of the ${alert.name} alerts so far resolved by themselves within that.`,
  }
}
