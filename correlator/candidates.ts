// Finds what a new alert may belong with, from inverted indexes only; never a scan.
import type { Millis } from '../domain/time.ts'
import { activeBefore, type LiveAlert, wasOverBy } from './live-alert.ts'
import { createPostings, type Postings } from './postings.ts'
import type { CorrelatorSettings } from './settings.ts'
import type { TopologyGraph } from './topology-graph.ts'

export interface CandidateIndex {
  add(alert: LiveAlert): void
  remove(alert: LiveAlert): void
  /**
   * Alerts before `alert` in the order of events that share its CI, a neighbouring CI, a rare
   * token, or just its moment; the likeliest kind first, newest first within a kind.
   * @param alsoOn CIs to look at besides
   */
  before(alert: LiveAlert, alsoOn?: readonly string[]): readonly LiveAlert[]
  /** The newest alerts of the same type before this one, oldest first. */
  sameType(alert: LiveAlert, most: number): readonly LiveAlert[]
  /** Alerts of any kind that began within the span, oldest first; of very many the newest. */
  began(from: Millis, to: Millis): readonly LiveAlert[]
  /** Alerts of the same kinds that began within the span, whatever their order. */
  within(alert: LiveAlert, from: Millis, to: Millis): readonly LiveAlert[]
  all(): ReadonlySet<LiveAlert>
  /** The indexes by name, for snapshots. */
  readonly postings: Readonly<Record<string, Postings<string>>>
  restore(alerts: readonly LiveAlert[]): void
}

/** Newest alerts taken from one key of each kind. */
const PER_CI = 16
const PER_NEIGHBOUR = 4
const PER_TOKEN = 8
const PER_MOMENT = 16
const MOMENT = 'now'

type Accepts = (other: LiveAlert) => boolean

export const createCandidateIndex = (
  settings: CorrelatorSettings,
  graph: () => TopologyGraph,
): CandidateIndex => {
  const { postingsMax, candidatesMax, joinHorizonMs } = settings
  const all = new Set<LiveAlert>()
  // What is not settled is decided anew when something earlier arrives: it has to see what came
  // before it, also where very much came after it on the same CI.
  const byCi = createPostings<string>(settings.unsettledMax + postingsMax)
  const byToken = createPostings<string>(postingsMax)
  const byType = createPostings<string>(settings.unsettledMax + settings.stormAlertsMin)
  const byMoment = createPostings<string>(settings.unsettledMax + postingsMax)

  /** @param order whether only those before the alert are wanted: the others are not looked at */
  const gather = (
    alert: LiveAlert,
    order: 'before' | 'any',
    accepts: Accepts,
    alsoOn: readonly string[] = [],
  ): LiveAlert[] => {
    const found = new Set<LiveAlert>()
    const take = (postings: Postings<string>, key: string, most: number): void => {
      const list = postings.of(key)
      const end = order === 'before' ? postings.placeOf(key, alert) : list.length
      let taken = 0
      for (let i = end - 1; i >= 0 && taken < most; i--) {
        const other = list[i]!
        if (other === alert || !accepts(other)) continue
        if (found.size >= candidatesMax) return
        found.add(other)
        taken++
      }
    }
    if (alert.ci !== undefined) take(byCi, alert.ci, PER_CI)
    for (const ci of alsoOn) take(byCi, ci, PER_NEIGHBOUR)
    if (alert.node >= 0) {
      const topology = graph()
      for (const reach of topology.around(alert.node)) {
        if (reach.hops > 0) take(byCi, topology.idOf(reach.node), PER_NEIGHBOUR)
        if (found.size >= candidatesMax) break
      }
    }
    for (const token of alert.tokens) take(byToken, token, PER_TOKEN)
    take(byMoment, MOMENT, PER_MOMENT)
    return [...found]
  }

  return {
    add: (alert) => {
      alert.indexed = true
      all.add(alert)
      if (alert.ci !== undefined) byCi.add(alert.ci, alert)
      for (const token of alert.tokens) byToken.add(token, alert)
      byMoment.add(MOMENT, alert)
      byType.add(alert.type, alert)
    },
    remove: (alert) => {
      alert.indexed = false
      all.delete(alert)
      if (alert.ci !== undefined) byCi.remove(alert.ci, alert)
      for (const token of alert.tokens) byToken.remove(token, alert)
      byMoment.remove(MOMENT, alert)
      byType.remove(alert.type, alert)
    },
    before: (alert, alsoOn) =>
      gather(
        alert,
        'before',
        (other) =>
          !wasOverBy(other, alert.at - settings.reopenWindowMs) &&
          alert.at - activeBefore(other, alert.at) <= joinHorizonMs,
        alsoOn,
      ),
    sameType: (alert, most) => {
      const place = byType.placeOf(alert.type, alert)
      return byType.of(alert.type).slice(Math.max(0, place - most), place)
    },
    began: (from, to) => byMoment.of(MOMENT).filter(({ at }) => at >= from && at <= to),
    within: (alert, from, to) =>
      gather(alert, 'any', (other) => other.at >= from && other.at <= to),
    all: () => all,
    postings: { ci: byCi, token: byToken, moment: byMoment, type: byType },
    restore: (alerts) => {
      for (const alert of alerts) all.add(alert)
    },
  }
}
