// Everything that pattern detection remembers, and its one snapshot.
import {
  createDecayedCounts,
  type DecayedCounts,
  type DecayedCountsSnapshot,
} from '../hints/decayed-counts.ts'
import { profileOf } from './candidate.ts'
import { createDecisions, type Decisions } from './decisions.ts'
import { createKnownIndex, type KnownIndex } from './known.ts'
import { createOccurrenceStore, type OccurrenceStore, type StoreSnapshot } from './store.ts'
import type { PatternSettings, ProblemDecision } from './types.ts'
import {
  createWindowCounts,
  type WindowCounts,
  type WindowCountsSnapshot,
} from './window-counts.ts'

export interface PatternsSnapshot {
  readonly store: StoreSnapshot
  readonly decisions: readonly ProblemDecision[]
  readonly terms: DecayedCountsSnapshot
  readonly chatter: DecayedCountsSnapshot
  readonly incidents: WindowCountsSnapshot
}

export interface PatternMemory {
  readonly store: OccurrenceStore
  readonly decisions: Decisions
  /** How common each term is. */
  readonly terms: DecayedCounts
  /** How often each alert type came alone, in all and by CI. */
  readonly chatter: DecayedCounts
  readonly incidents: WindowCounts
  readonly index: KnownIndex
  snapshot(): PatternsSnapshot
}

const TERMS_COUNTED_MAX = 100_000

export const createPatternMemory = (
  settings: PatternSettings,
  restored?: PatternsSnapshot,
): PatternMemory => {
  const counted = { halfLifeMs: settings.windowMs, keysMax: TERMS_COUNTED_MAX }
  const terms = createDecayedCounts(counted, restored?.terms)
  const chatter = createDecayedCounts(counted, restored?.chatter)
  const incidents = createWindowCounts(settings.windowMs, restored?.incidents)
  const decisions = createDecisions(settings.decisionsMax, restored?.decisions)
  const store = createOccurrenceStore(settings, restored?.store)
  const index = createKnownIndex(terms)
  for (const { id, scope } of store.problems()) index.set(id, scope, profileOf(store.members(id)))
  return {
    store,
    decisions,
    terms,
    chatter,
    incidents,
    index,
    snapshot: () => ({
      store: store.snapshot(),
      decisions: decisions.snapshot(),
      terms: terms.snapshot(),
      chatter: chatter.snapshot(),
      incidents: incidents.snapshot(),
    }),
  }
}
