// The page's clock follows the server's where the two differ.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepTimeWith, now } from './clock.ts'

const NOON = Date.UTC(2026, 0, 2, 12)
const at = (ms: number): string => new Date(ms).toUTCString()

beforeEach(() => {
  vi.useFakeTimers({ now: NOON })
})
afterEach(() => {
  vi.useRealTimers()
})

test.each([
  ['two hours behind, as while a demonstration tells its story', at(NOON - 7_200_000), -7_200_000],
  ['ahead of a browser whose clock is slow', at(NOON + 60_000), 60_000],
  ['in step but for whole seconds', at(NOON - 1_000), 0],
])('a server that is %s', (_what, date, aheadMs) => {
  keepTimeWith(date)
  expect(now.value).toBe(NOON + aheadMs)
})

test('an answer without a time, or with nonsense for one, changes nothing', () => {
  keepTimeWith(at(NOON + 60_000))
  for (const date of [null, '', 'soon']) keepTimeWith(date)
  expect(now.value).toBe(NOON + 60_000)
})
