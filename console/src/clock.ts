// The page's one clock, in step with the server's: everything that shows an age reads this signal.
import { signal } from '@preact/signals'

const TICK_MS = 10_000
/** Less than this is the header's whole seconds and its way here, not a clock that is wrong. */
const IN_STEP_MS = 5_000

/** What the server's clock is ahead of the browser's. */
let aheadMs = 0

export const now = signal(Date.now())

const tick = (): void => {
  now.value = Date.now() + aheadMs
}

/** @param date the `Date` header of an answer (RFC 9110, 6.6.1); none or nonsense changes nothing */
export const keepTimeWith = (date: string | null): void => {
  const ahead = Date.parse(date ?? '') - Date.now()
  if (Number.isNaN(ahead)) return
  aheadMs = Math.abs(ahead) < IN_STEP_MS ? 0 : ahead
  tick()
}

export const startClock = (): void => {
  setInterval(() => {
    if (!document.hidden) tick()
  }, TICK_MS)
  document.addEventListener('visibilitychange', tick)
}
