// Remembers event ids for a window, so that the same delivery sent twice counts once.
import type { Millis } from '../domain/time.ts'

export interface ReplayFilter {
  /** @returns true where the id was seen within the window before `now`; remembers it */
  seen(id: string, now: Millis): boolean
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
      if (at !== undefined && now - at <= windowMs) return true
      young.set(id, now)
      return false
    },
    toJSON: () => ({ turnedAt, young: [...young], old: [...old] }),
  }
}
