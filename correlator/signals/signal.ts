// What a correlation signal is: one say about whether two alerts belong to one incident.
import type { Change } from '../../domain/change.ts'
import type { Millis } from '../../domain/time.ts'
import type { Corrections } from '../corrections.ts'
import type { Kinship } from '../kinship.ts'
import type { Knowledge } from '../knowledge.ts'
import type { LikelyWays } from '../likely-ways.ts'
import type { LiveAlert } from '../live-alert.ts'
import type { CorrelatorSettings } from '../settings.ts'
import type { TopologyGraph } from '../topology-graph.ts'

/** A new alert beside one that came before it in the order of events. */
export interface BarePair extends Kinship {
  readonly alert: LiveAlert
  readonly other: LiveAlert
  /** From the other's newest firing before the alert, to the alert. */
  readonly gapMs: Millis
}

export interface Pair extends BarePair {
  /** How many CIs that need the same cause alert now; see witnesses.ts. */
  readonly witnesses: number
}

/** What signals may look at; all of it reads the same whatever the arrival order was. */
export interface SignalContext {
  readonly settings: CorrelatorSettings
  readonly graph: TopologyGraph
  /** What holes in the topology likely hide. */
  readonly likelyWays: LikelyWays
  readonly knowledge: Knowledge
  /** Rarity of a token: ln(CIs / CIs that carry it). */
  rarity(token: string, at: Millis): number
  /** A rare word that both carry; tells kin where the topology does not know one of them. */
  kinBy(alert: LiveAlert, other: LiveAlert): string | undefined
  readonly corrections: Corrections
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
