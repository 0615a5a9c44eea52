// The browser's one clock: everything that shows an age reads this signal.
import { signal } from '@preact/signals'

const TICK_MS = 10_000

export const now = signal(Date.now())

export const startClock = (): void => {
  setInterval(() => {
    if (!document.hidden) now.value = Date.now()
  }, TICK_MS)
  document.addEventListener('visibilitychange', () => {
    now.value = Date.now()
  })
}
