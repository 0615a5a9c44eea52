// Which problem a closed incident belongs to, and when recurrences become a problem of their own.
import { hash64 } from '../../domain/hash.ts'
import type { Millis } from '../../domain/time.ts'
import type { Decisions } from './decisions.ts'
import { likeness, recurringGroups } from './likeness.ts'
import { type Entry, type OccurrenceStore, oldestFirst, type ProblemState } from './store.ts'
import { isChatter } from './surprise.ts'
import type { PatternSettings, Signature } from './types.ts'

export interface Promotion {
  /** Looks again at all incidents of one cause. @returns ids of the problems changed or made */
  regroup(scope: string, cause: string, now: Millis): Set<string>
  /** Makes a problem of what the batch pass tied together. @returns its id and those linked to it */
  adopt(incidentIds: readonly string[], now: Millis): string[]
}

/** What the scope is used to. */
export interface Usual {
  isSurprising(scope: string, signature: Signature, times: number, now: Millis): boolean
  /** Incidents closed in the window. */
  incidents(scope: string, now: Millis): number
}

export const createPromotion = (
  store: OccurrenceStore,
  decisions: Decisions,
  settings: PatternSettings,
  usual: Usual,
): Promotion => {
  const { likenessMin, occurrencesMin, suretyMin, experiencedAfter, windowMs } = settings

  /** The problem of the incident most like it, unless one refused for that problem is as like. */
  const problemFor = (entry: Entry, group: readonly Entry[]): string | undefined => {
    const like = ({ occurrence }: Entry): number =>
      likeness(entry.occurrence.signature, occurrence.signature)
    const nearest = group
      .filter(({ problemId }) => problemId !== undefined)
      .filter(({ problemId }) => !decisions.refused(entry.occurrence.incidentId, problemId!))
      .map((member) => ({ problemId: member.problemId!, likeness: like(member) }))
      .reduce<{ problemId: string; likeness: number } | undefined>(
        (best, each) => (best && best.likeness >= each.likeness ? best : each),
        undefined,
      )
    if (!nearest) return undefined
    const refused = group.some(
      (other) =>
        decisions.refused(other.occurrence.incidentId, nearest.problemId) &&
        like(other) > nearest.likeness,
    )
    return refused ? undefined : nearest.problemId
  }

  /** Enough of them are more than chatter, or the chatter is more than chance. */
  const isTelling = (entries: readonly Entry[], now: Millis): boolean => {
    const [first] = entries
    if (!first) return false
    const surety = entries.reduce((sum, { occurrence }) => sum + occurrence.surety, 0)
    const experience = Math.min(1, usual.incidents(first.scope, now) / experiencedAfter)
    if (surety < suretyMin * experience * entries.length) return false
    const chatter = entries.filter(({ occurrence }) => isChatter(occurrence.signature)).length
    return (
      entries.length - chatter >= occurrencesMin ||
      usual.isSurprising(first.scope, first.occurrence.signature, entries.length, now)
    )
  }

  /** Makes one problem of incidents that have none, where they are enough. */
  const promote = (
    entries: readonly Entry[],
    foundBy: ProblemState['foundBy'],
    now: Millis,
  ): string[] => {
    const free = oldestFirst(entries.filter((entry) => entry.problemId === undefined))
    const last = free.at(-1)
    if (!last || !recurOften(free, occurrencesMin, windowMs)) return []
      const id = problemIdOf(free, (taken) => store.problem(taken) !== undefined)
      store.saveProblem({
        id,
        scope: last.scope,
        foundBy,
        version: 0,
        linked: [],
        touchedAt: now,
      })
      for (const { occurrence } of free) store.assign(occurrence.incidentId, id)
      linkAlike(store, id, last, likenessMin)
      return id
    },
    regroup: (scope, cause, now) => {
      const changed = new Set<string>()
      const entries = oldestFirst(store.ofCause(scope, cause))
      const groups = recurringGroups(entries, ({ occurrence }) => occurrence.signature, likenessMin)
      for (const group of groups) {
        const left: Entry[] = []
        for (const entry of group) {
          if (entry.problemId !== undefined) continue
          const problemId = problemFor(entry, group)
          if (problemId === undefined) left.push(entry)
          else {
            store.assign(entry.occurrence.incidentId, problemId)
            changed.add(problemId)
          }
        }
        const made = isTelling(left, now) ? promotion.promote(left, 'recurrence', now) : undefined
        if (made === undefined) continue
        for (const id of [made, ...store.problem(made)!.linked]) changed.add(id)
      }
      return changed
    },
  }
  return promotion
}

/** Ties a new problem to those of another CI of the same role with the same alert types. */
const linkAlike = (store: OccurrenceStore, id: string, entry: Entry, likenessMin: number): void => {
  const { signature } = entry.occurrence
  for (const other of [...store.problems()]) {
    if (other.id === id || other.scope !== entry.scope) continue
    const member = store.members(other.id)[0]?.occurrence.signature
    if (member === undefined || member.causeRole !== signature.causeRole) continue
    if (likeness(member, signature) < likenessMin) continue
    const own = store.problem(id)!
    store.saveProblem({ ...own, linked: [...own.linked, other.id].sort() })
    store.saveProblem({ ...other, linked: [...other.linked, id].sort() })
  }
}

/** True where some window holds enough of them. */
const recurOften = (sorted: readonly Entry[], min: number, windowMs: number): boolean =>
  sorted.some((entry, i) => {
    const later = sorted[i + min - 1]
    return later !== undefined && later.occurrence.openedAt - entry.occurrence.openedAt <= windowMs
  })

/** From content: scope, cause and the alert types that most of them share. */
const problemIdOf = (sorted: readonly Entry[], taken: (id: string) => boolean): string => {
  const [first] = sorted
  const counts = new Map<string, number>()
  for (const { occurrence } of sorted) {
    const { causeTypes, names } = occurrence.signature
    for (const name of causeTypes.length > 0 ? causeTypes : names)
      counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const core = [...counts].filter(([, count]) => 2 * count > sorted.length).map(([name]) => name)
  const content = [first!.scope, first!.occurrence.cause, ...core.sort()]
  const id = hash64(JSON.stringify(content))
  return taken(id) ? hash64(JSON.stringify([...content, first!.occurrence.incidentId])) : id
}
