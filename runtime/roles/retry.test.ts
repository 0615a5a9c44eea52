// How long a role waits for a store that is away.
import { describe, expect, test } from 'vitest'
import { retrying } from './retry.ts'

const LIMITS = { attemptsMax: 5, firstPauseMs: 100, pauseMaxMs: 300 }

const attempt = async (failures: number) => {
  const pauses: number[] = []
  let calls = 0
  const result = retrying(
    LIMITS,
    async () => {
      calls += 1
      if (calls <= failures) throw new Error(`away ${calls}`)
      return calls
    },
    () => {},
    async (ms) => void pauses.push(ms),
  )
  return { result, pauses }
}

describe('retrying', () => {
  test('the pause doubles up to its limit', async () => {
    const { result, pauses } = await attempt(4)
    expect(await result).toBe(5)
    expect(pauses).toEqual([100, 200, 300, 300])
  })

  test('after the last attempt the fault is told, not hidden', async () => {
    const { result } = await attempt(99)
    await expect(result).rejects.toThrow('away 5')
  })
})
