// Remembers event ids for a window, so that the same delivery sent twice counts once.
import type { Millis } from '../domain/time.ts'

export interface ReplayFilter {
  /** @returns when the id was seen within the window before `now`; remembers it where it was not */
  seen(id: string, now: Millis): Millis | undefined
  /** It was no replay: the window begins anew. */
  renew(id: string, now: Millis): void
  /** As it is now, whatever is remembered later. */
  hold(): HeldReplays
}

/** Ids of a generation and when each was seen, in the same order. */
export interface Generation {
  readonly ids: readonly string[]
  readonly times: readonly Millis[]
}

export interface HeldReplays {
  readonly turnedAt: Millis
  readonly young: Generation
  /** Only read when asked for: nothing enters it any more. */
  readonly old: ReadonlyMap<string, Millis>
}

/** What a filter begins with. */
export interface ReplaySeed {
  readonly turnedAt: Millis
  readonly young: Iterable<readonly [string, Millis]>
  readonly old: Iterable<readonly [string, Millis]>
}

/** Two generations, so that forgetting costs nothing per id. @param idsMax per generation */
export const createReplayFilter = (
  windowMs: Millis,
  idsMax: number,
  from?: ReplaySeed,
): ReplayFilter => {
  let young = new Map<string, Millis>(from?.young)
  let old = new Map<string, Millis>(from?.old)
  let turnedAt = from?.turnedAt ?? 0
  return {
    seen: (id, now) => {
      if (now - turnedAt > windowMs || young.size >= idsMax) {
        old = young
        young = new Map()
        turnedAt = now
      }
      const at = young.get(id) ?? old.get(id)
      if (at !== undefined && now - at <= windowMs) return at
      young.set(id, now)
      return undefined
    },
    renew: (id, now) => void young.set(id, now),
    hold: () => ({
      turnedAt,
      young: { ids: [...young.keys()], times: [...young.values()] },
      old,
    }),
  }
}
