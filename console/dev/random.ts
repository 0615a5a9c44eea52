// Seeded randomness: the same made-up data on every start, so that pictures can be compared.

export interface Random {
  /** 0 <= x < 1 */
  next(): number
  /** Integer, both ends included. */
  between(low: number, high: number): number
  pick<T>(list: readonly T[]): T
}

/** mulberry32 (public domain, Tommy Ettinger). */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  const pick = <T>(list: readonly T[]): T => list[between(0, list.length - 1)] as T
  return { next, between, pick }
}
