// A seeded source of chance: the same seed gives the same estate on every machine.

export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  between(min: number, max: number): number
  /** Both ends included. */
  integer(min: number, max: number): number
  chance(probability: number): boolean
  exponential(mean: number): number
  pick<T>(list: readonly T[]): T
  /** Up to `count` different members, in random order. */
  sample<T>(list: readonly T[], count: number): T[]
  weighted<T>(list: readonly T[], weightOf: (item: T) => number): T
  hex(digits: number): string
  /** An independent stream, so that one part's draws never shift another's. */
  fork(name: string): Random
}

const seedOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}

/** A Weyl sequence through a 32-bit finaliser (splitmix32). */
const splitmix = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x1_0000_0000
  }
}

export const createRandom = (seed: string | number): Random => {
  const name = String(seed)
  const next = splitmix(seedOf(name))
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1))
  const pick = <T>(list: readonly T[]): T => {
    if (list.length === 0) throw new RangeError('nothing to pick from')
    return list[integer(0, list.length - 1)]!
  }
  return {
    next,
    integer,
    pick,
    between: (min, max) => min + next() * (max - min),
    chance: (probability) => next() < probability,
    exponential: (mean) => -Math.log(1 - next()) * mean,
    sample: (list, count) => {
      const rest = [...list]
      const wanted = Math.min(count, rest.length)
      for (let i = 0; i < wanted; i++) {
        const j = integer(i, rest.length - 1)
        ;[rest[i], rest[j]] = [rest[j]!, rest[i]!]
      }
      return rest.slice(0, wanted)
    },
    weighted: (list, weightOf) => {
      let mark = next() * list.reduce((sum, item) => sum + weightOf(item), 0)
      for (const item of list) {
        mark -= weightOf(item)
        if (mark < 0) return item
      }
      return pick(list)
    },
    hex: (digits) => Array.from({ length: digits }, () => integer(0, 15).toString(16)).join(''),
    fork: (part) => createRandom(`${name}/${part}`),
  }
}
