// Tries a step against a store that may be away for a while; the log waits meanwhile.
import { setTimeout as pause } from 'node:timers/promises'

export interface RetryLimits {
  readonly attemptsMax: number
  readonly firstPauseMs: number
  readonly pauseMaxMs: number
}

/** About ten minutes in all; then the role fails and the process is started again. */
export const STORE_RETRY: RetryLimits = { attemptsMax: 30, firstPauseMs: 100, pauseMaxMs: 30_000 }

/**
 * @param step must have no effect when it throws, or the same effect when repeated
 * @throws what the last attempt threw
 */
export const retrying = async <T>(
  limits: RetryLimits,
  step: () => Promise<T>,
  onFailure: (error: Error, attempt: number) => void,
  sleep: (ms: number) => Promise<unknown> = pause,
): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step()
    } catch (error) {
      onFailure(error as Error, attempt)
      if (attempt >= limits.attemptsMax) throw error
      await sleep(Math.min(limits.pauseMaxMs, limits.firstPauseMs * 2 ** (attempt - 1)))
    }
  }
}
