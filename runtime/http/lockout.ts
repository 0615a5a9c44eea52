// Guessing at passwords: counted by name and address, and refused for a while beyond a limit.
import type { Clock, Millis } from '../../domain/time.ts'
import type { AuthConfig } from '../config/auth-schema.ts'

export interface Lockout {
  /**
   * Counts an attempt as failed until it is told otherwise, so that many at once count too.
   * @returns how long to wait before the next one, 0 = go on
   */
  begin(name: string, address: string): Millis
  succeeded(name: string, address: string): void
}

interface Tally {
  failures: number
  readonly since: Millis
}

export const createLockout = (settings: AuthConfig['signIn'], clock: Clock): Lockout => {
  const tallies = new Map<string, Tally>()

  const keysOf = (name: string, address: string): readonly (readonly [string, number])[] => [
    [JSON.stringify([name, address]), settings.failuresPerUserMax],
    [JSON.stringify([name]), settings.failuresPerNameMax],
    [JSON.stringify(['', address]), settings.failuresPerAddressMax],
  ]

  const tallyOf = (key: string, now: Millis): Tally => {
    const known = tallies.get(key)
    if (known !== undefined && now < known.since + settings.windowMs) return known
    tallies.delete(key)
    const oldest = tallies.keys().next()
    if (tallies.size >= settings.trackedMax && !oldest.done) tallies.delete(oldest.value)
    const fresh = { failures: 0, since: now }
    tallies.set(key, fresh)
    return fresh
  }

  return {
    begin(name, address) {
      const now = clock.now()
      const found = keysOf(name, address).map(([key, max]) => ({ tally: tallyOf(key, now), max }))
      const full = found.filter(({ tally, max }) => tally.failures >= max)
      if (full.length > 0)
        return Math.max(...full.map(({ tally }) => tally.since + settings.windowMs - now))
      for (const { tally } of found) tally.failures += 1
      return 0
    },
    succeeded(name, address) {
      const [own, ...shared] = keysOf(name, address)
      tallies.delete(own![0])
      for (const [key] of shared) {
        const tally = tallies.get(key)
        if (tally !== undefined) tally.failures -= 1
      }
    },
  }
}
