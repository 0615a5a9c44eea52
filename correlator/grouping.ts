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
  rootOf,
  unmerge,
} from './incident-node.ts'
import { evidenceOf, pairOf, rankIncidents, type Scores } from './join.ts'
import { compareAlerts, type LiveAlert } from './live-alert.ts'
import type { SignalContext } from './signals/signal.ts'
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

export const createGrouping = (
  context: SignalContext,
  candidates: CandidateIndex,
  undone: {
    /** An incident's opening was taken back. */
    closed(node: IncidentNode): void
    unmerged(node: IncidentNode): void
  },
): Grouping => {
  const { settings } = context
  let tail: Decision[] = []
  const scores = new Map<LiveAlert, Scores>()
  const joinedBy = new Map<LiveAlert, LiveAlert>()

  const undoLast = (): LiveAlert => {
    const decision = tail.pop()!
    removeLastMember(decision.root, decision.alert, decision.sampled)
    for (const node of decision.merged.toReversed()) {
      unmerge(node)
      undone.unmerged(node)
    }
    if (decision.opened) undone.closed(decision.root)
    return decision.alert
  }

  /** Undoes what comes after the point. @returns the alerts undone, in order */
  const rewind = (isAfter: (alert: LiveAlert) => boolean): LiveAlert[] => {
    const taken: LiveAlert[] = []
    while (tail.length > 0 && isAfter(tail.at(-1)!.alert)) taken.push(undoLast())
    return taken.reverse()
  }

  const open = (alert: LiveAlert, evidence: readonly Evidence[]): Decision => {
    const root = openNode(alert, alert.at)
    alert.evidence = evidence
    joinedBy.delete(alert)
    const sampled = addMember(root, alert, settings.incidentSampleMax)
    return { alert, root, opened: true, sampled, merged: [] }
  }

  const scoresOf = (alert: LiveAlert): Scores => {
    let known = scores.get(alert)
    if (known === undefined) {
      known = new Map()
      scores.set(alert, known)
    }
    return known
  }

  const explain = (alert: LiveAlert, by: LiveAlert): void => {
    if (joinedBy.get(alert) === by) return
    joinedBy.set(alert, by)
    alert.evidence = evidenceOf(pairOf(alert, by, context), context)
  }

  const doubt = (alert: LiveAlert): void => {
    scores.delete(alert)
    joinedBy.delete(alert)
  }

  const join = (
    alert: LiveAlert,
    root: IncidentNode,
    merged: readonly IncidentNode[],
  ): Decision => {
    const sampled = addMember(root, alert, settings.incidentSampleMax)
    return { alert, root, opened: false, sampled, merged }
  }

  const tie = (nodes: readonly IncidentNode[]): IncidentNode => {
    const [survivor, ...others] = nodes
    for (const node of others) mergeInto(survivor!, node)
    return survivor!
  }

  const decide = (alert: LiveAlert): Decision => {
    const storm = stormOf(alert, candidates, context)
    alert.stormed = storm !== undefined
    if (storm !== undefined) {
      alert.evidence = storm.evidence
      joinedBy.delete(alert)
      return join(alert, tie([storm.incident, ...storm.ties]), storm.ties)
    }
    const fits = rankIncidents(alert, candidates.before(alert), scoresOf(alert), context)
    const [best, second] = fits
    if (best === undefined || best.score < settings.joinThreshold) return open(alert, OPENED)
    explain(alert, best.by)
    if (second === undefined || !bridges(alert, best.incident, second.incident, second.score))
      return join(alert, best.incident, [])
    const [older, younger] = [best.incident, second.incident].sort((a, b) =>
      compareAlerts(a.opener, b.opener),
    )
    return join(alert, tie([older!, younger!]), [younger!])
  }

  const bridges = (
    alert: LiveAlert,
    one: IncidentNode,
    other: IncidentNode,
    score: number,
  ): boolean =>
    score >= settings.mergeThreshold &&
    alert.at - Math.max(one.openedAt, other.openedAt) <= settings.mergeAgeMs

  return {
    place: (fresh, changedFrom) => {
      const sorted = [...fresh].sort(compareAlerts)
      const first = sorted[0]
      const again = rewind(
        (alert) =>
          alert.at > changedFrom || (first !== undefined && compareAlerts(alert, first) > 0),
      )
      const all = merge(again, sorted)
      for (const alert of all) if (alert.at > changedFrom) doubt(alert)
      for (const alert of all) tail.push(decide(alert))
      return all
    },
    withdraw: (alert) => {
      const again = rewind((other) => compareAlerts(other, alert) >= 0)
      if (again[0] !== alert) throw new Error('only an unsettled alert can be withdrawn')
      for (const other of again.slice(1)) tail.push(decide(other))
    },
    settle: (watermark) => {
      const over = tail.length - settings.unsettledMax
      let count = Math.max(0, over)
      while (count < tail.length && tail[count]!.alert.at <= watermark) count++
      if (count === 0) return []
      const settled = tail.slice(0, count).map(({ alert }) => alert)
      tail = tail.slice(count)
      for (const alert of settled) {
        alert.settled = true
        doubt(alert)
      }
      return settled
    },
    doubt: () => {
      for (const { alert } of tail) doubt(alert)
    },
    restore: (decisions) => {
      tail = [...decisions]
    },
    get unsettled() {
      return tail
    },
  }
}

const merge = (a: readonly LiveAlert[], b: readonly LiveAlert[]): LiveAlert[] => {
  const all: LiveAlert[] = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) all.push(compareAlerts(a[i]!, b[j]!) < 0 ? a[i++]! : b[j++]!)
  while (i < a.length) all.push(a[i++]!)
  while (j < b.length) all.push(b[j++]!)
  return all
}

/** The incident that an alert is in, merges followed. */
export const incidentOf = (alert: LiveAlert): IncidentNode | undefined =>
  alert.incident === undefined ? undefined : rootOf(alert.incident)
