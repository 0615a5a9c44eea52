// What every baseline is: events in order in, a group for each out.
import type { AlertEvent } from '../../domain/event.ts'
import { MINUTE_MS, type Millis } from '../../domain/time.ts'
import type { Topology } from '../../domain/topology.ts'

export interface BaselineEvent {
  readonly at: Millis
  readonly event: AlertEvent
  /** As Faultline itself binds it, so that no baseline loses by worse binding. */
  readonly ci: string | undefined
}

export interface Baseline {
  readonly name: string
  /** One group for each event, in order. */
  assign(events: readonly BaselineEvent[], topology: Topology): string[]
}

/** One alert from its fire to its resolve. */
export interface Alive extends BaselineEvent {
  lastAt: Millis
  resolved: boolean
  readonly group: string
}

/** A source that has not spoken of an alert for this long no longer sees it. */
export const SILENT_MS = 15 * MINUTE_MS

export const isAlive = (alive: Alive, now: Millis): boolean =>
  !alive.resolved && now - alive.lastAt <= SILENT_MS

/**
 * Deduplicates as every tool does before it groups: `place` chooses a group for the first report
 * of each life, and all that follows of that life stays there.
 */
export const assignLives = (
  events: readonly BaselineEvent[],
  place: (event: BaselineEvent) => string,
  placed: (alive: Alive) => void = () => {},
): string[] => {
  const lives = new Map<string, Alive>()
  return events.map((event) => {
    const { fingerprint, status } = event.event
    let life = lives.get(fingerprint)
    const over = life === undefined || !isAlive(life, event.at)
    if (life === undefined || (over && status === 'firing')) {
      life = { ...event, lastAt: event.at, resolved: false, group: place(event) }
      lives.set(fingerprint, life)
      placed(life)
    }
    life.lastAt = event.at
    if (status === 'resolved') life.resolved = true
    return life.group
  })
}

/** The thing that an event is about, as far as its labels say; else the event's own condition. */
export const thingOf = ({ event, ci }: BaselineEvent): string =>
  ci ?? event.labels.service ?? event.labels.host ?? event.labels.instance ?? event.fingerprint
