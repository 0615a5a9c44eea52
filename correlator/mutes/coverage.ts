// Which planned mute covers which firing alert, kept so that its beginning and end find them.
import type { Labels } from '../../domain/event.ts'
import type { Mute } from '../../domain/mute.ts'
import type { Millis } from '../../domain/time.ts'
import { createDueQueue } from '../due.ts'
import type { LiveAlert } from '../live-alert.ts'
import { boundaryAfter, createMuteBook, type MuteEntry, spanAt } from './mute-book.ts'

export interface Coverage {
  /** @returns whether anything may ever mute it */
  cover(alert: LiveAlert, labels: Labels): boolean
  uncover(alert: LiveAlert): void
  /** What holds now, by id. */
  holding(alert: LiveAlert): readonly Mute[]
  /** A mute, new or changed. @returns whom that concerns */
  take(mute: Mute): Iterable<LiveAlert>
  /** Begins and ends what is due. @returns whom that concerns */
  advance(): Iterable<LiveAlert>
  nextAt(): Millis
  /** The topology changed: subtrees are found anew. @returns whom that concerns */
  rebound(): Iterable<LiveAlert>
  all(): readonly Mute[]
  readonly size: number
}

type Covered = Map<LiveAlert, readonly MuteEntry[]>

/** Nothing is covered by it any more. */
const detach = (entry: MuteEntry, covered: Covered): void => {
  for (const alert of entry.alerts) {
    const rest = covered.get(alert)!.filter((other) => other !== entry)
    if (rest.length === 0) covered.delete(alert)
    else covered.set(alert, rest)
  }
  entry.alerts.clear()
}

/**
 * @param mutesMax beyond it the mute that ends first is forgotten: people are told too much then
 * @param alerts all that live; a new mute looks at each of them once
 */
export const createCoverage = (
  mutesMax: number,
  now: () => Millis,
  subtree: (roots: readonly string[]) => ReadonlySet<string>,
  alerts: () => Iterable<LiveAlert>,
): Coverage => {
  const book = createMuteBook(subtree)
  const due = createDueQueue<string>()
  const covered: Covered = new Map()

  const wakeFor = (mute: Mute): void => {
    const at = boundaryAfter(mute, now())
    if (at !== undefined) due.push(at, mute.id, mute.id)
  }

  const release = (entry: MuteEntry): void => {
    book.remove(entry)
    detach(entry, covered)
  }

  /** @returns the alerts that it concerns; one span may end where the next begins */
  const atBoundary = (entry: MuteEntry): Iterable<LiveAlert> => {
    const concerned = [...entry.alerts]
    entry.active = spanAt(entry.mute, now()) !== undefined
    if (boundaryAfter(entry.mute, now()) === undefined) release(entry)
    else wakeFor(entry.mute)
    return concerned
  }

  const coverAll = (entry: MuteEntry): void => {
    for (const alert of alerts()) {
      if (!alert.firing || !book.covers(entry, alert)) continue
      covered.set(alert, [...(covered.get(alert) ?? []), entry])
      entry.alerts.add(alert)
    }
  }

  const uncover = (alert: LiveAlert): void => {
    for (const entry of covered.get(alert) ?? []) entry.alerts.delete(alert)
    covered.delete(alert)
  }

  return {
    cover: (alert, labels) => {
      uncover(alert)
      const entries = book.covering(labels, alert.ci)
      if (entries.length === 0) return false
      covered.set(alert, entries)
      for (const entry of entries) entry.alerts.add(alert)
      return true
    },
    uncover,
    holding: (alert) =>
      (covered.get(alert) ?? [])
        .filter(({ active }) => active)
        .map(({ mute }) => mute)
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
    take: (mute) => {
      const { entry, before } = book.take(mute, now())
      const concerned = [...(before?.alerts ?? [])]
      if (before !== undefined) release(before)
      if (entry !== undefined) {
        wakeFor(entry.mute)
        coverAll(entry)
        concerned.push(...entry.alerts)
      }
      while (book.size > mutesMax) {
        const forgotten = book.endsFirst()
        concerned.push(...forgotten.alerts)
        release(forgotten)
      }
      return concerned
    },
    advance: () => {
      const concerned: LiveAlert[] = []
      for (let id = due.pop(now()); id; id = due.pop(now())) {
        const entry = book.get(id)
        if (entry !== undefined) concerned.push(...atBoundary(entry))
      }
      return concerned
    },
    nextAt: due.nextAt,
    rebound: () => {
      const concerned: LiveAlert[] = []
      for (const entry of book.rebound()) {
        concerned.push(...entry.alerts)
        detach(entry, covered)
        coverAll(entry)
        concerned.push(...entry.alerts)
      }
      return concerned
    },
    all: book.all,
    get size() {
      return book.size
    },
  }
}
