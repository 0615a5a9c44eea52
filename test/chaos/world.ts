// What a world of chaos is: an installation that takes deliveries, and what can happen to it.
import type { Random } from '../../bench/estate/random.ts'
import type { Acknowledged } from '../simulation/oracle.ts'

/** One thing that can happen, to a victim of some kind; FAULTS numbers say which row it shows. */
export interface Fault<V> {
  readonly name: string
  readonly rows: readonly number[]
  /** Leaves the installation running. Called while deliveries are on their way. */
  strike(victim: V, random: Random): Promise<void>
  /** Dead letters that it must leave behind. */
  readonly deadLetters?: number
}

export interface Judgement {
  readonly incidents: number
  readonly violations: readonly string[]
  /** What else is worth telling, a line each. */
  readonly notes?: readonly string[]
}

export interface ChaosWorld<V = unknown> {
  readonly name: string
  readonly victim: V
  readonly faults: readonly Fault<V>[]
  /** What is checked at the end. */
  readonly invariants: readonly string[]
  /** Whose alerts come: each is a scope of its own; none = one scope for all. */
  readonly regions: readonly string[]
  begin(): Promise<void>
  /** @returns undefined where nobody answered */
  deliver(body: string): Promise<Response | undefined>
  importTopology(topology: unknown): Promise<Response>
  /** Lets everything be read to its end, stops it, and looks at what is left. */
  judge(acknowledged: readonly Acknowledged[], poison: number): Promise<Judgement>
  /** Whatever state it is in. */
  end(): Promise<void>
}
