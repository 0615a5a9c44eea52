// Remembers event ids for a window, so that the same delivery sent twice counts once.
import type { Millis } from '../domain/time.ts'

export interface ReplayFilter {
  /** @returns when the id was seen within the window before `now`; remembers it where it was not */
  seen(id: string, now: Millis): Millis | undefined
  /** It was no replay: the window begins anew. */
  renew(id: string, now: Millis): void
  toJSON(): ReplayFilterJson
}

export interface ReplayFilterJson {
  readonly turnedAt: Millis
  readonly young: readonly (readonly [string, Millis])[]
  readonly old: readonly (readonly [string, Millis])[]
}

/** Two generations, so that forgetting costs nothing per id. @param idsMax per generation */
export const createReplayFilter = (
  windowMs: Millis,
  idsMax: number,
  from?: ReplayFilterJson,
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
    toJSON: () => ({ turnedAt, young: [...young], old: [...old] }),
  }
}
