// What a correlation signal is: one say about whether two alerts belong to one incident.
import type { Change } from '../../domain/change.ts'
import type { Millis } from '../../domain/time.ts'
import type { Knowledge } from '../knowledge.ts'
import type { LiveAlert } from '../live-alert.ts'
import type { CorrelatorSettings } from '../settings.ts'
import type { Reach, TopologyGraph } from '../topology-graph.ts'

/** A new alert beside one that came before it in the order of events. */
export interface Pair {
  readonly alert: LiveAlert
  readonly other: LiveAlert
  /** From the other's newest firing before the alert, to the alert. */
  readonly gapMs: Millis
  readonly sameCi: boolean
  /** The way from the other's CI to the alert's; undefined where there is none or none is known. */
  readonly reach: Reach | undefined
}

/** What signals may look at; all of it reads the same whatever the arrival order was. */
export interface SignalContext {
  readonly settings: CorrelatorSettings
  readonly graph: TopologyGraph
  readonly knowledge: Knowledge
  /** Rarity of a token: ln(CIs / CIs that carry it). */
  rarity(token: string, at: Millis): number
  /** A change shortly before `at` on the CI or on what can break it; the newest. */
  changeNear(alert: LiveAlert): Change | undefined
}

export interface Signal {
  /** Registry name; also the `signal` of its evidence. */
  readonly name: string
  /** Natural log-odds: positive for one incident, negative against, 0 for no opinion. */
  weigh(pair: Pair, context: SignalContext): number
  /** One sentence; asked only for the pair that decided. */
  explain(pair: Pair, context: SignalContext): string
}
