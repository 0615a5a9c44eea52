// How well causes are ranked: labelled cases in, recall and baselines out.

import type { Judged } from '../correlator/hints/calibration.ts'
import type { HintLearning } from '../correlator/hints/knowledge.ts'
import { rankHints } from '../correlator/hints/rank.ts'
import { HINTS } from '../correlator/hints/registry.ts'
import { DEFAULT_HINT_SETTINGS } from '../correlator/hints/settings.ts'
import type { HintAlert, HintInput, TopologyView } from '../correlator/hints/types.ts'
import type { Change } from '../domain/change.ts'
import type { Hint } from '../domain/evidence.ts'
import type { Millis } from '../domain/time.ts'

/** An incident whose causes are known; none = noise, several = wrongly merged. */
export interface KnownIncident {
  readonly id: string
  readonly roots: readonly string[]
  readonly alerts: readonly HintAlert[]
  readonly elsewhere?: readonly HintAlert[]
  readonly topology: TopologyView
  readonly changesOn: (ci: string) => readonly Change[]
  readonly now: Millis
}

export type Ranker = (incident: KnownIncident, learning: HintLearning) => readonly string[]

const byCount = (counts: ReadonlyMap<string, number>): string[] =>
  [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([ci]) => ci)

const tally = (incident: KnownIncident, worth: (alert: HintAlert) => number): string[] => {
  const counts = new Map<string, number>()
  for (const alert of incident.alerts)
    if (alert.ci !== undefined) counts.set(alert.ci, (counts.get(alert.ci) ?? 0) + worth(alert))
  return byCount(counts)
}

/** What one can do without thinking; `random` is scored by expectation, see `scoreRandom`. */
export const BASELINES: Readonly<Record<string, Ranker>> = {
  'most alerts': (incident) => tally(incident, () => 1),
  'first alert': (incident) => {
    const sorted = [...incident.alerts].sort((a, b) => a.startsAt - b.startsAt)
    return [...new Set(sorted.flatMap(({ ci }) => ci ?? []))]
  },
  'callee minus caller': (incident) => {
    const alerting = new Set(incident.alerts.flatMap(({ ci }) => ci ?? []))
    const score = new Map<string, number>()
    for (const ci of alerting) {
      const near = (list: readonly { readonly ci: string }[]): number =>
        list.filter((each) => alerting.has(each.ci)).length
      const { dependants, dependencies } = incident.topology
      score.set(ci, near(dependants(ci)) - near(dependencies(ci)))
    }
    return byCount(score)
  },
}

const inputOf = (
  { id, alerts, elsewhere, topology, changesOn, now }: KnownIncident,
  { knowledge }: HintLearning,
): HintInput => ({
  incidentId: id,
  alerts,
  ...(elsewhere && { elsewhere }),
  topology,
  changesOn,
  knowledge,
  now,
})

export const hintsOf = (incident: KnownIncident, learning: HintLearning): Hint[] =>
  rankHints(inputOf(incident, learning))

/** Raw beliefs beside whether they were right: an empty table leaves beliefs as they are. */
export const judgedOf = (incident: KnownIncident, learning: HintLearning): Judged[] =>
  rankHints(inputOf(incident, learning), DEFAULT_HINT_SETTINGS, HINTS, []).map(
    ({ ci, confidence }) => [confidence, incident.roots.includes(ci)],
  )

export const faultline: Ranker = (incident, learning) =>
  hintsOf(incident, learning).map(({ ci }) => ci)

export interface Recall {
  readonly cases: number
  readonly at1: number
  readonly at3: number
  readonly at5: number
  readonly mrr: number
}

/** From the place of the true cause in each ranking, from 0; -1 = not there. */
export const recallOf = (places: readonly number[]): Recall => {
  const within = (k: number): number =>
    places.filter((place) => place >= 0 && place < k).length / Math.max(1, places.length)
  const reciprocal = places.reduce((sum, place) => sum + (place < 0 ? 0 : 1 / (place + 1)), 0)
  return {
    cases: places.length,
    at1: within(1),
    at3: within(3),
    at5: within(5),
    mrr: reciprocal / Math.max(1, places.length),
  }
}

/** The expected recall of a random order of the alerting CIs. */
export const scoreRandom = (incidents: readonly KnownIncident[]): Recall => {
  const sum = { at1: 0, at3: 0, at5: 0, mrr: 0 }
  const cases = incidents.flatMap(({ alerts, roots }) => roots.map((root) => ({ alerts, root })))
  for (const { alerts, root } of cases) {
    const cis = new Set(alerts.flatMap(({ ci }) => ci ?? []))
    if (!cis.has(root)) continue
    sum.at1 += 1 / cis.size
    sum.at3 += Math.min(1, 3 / cis.size)
    sum.at5 += Math.min(1, 5 / cis.size)
    for (let place = 1; place <= cis.size; place++) sum.mrr += 1 / place / cis.size
  }
  const n = Math.max(1, cases.length)
  return {
    cases: cases.length,
    at1: sum.at1 / n,
    at3: sum.at3 / n,
    at5: sum.at5 / n,
    mrr: sum.mrr / n,
  }
}

export const recallLine = (name: string, { cases, at1, at3, at5, mrr }: Recall): string =>
  `${name.padEnd(24)} ${String(cases).padStart(5)}  @1 ${at1.toFixed(3)}  @3 ${at3.toFixed(3)}` +
  `  @5 ${at5.toFixed(3)}  MRR ${mrr.toFixed(3)}`
