// Silences and maintenance windows as the correlator knows them, and which alerts they cover.

import type { Labels } from '../../domain/event.ts'
import { compileMatchers, type LabelTest, matchableLabels } from '../../domain/matcher.ts'
import type { Mute } from '../../domain/mute.ts'
import type { Millis } from '../../domain/time.ts'
import type { LiveAlert } from '../live-alert.ts'
import { compilePattern } from './patterns.ts'

export interface MuteEntry {
  readonly mute: Mute
  /** Firing alerts that it covers whenever it holds. */
  readonly alerts: Set<LiveAlert>
  /** It holds now. */
  active: boolean
}

export interface MuteBook {
  /** @returns the entry that takes effect, and the one it replaces; nothing where it is not newer */
  take(mute: Mute, now: Millis): { entry: MuteEntry | undefined; before: MuteEntry | undefined }
  /** Entries that cover an alert with these labels on this CI, whenever they hold. */
  covering(labels: Labels, ci: string | undefined): readonly MuteEntry[]
  /** Whether this one covers the alert. */
  covers(entry: MuteEntry, alert: LiveAlert): boolean
  /** The topology changed. @returns those that have a subtree, found anew */
  rebound(): readonly MuteEntry[]
  get(id: string): MuteEntry | undefined
  remove(entry: MuteEntry): void
  /** Of a book that is not empty. */
  endsFirst(): MuteEntry
  all(): readonly Mute[]
  readonly size: number
}

interface Kept extends MuteEntry {
  readonly test: LabelTest
  /** Undefined where the CI is all the same. */
  subtree: ReadonlySet<string> | undefined
  /** Under which label it is found; undefined where no label must have one value. */
  readonly key: string | undefined
}

const endOf = ({ spans }: Mute): Millis => spans.at(-1)?.to ?? 0

export const spanAt = ({ spans }: Mute, now: Millis) =>
  spans.find(({ from, to }) => from <= now && now < to)

/** When something begins or ends next; undefined once all is over. */
export const boundaryAfter = ({ spans }: Mute, now: Millis): Millis | undefined => {
  for (const { from, to } of spans) {
    if (from > now) return from
    if (to > now) return to
  }
  return undefined
}

const isOn = ({ subtree }: Kept, ci: string | undefined): boolean =>
  subtree === undefined || (ci !== undefined && subtree.has(ci.toLowerCase()))

const keyOf = (name: string, value: string): string => `${name}\n${value}`

/** A pattern that this version cannot read mutes nothing: better told too much than too little. */
const testOf = ({ matchers }: Mute): LabelTest => {
  try {
    return compileMatchers(matchers, compilePattern)
  } catch {
    return () => false
  }
}

export const createMuteBook = (
  subtree: (roots: readonly string[]) => ReadonlySet<string>,
): MuteBook => {
  const entries = new Map<string, Kept>()
  const byKey = new Map<string, Set<Kept>>()
  const unkeyed = new Set<Kept>()

  const enter = (mute: Mute, now: Millis): Kept => {
    const fixed = mute.matchers.find(({ operator, value }) => operator === '=' && value !== '')
    const entry: Kept = {
      mute,
      alerts: new Set(),
      active: spanAt(mute, now) !== undefined,
      test: testOf(mute),
      subtree: mute.cis.length === 0 ? undefined : subtree(mute.cis),
      key: fixed && keyOf(fixed.name, fixed.value),
    }
    entries.set(mute.id, entry)
    if (entry.key === undefined) unkeyed.add(entry)
    else {
      const list = byKey.get(entry.key)
      if (list === undefined) byKey.set(entry.key, new Set([entry]))
      else list.add(entry)
    }
    return entry
  }

  const remove = (entry: MuteEntry): void => {
    const kept = entries.get(entry.mute.id)
    if (kept !== entry) return
    entries.delete(entry.mute.id)
    unkeyed.delete(kept)
    if (kept.key === undefined) return
    const list = byKey.get(kept.key)
    list?.delete(kept)
    if (list?.size === 0) byKey.delete(kept.key)
  }

  return {
    take: (mute, now) => {
      const before = entries.get(mute.id)
      if (before !== undefined && before.mute.version >= mute.version)
        return { entry: undefined, before: undefined }
      if (before !== undefined) remove(before)
      if (endOf(mute) <= now) return { entry: undefined, before }
      return { entry: enter(mute, now), before }
    },
    covering: (labels, ci) => {
      const found: Kept[] = []
      const look = (list: Iterable<Kept>): void => {
        for (const entry of list) if (isOn(entry, ci) && entry.test(labels)) found.push(entry)
      }
      look(unkeyed)
      if (byKey.size > 0)
        for (const name in labels) look(byKey.get(keyOf(name, labels[name]!)) ?? [])
      return found
    },
    covers: ({ mute }, alert) => {
      const entry = entries.get(mute.id)!
      return isOn(entry, alert.ci) && entry.test(matchableLabels(alert))
    },
    rebound: () => {
      const rooted = [...entries.values()].filter((entry) => entry.subtree !== undefined)
      for (const entry of rooted) entry.subtree = subtree(entry.mute.cis)
      return rooted
    },
    get: (id) => entries.get(id),
    remove,
    endsFirst: () =>
      [...entries.values()].reduce((a, b) => (endOf(b.mute) < endOf(a.mute) ? b : a)),
    all: () => [...entries.values()].map(({ mute }) => mute),
    get size() {
      return entries.size
    },
  }
}
