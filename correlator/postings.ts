// Inverted indexes from a key (CI, token, …) to the newest alerts that have it, in canonical order.
import { compareAlerts, type LiveAlert } from './live-alert.ts'

export interface Postings<K> {
  add(key: K, alert: LiveAlert): void
  remove(key: K, alert: LiveAlert): void
  /** Ascending in canonical order. */
  of(key: K): readonly LiveAlert[]
  /** Place of the first that does not come before the alert; the list's length where none. */
  placeOf(key: K, alert: LiveAlert): number
  entries(): IterableIterator<readonly [K, readonly LiveAlert[]]>
  restore(key: K, alerts: readonly LiveAlert[]): void
}

const NONE: readonly LiveAlert[] = []

/** Place of the first that does not come before the alert: most come last, so that is asked first. */
const placeIn = (list: readonly LiveAlert[], alert: LiveAlert): number => {
  let high = list.length
  if (high === 0 || compareAlerts(list[high - 1]!, alert) < 0) return high
  let low = 0
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareAlerts(list[middle]!, alert) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** @param perKeyMax the oldest of a key makes room beyond it */
export const createPostings = <K>(perKeyMax: number): Postings<K> => {
  const lists = new Map<K, LiveAlert[]>()
  return {
    add: (key, alert) => {
      const list = lists.get(key)
      if (list === undefined) {
        lists.set(key, [alert])
        return
      }
      const i = placeIn(list, alert)
      if (i === 0 && list.length >= perKeyMax) return
      if (i === list.length) list.push(alert)
      else list.splice(i, 0, alert)
      if (list.length > perKeyMax) list.shift()
    },
    remove: (key, alert) => {
      const list = lists.get(key)
      if (list === undefined) return
      const i = placeIn(list, alert)
      if (list[i] === alert) list.splice(i, 1)
      if (list.length === 0) lists.delete(key)
    },
    of: (key) => lists.get(key) ?? NONE,
    placeOf: (key, alert) => placeIn(lists.get(key) ?? NONE, alert),
    entries: () => lists.entries(),
    restore: (key, alerts) => void lists.set(key, [...alerts]),
  }
}
