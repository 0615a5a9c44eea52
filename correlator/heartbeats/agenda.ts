// Which heartbeat to look at next, and of which there is something to tell.
import type { Millis } from '../../domain/time.ts'
import { createDueQueue } from '../due.ts'
import { type Beat, wakeAt } from './beat.ts'

export interface Agenda {
  /** Something was done to it: transitions are told at once, the rest in its turn. */
  touched(beat: Beat, now: Millis): void
  tellAtOnce(beat: Beat): void
  forget(beat: Beat): void
  /** The next that may have something due at or before `to`, taken out. */
  pop(to: Millis): Beat | undefined
  /** Those of which there is something to tell, taken out. */
  news(now: Millis): readonly Beat[]
  /** When the next has its turn; infinity when none waits. */
  nextTurnAt(): Millis
  restore(beat: Beat): void
}

/** @param emitEveryMs small news is told together, this often in log time */
export const createAgenda = (emitEveryMs: Millis): Agenda => {
  const due = createDueQueue<Beat>()
  /** One entry a heartbeat: it is moved only when it is found to be too early. */
  const queuedAt = new Map<Beat, Millis>()
  const turns = createDueQueue<Beat>()
  const news = new Set<Beat>()

  const enqueue = (beat: Beat): void => {
    const at = wakeAt(beat)
    if (at >= (queuedAt.get(beat) ?? Number.POSITIVE_INFINITY)) return
    queuedAt.set(beat, at)
    due.push(at, beat.definition.id, beat)
  }

  return {
    touched: (beat, now) => {
      enqueue(beat)
      if (beat.transitions.length > 0) news.add(beat)
      else if (beat.turnAt === null) {
        beat.turnAt = (Math.floor(now / emitEveryMs) + 1) * emitEveryMs
        turns.push(beat.turnAt, beat.definition.id, beat)
      }
    },
    tellAtOnce: (beat) => {
      enqueue(beat)
      news.add(beat)
    },
    forget: (beat) => {
      queuedAt.delete(beat)
      news.delete(beat)
      beat.turnAt = null
    },
    pop: (to) => {
      for (;;) {
        const at = due.nextAt()
        const beat = due.pop(to)
        if (beat === undefined) return undefined
        // Another entry of it was put in before this one.
        if (queuedAt.get(beat) !== at) continue
        queuedAt.delete(beat)
        if (wakeAt(beat) <= to) return beat
        enqueue(beat)
      }
    },
    news: (now) => {
      for (let beat = turns.pop(now); beat; beat = turns.pop(now))
        if (beat.turnAt !== null && beat.turnAt <= now) news.add(beat)
      const told = [...news]
      news.clear()
      return told
    },
    nextTurnAt: turns.nextAt,
    restore: (beat) => {
      enqueue(beat)
      if (beat.turnAt !== null) turns.push(beat.turnAt, beat.definition.id, beat)
    },
  }
}
