// Guesses at passwords: what counts against whom, for how long, and how many are remembered.
import { describe, expect, test } from 'vitest'
import { createLockout } from './lockout.ts'

const SETTINGS = {
  windowMs: 1_000,
  failuresPerUserMax: 3,
  failuresPerNameMax: 6,
  failuresPerAddressMax: 5,
  trackedMax: 100,
}

const setUp = (over: Partial<typeof SETTINGS> = {}) => {
  let now = 0
  const lockout = createLockout({ ...SETTINGS, ...over }, { now: () => now })
  return {
    lockout,
    pass: (ms: number) => {
      now += ms
    },
    /** How many of these attempts were let through, none of them right. */
    tried: (...attempts: (readonly [name: string, address: string])[]) =>
      attempts.filter(([name, address]) => lockout.begin(name, address) === 0).length,
  }
}
const times = <T>(count: number, each: (nth: number) => T): T[] =>
  Array.from({ length: count }, (_, nth) => each(nth))

describe('a lockout', () => {
  test('by name and address does not lock the name for others', () => {
    const { tried } = setUp()
    expect(tried(...times(9, () => ['ada', 'a'] as const))).toBe(3)
    expect(tried(['ada', 'b'], ['eve', 'a'])).toBe(2)
  })

  test('by address reaches over all names', () => {
    const { tried } = setUp()
    expect(tried(...times(9, (nth) => [`user${nth}`, 'a'] as const))).toBe(5)
  })

  test('by name reaches over all addresses', () => {
    const { tried } = setUp()
    expect(tried(...times(9, (nth) => ['ada', `a${nth}`] as const))).toBe(6)
  })

  test('says how long it lasts, and ends then', () => {
    const { lockout, tried, pass } = setUp()
    tried(...times(3, () => ['ada', 'a'] as const))
    pass(400)
    expect(lockout.begin('ada', 'a')).toBe(600)
    pass(600)
    expect(lockout.begin('ada', 'a')).toBe(0)
  })

  test('is not prolonged by those that it refuses', () => {
    const { lockout, tried, pass } = setUp()
    tried(...times(3, () => ['ada', 'a'] as const))
    for (let step = 0; step < 9; step++) {
      pass(100)
      lockout.begin('ada', 'a')
    }
    pass(100)
    expect(lockout.begin('ada', 'a')).toBe(0)
  })

  test('forgets failures once the password was right', () => {
    const { lockout, tried } = setUp()
    for (let visit = 0; visit < 20; visit++) {
      expect(tried(['ada', 'a'])).toBe(1)
      lockout.succeeded('ada', 'a')
    }
  })

  test('takes no name with an address in it for another (no collision of keys)', () => {
    const { tried } = setUp({ failuresPerAddressMax: 99 })
    expect(tried(...times(3, () => ['a","b', 'c'] as const))).toBe(3)
    expect(tried(['a', 'b","c'])).toBe(1)
  })

  test('at its limit forgets the oldest, and never grows beyond', () => {
    const { tried } = setUp({ trackedMax: 9, failuresPerAddressMax: 99 })
    expect(tried(...times(4, () => ['ada', 'a'] as const))).toBe(3)
    tried(...times(9, (nth) => [`user${nth}`, `a${nth}`] as const))
    expect(tried(['ada', 'a'])).toBe(1)
  })
})
