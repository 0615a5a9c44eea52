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
  isSurprising(name: string, times: number, singled: boolean, now: Millis): boolean
  /** Incidents closed in the window. */
  incidents(scope: string, now: Millis): number
}

/** The batch pass may tie incidents by looks alone: this share of them must touch one CI. */
const COMMON_CI_SHARE_MIN = 0.7
/** Incidents that are more than chatter single a CI out. */
const SINGLED_MIN = 2

export const createPromotion = (
  store: OccurrenceStore,
  decisions: Decisions,
  settings: PatternSettings,
  usual: Usual,
): Promotion => {
  const { likenessMin, occurrencesMin, windowMs } = settings

  /** Makes one problem of incidents that have none, where they are enough. */
  const promote = (
    entries: readonly Entry[],
    foundBy: ProblemState['foundBy'],
    now: Millis,
  ): string[] => {
    const sorted = oldestFirst(entries)
    const last = sorted.at(-1)
    if (!last || !recurOften(sorted, occurrencesMin, windowMs)) return []
    const id = problemIdOf(sorted, (taken) => store.problem(taken) !== undefined)
    const { scope } = last
    store.saveProblem({ id, scope, foundBy, version: 0, linked: [], touchedAt: now })
    for (const { occurrence } of sorted) store.assign(occurrence.incidentId, id)
    linkAlike(store, id, last, likenessMin)
    return [id, ...store.problem(id)!.linked]
  }

  return {
    regroup: (scope, cause, now) => {
      const changed = new Set<string>()
      const sure = store
        .ofCause(scope, cause)
        .filter((entry) => isSure(entry, settings, usual, now))
      for (const group of recurringGroups(oldestFirst(sure), signatureOf, likenessMin)) {
        const left: Entry[] = []
        for (const entry of telling(group, usual, now)) {
          if (entry.problemId !== undefined) continue
          const problemId = problemFor(entry, group, decisions)
          if (problemId === undefined) left.push(entry)
          else {
            store.assign(entry.occurrence.incidentId, problemId)
            changed.add(problemId)
          }
        }
        for (const id of promote(left, 'recurrence', now)) changed.add(id)
      }
      return changed
    },
    adopt: (incidentIds, now) => {
      const loose = incidentIds
        .flatMap((incidentId) => store.entry(incidentId) ?? [])
        .filter((entry) => entry.problemId === undefined)
      return commonCiShare(loose) < COMMON_CI_SHARE_MIN ? [] : promote(loose, 'clustering', now)
    },
  }
}

const signatureOf = ({ occurrence }: Entry): Signature => occurrence.signature

/** Of chatter: its one alert type. */
const nameOf = (entry: Entry): string => signatureOf(entry).names[0]!

/** The problem of the incident most like it, unless one refused for that problem is more like it. */
const problemFor = (
  entry: Entry,
  group: readonly Entry[],
  decisions: Decisions,
): string | undefined => {
  const { incidentId } = entry.occurrence
  const like = (other: Entry): number => likeness(signatureOf(entry), signatureOf(other))
  let nearest: { readonly problemId: string; readonly likeness: number } | undefined
  for (const member of group) {
    const { problemId } = member
    if (problemId === undefined || decisions.refused(incidentId, problemId)) continue
    if (!nearest || like(member) > nearest.likeness) nearest = { problemId, likeness: like(member) }
  }
  if (!nearest) return undefined
  const { problemId, likeness: most } = nearest
  const refused = group.some(
    (other) => decisions.refused(other.occurrence.incidentId, problemId) && like(other) > most,
  )
  return refused ? undefined : problemId
}

/** Its cause is likelier right than wrong, as far as there is experience to be sure by. */
const isSure = (
  { scope, occurrence: { surety } }: Entry,
  { suretyMin, experiencedAfter }: PatternSettings,
  usual: Usual,
  now: Millis,
): boolean => surety >= suretyMin * Math.min(1, usual.incidents(scope, now) / experiencedAfter)

/** Those that are more than chatter, and such chatter as is more than chance or is theirs already. */
const telling = (group: readonly Entry[], usual: Usual, now: Millis): readonly Entry[] => {
  const chatter = group.filter((entry) => isChatter(signatureOf(entry)))
  const singled = group.length - chatter.length >= SINGLED_MIN
  const times = new Map<string, number>()
  for (const entry of chatter) times.set(nameOf(entry), (times.get(nameOf(entry)) ?? 0) + 1)
  const heard = new Set<string>()
  for (const entry of chatter) if (entry.problemId !== undefined) heard.add(nameOf(entry))
  for (const [name, count] of times)
    if (usual.isSurprising(name, count, singled, now)) heard.add(name)
  return group.filter((entry) => !isChatter(signatureOf(entry)) || heard.has(nameOf(entry)))
}

/** Ties a new problem to those of another CI of the same role with the same alert types. */
const linkAlike = (store: OccurrenceStore, id: string, entry: Entry, likenessMin: number): void => {
  const signature = signatureOf(entry)
  for (const other of [...store.problems()]) {
    if (other.id === id || other.scope !== entry.scope) continue
    const member = store.members(other.id)[0]
    if (!member || signatureOf(member).causeRole !== signature.causeRole) continue
    if (likeness(signatureOf(member), signature) < likenessMin) continue
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

/** Of the CI that most of them touch. */
const commonCiShare = (entries: readonly Entry[]): number => {
  const counts = new Map<string, number>()
  for (const { occurrence } of entries)
    for (const ci of occurrence.cis) counts.set(ci, (counts.get(ci) ?? 0) + 1)
  return entries.length === 0 ? 0 : Math.max(0, ...counts.values()) / entries.length
}

/** From content: scope, cause and the alert types that most of them share. */
const problemIdOf = (sorted: readonly Entry[], taken: (id: string) => boolean): string => {
  const [first] = sorted
  const counts = new Map<string, number>()
  for (const entry of sorted) {
    const { causeTypes, names } = signatureOf(entry)
    for (const name of causeTypes.length > 0 ? causeTypes : names)
      counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const core = [...counts].filter(([, count]) => 2 * count > sorted.length).map(([name]) => name)
  const content = [first!.scope, first!.occurrence.cause, ...core.sort()]
  const id = hash64(JSON.stringify(content))
  return taken(id) ? hash64(JSON.stringify([...content, first!.occurrence.incidentId])) : id
}
