// A queue of things that are due at a time of the log; ties go by key, so order of entry is moot.
import type { Millis } from '../domain/time.ts'

export interface DueQueue<T> {
  push(at: Millis, key: string, item: T): void
  /** @returns the next item due at or before `now`, taken out */
  pop(now: Millis): T | undefined
  /** When the next item is due; infinity when there is none. */
  nextAt(): Millis
}

interface Entry<T> {
  readonly at: Millis
  readonly key: string
  readonly item: T
}

const before = <T>(a: Entry<T>, b: Entry<T>): boolean =>
  a.at !== b.at ? a.at < b.at : a.key < b.key

/** A binary heap. */
export const createDueQueue = <T>(): DueQueue<T> => {
  const heap: Entry<T>[] = []

  const siftDown = (entry: Entry<T>): void => {
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (!before(heap[child]!, entry)) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = entry
  }

  return {
    push: (at, key, item) => {
      const entry = { at, key, item }
      let i = heap.length
      heap.push(entry)
      while (i > 0) {
        const up = (i - 1) >> 1
        if (!before(entry, heap[up]!)) break
        heap[i] = heap[up]!
        i = up
      }
      heap[i] = entry
    },
    pop: (now) => {
      const top = heap[0]
      if (top === undefined || top.at > now) return undefined
      const last = heap.pop()!
      if (heap.length > 0) siftDown(last)
      return top.item
    },
    nextAt: () => heap[0]?.at ?? Number.POSITIVE_INFINITY,
  }
}
