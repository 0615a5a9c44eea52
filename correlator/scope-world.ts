// Everything that may correlate: one scope's index, grouping and knowledge.
import type { Millis } from '../domain/time.ts'
import { bindAlert } from './alert-book.ts'
import { type CandidateIndex, createCandidateIndex } from './candidates.ts'
import type { ChangeBook } from './changes.ts'
import type { Corrections } from './corrections.ts'
import type { EpochCountsJson } from './epoch-counts.ts'
import type { Faces } from './faces.ts'
import { createGrouping, type Grouping } from './grouping.ts'
import { createKnowledge, type Knowledge } from './knowledge.ts'
import { COMPANY_MS, learnFrom } from './learning.ts'
import type { LikelyWays } from './likely-ways.ts'
import type { LiveAlert } from './live-alert.ts'
import type { CorrelatorSettings } from './settings.ts'
import type { SignalContext } from './signals/signal.ts'
import { ciTokens } from './tokens.ts'
import type { TopologyGraph } from './topology-graph.ts'

export interface ScopeWorld {
  readonly scope: string
  readonly index: CandidateIndex
  readonly grouping: Grouping
  readonly knowledge: Knowledge
  /** The topology changed under the alerts: binds them again. @returns those on another CI now */
  rebind(): readonly LiveAlert[]
  /** Makes all decisions final, because a person decides on top of them. */
  settleNow(): void
  /** Settles and learns what time has come for. */
  advance(now: Millis): void
  /** Settled alerts that are yet to be learned from, in order. */
  readonly toLearn: readonly LiveAlert[]
  restoreToLearn(alerts: readonly LiveAlert[]): void
}

export interface SharedWorld {
  readonly settings: CorrelatorSettings
  readonly faces: Faces
  readonly changes: ChangeBook
  readonly corrections: Corrections
  graph(): TopologyGraph
  likelyWays(): LikelyWays
  /** Topology CIs that carry a token. */
  tokenCount(token: string): number
}

/** A token makes kin where the topology is silent: at most one CI in this many carries it. */
const KIN_RARITY = Math.log(6)

/** @param carry how many of all CIs carry the token */
export const isRare = (carry: number, all: number): boolean => rarityOf(carry, all) >= KIN_RARITY

const rarityOf = (carry: number, all: number): number => Math.log((all + 2) / (carry + 1))

export const createScopeWorld = (
  scope: string,
  shared: SharedWorld,
  from?: EpochCountsJson,
): ScopeWorld => {
  const { settings } = shared
  const knowledge = createKnowledge(from)
  const rarity = (token: string, at: Millis): number => {
    const all = shared.graph().size + knowledge.cisSeen(at)
    const carry = shared.tokenCount(token) + knowledge.cisWith(token, at)
    return rarityOf(carry, all)
  }
  const context: SignalContext = {
    settings,
    get graph() {
      return shared.graph()
    },
    get likelyWays() {
      return shared.likelyWays()
    },
    knowledge,
    corrections: shared.corrections,
    rarity,
    kinBy: (alert, other) => {
      let rarest: string | undefined
      let nats = KIN_RARITY
      for (const token of alert.tokens) {
        if (!other.tokens.includes(token)) continue
        const found = rarity(token, alert.at)
        if (found < nats) continue
        rarest = token
        nats = found
      }
      return rarest
    },
    changeNear: (alert) => shared.changes.behind(alert.ci, alert.node, alert.at),
  }
  const index = createCandidateIndex(settings, shared.graph)
  const grouping = createGrouping(context, index, shared.faces)
  let toLearn: LiveAlert[] = []
  return {
    scope,
    index,
    grouping,
    knowledge,
    get toLearn() {
      return toLearn
    },
    restoreToLearn: (alerts) => {
      toLearn = [...alerts]
    },
    rebind: () => {
      grouping.doubt()
      const moved: LiveAlert[] = []
      for (const alert of [...index.all()]) {
        const { ci } = alert
        index.remove(alert)
        bindAlert(alert, settings, shared.graph())
        index.add(alert)
        if (alert.ci !== ci) moved.push(alert)
      }
      return moved
    },
    settleNow: () => void toLearn.push(...grouping.settle(Number.POSITIVE_INFINITY)),
    advance: (now) => {
      const watermark = now - settings.settleAfterMs
      toLearn.push(...grouping.settle(watermark))
      let learned = 0
      while (learned < toLearn.length && toLearn[learned]!.at + COMPANY_MS <= watermark)
        learnFrom(toLearn[learned++]!, index, context)
      if (learned > 0) toLearn = toLearn.slice(learned)
      knowledge.counts.advance(watermark)
    },
  }
}

/** How many CIs of the topology carry each name prefix or attribute value. */
export const countTokens = (graph: TopologyGraph): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const ci of graph.cis)
    for (const token of ciTokens(ci)) counts.set(token, (counts.get(token) ?? 0) + 1)
  return counts
}
