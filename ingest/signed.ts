// Signed deliveries are taken once: the same signature again is a replay, and refused as one.
import type { Millis } from '../domain/time.ts'
import type { IntakeResult, NotTaken } from './delivery.ts'

export interface SignedDeliveries {
  /**
   * Takes what the id stands for, unless it was taken within the window. Only what is durable
   * counts as taken, so a sender whose delivery failed may send it again, and one whose answer was
   * lost is told (409) that it is here already.
   * @param id names what was signed; absent: nothing was, so it may come again
   */
  once(
    id: string | undefined,
    now: Millis,
    take: () => Promise<IntakeResult>,
  ): Promise<IntakeResult>
}

const replayed: NotTaken = {
  kind: 'refused',
  status: 409,
  reason: 'replay',
  detail: 'this signed delivery was taken before; nothing of it is lost',
}

/** Remembered by process. @param idsMax beyond it the oldest is forgotten early */
export const createSignedDeliveries = (windowMs: Millis, idsMax: number): SignedDeliveries => {
  /** By id, oldest first: when it was taken. */
  const taken = new Map<string, Millis>()
  const underWay = new Map<string, Promise<unknown>>()

  const forget = (now: Millis): void => {
    for (const [id, at] of taken) {
      if (now - at <= windowMs && taken.size <= idsMax) return
      taken.delete(id)
    }
  }

  const takeNow = async (id: string, now: Millis, take: () => Promise<IntakeResult>) => {
    const result = await take()
    if (result.kind === 'taken') taken.set(id, now)
    forget(now)
    return result
  }

  return {
    once: async (id, now, take) => {
      if (id === undefined) return take()
      // Whoever comes second learns first what became of the other.
      while (underWay.has(id)) await underWay.get(id)
      forget(now)
      if (taken.has(id)) return replayed
      const running = takeNow(id, now, take)
      underWay.set(
        id,
        running.catch(() => {}).finally(() => underWay.delete(id)),
      )
      return running
    },
  }
}
