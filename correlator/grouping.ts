// Puts alerts into incidents in the order of events, whatever order they arrive in.
import type { Evidence } from '../domain/evidence.ts'
import type { Millis } from '../domain/time.ts'
import type { CandidateIndex } from './candidates.ts'
import {
  addMember,
  type Decision,
  type IncidentNode,
  mergeInto,
  openNode,
  removeLastMember,
  unmerge,
} from './incident-node.ts'
import { evidenceOf, type Fit, rankIncidents, type Scores } from './join.ts'
import { compareAlerts, type LiveAlert } from './live-alert.ts'
import type { Pair, SignalContext } from './signals/signal.ts'
import { stormOf } from './storm.ts'

/**
 * Decisions of the last minutes are kept in the order of events. An alert that arrives late is put
 * where it belongs: the decisions after it are taken back, newest first, and made again.
 */
export interface Grouping {
  /** Decides new alerts, and decides anew what comes after `changedFrom`. */
  place(fresh: readonly LiveAlert[], changedFrom: Millis): readonly LiveAlert[]
  /** Takes an undecided alert out again, so that it can be placed elsewhere. */
  withdraw(alert: LiveAlert): void
  /** Makes final what began at or before the watermark. @returns those alerts, in order */
  settle(watermark: Millis): readonly LiveAlert[]
  readonly unsettled: readonly Decision[]
  restore(decisions: readonly Decision[]): void
  /** What signals read has changed: nothing remembered of undecided alerts holds. */
  doubt(): void
}

const OPENED: readonly Evidence[] = [
  { signal: 'opened', weight: 0, text: 'Nothing close to it in time and place came before it.' },
]

/** Told of what was taken back. */
export interface Undone {
  /** An incident's opening. */
  closed(node: IncidentNode): void
  unmerged(node: IncidentNode): void
}

export const createGrouping = (
  context: SignalContext,
  candidates: CandidateIndex,
  undone: Undone,
): Grouping => {
  const decider = createDecider(context, candidates)
  let tail: Decision[] = []

  /** Undoes what comes after the point. @returns the alerts undone, in order */
  const rewind = (isAfter: (alert: LiveAlert) => boolean): LiveAlert[] => {
    const taken: LiveAlert[] = []
    for (let last = tail.at(-1); last && isAfter(last.alert); last = tail.at(-1)) {
      tail.pop()
      takeBack(last, undone)
      taken.push(last.alert)
    }
    return taken.reverse()
  }

  return {
    place: (fresh, changedFrom) => {
      const sorted = [...fresh].sort(compareAlerts)
      const first = sorted[0]
      const again = rewind(
        (alert) =>
          alert.at >= changedFrom || (first !== undefined && compareAlerts(alert, first) > 0),
      )
      const all = merge(again, sorted)
      for (const alert of all) if (alert.at >= changedFrom) decider.doubt(alert)
      for (const alert of all) tail.push(decider.decide(alert))
      return all
    },
    withdraw: (alert) => {
      const [withdrawn, ...again] = rewind((other) => compareAlerts(other, alert) >= 0)
      if (withdrawn !== alert) throw new Error('only an unsettled alert can be withdrawn')
      for (const other of again) tail.push(decider.decide(other))
    },
    settle: (watermark) => {
      let count = Math.max(0, tail.length - context.settings.unsettledMax)
      while (count < tail.length && tail[count]!.alert.at <= watermark) count++
      if (count === 0) return []
      const settled = tail.slice(0, count).map(({ alert }) => alert)
      tail = tail.slice(count)
      for (const alert of settled) {
        alert.settled = true
        decider.doubt(alert)
      }
      return settled
    },
    restore: (decisions) => {
      tail = [...decisions]
    },
    doubt: () => {
      for (const { alert } of tail) decider.doubt(alert)
    },
    get unsettled() {
      return tail
    },
  }
}

const takeBack = (decision: Decision, undone: Undone): void => {
  removeLastMember(decision.root, decision.alert, decision.sampled)
  for (const node of decision.merged.toReversed()) {
    unmerge(node)
    undone.unmerged(node)
  }
  if (decision.opened) undone.closed(decision.root)
}

interface Decider {
  decide(alert: LiveAlert): Decision
  /** Forgets what was worked out about an undecided alert. */
  doubt(alert: LiveAlert): void
}

/** Remembers what it worked out of an alert, because a late arrival makes it decide again. */
const createDecider = (context: SignalContext, candidates: CandidateIndex): Decider => {
  const { settings } = context
  const scores = new Map<LiveAlert, Scores>()
  const joinedBy = new Map<LiveAlert, { by: Pair; explained: boolean }>()

  const scoresOf = (alert: LiveAlert): Scores => {
    let known = scores.get(alert)
    if (known === undefined) {
      known = new Map()
      scores.set(alert, known)
    }
    return known
  }

  const join = (alert: LiveAlert, nodes: readonly IncidentNode[], by?: Pair): Decision => {
    const [root, ...merged] = [...nodes].sort((a, b) => compareAlerts(a.opener, b.opener))
    for (const node of merged) mergeInto(root!, node)
    if (by === undefined) joinedBy.delete(alert)
    else explain(alert, by)
    const sampled = addMember(root!, alert, settings.incidentSampleMax)
    return { alert, root: root!, opened: false, sampled, merged }
  }

  const explain = (alert: LiveAlert, by: Pair): void => {
    alert.explained = isEffect(by)
    const known = joinedBy.get(alert)
    if (known?.by === by && known.explained === by.other.explained) return
    joinedBy.set(alert, { by, explained: by.other.explained })
    alert.evidence = evidenceOf(by, context)
  }

  const open = (alert: LiveAlert): Decision => {
    joinedBy.delete(alert)
    alert.explained = false
    alert.evidence = OPENED
    const root = openNode(alert, alert.at)
    const sampled = addMember(root, alert, settings.incidentSampleMax)
    return { alert, root, opened: true, sampled, merged: [] }
  }

  return {
    decide: (alert) => {
      const storm = stormOf(alert, candidates, context)
      alert.stormed = storm !== undefined
      if (storm !== undefined) {
        alert.evidence = storm.evidence
        alert.explained = false
        return join(alert, storm.incidents)
      }
      const near = candidates.before(alert, context.corrections.partnerCis(alert))
      const [best, ...others] = rankIncidents(alert, near, scoresOf(alert), context)
      if (best === undefined || best.score < settings.joinThreshold) return open(alert)
      const tied = others.filter((other) => bridges(alert, best, other, context))
      const nodes = [best, ...tied].map(({ incident }) => incident)
      return join(alert, nodes, best.by)
    },
    doubt: (alert) => {
      scores.delete(alert)
      joinedBy.delete(alert)
    },
  }
}

/** Ties two incidents where it fits both well and the younger is still young. */
const bridges = (alert: LiveAlert, best: Fit, second: Fit, context: SignalContext): boolean => {
  const { mergeThreshold, mergeAgeMs } = context.settings
  const younger = Math.max(best.incident.openedAt, second.incident.openedAt)
  if (second.score < mergeThreshold || alert.at - younger > mergeAgeMs) return false
  return !isTornBetween(best.by, second.by)
}

/**
 * What two faults both break does not make them one: where the alert may come from either, it is
 * an effect of one of them, and says nothing about the two.
 */
const isTornBetween = (best: Pair, second: Pair): boolean => {
  const one = causeOf(best)
  const two = causeOf(second)
  return one !== undefined && two !== undefined && (one === -1 || one !== two)
}

/**
 * The CI that the alert would come from, or the word that stands for it; -1 where that is not known
 * or the other has a cause of its own, undefined where it comes from none.
 */
const causeOf = ({ relation, other, reach, kinBy }: Pair): number | string | undefined => {
  if (kinBy !== undefined) return kinBy
  if (relation === 'from') return other.node
  if (relation === 'beside') return other.explained ? -1 : (reach?.turn ?? -1)
  return relation === 'same' && other.explained ? -1 : undefined
}

/** The alert comes from what its CI needs; or beside one on its CI that does. */
const isEffect = ({ relation, other }: Pair): boolean =>
  relation === 'from' || (relation === 'same' && other.explained)

const merge = (a: readonly LiveAlert[], b: readonly LiveAlert[]): LiveAlert[] => {
  const all: LiveAlert[] = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) all.push(compareAlerts(a[i]!, b[j]!) < 0 ? a[i++]! : b[j++]!)
  while (i < a.length) all.push(a[i++]!)
  while (j < b.length) all.push(b[j++]!)
  return all
}
