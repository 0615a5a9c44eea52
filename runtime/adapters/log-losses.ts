// Keeps what the log could not give back: each stretch once, told at once, and a bounded list of it.
import type { LogLoss } from '../../domain/ports/log.ts'

/** Beyond this many the newest are still told, but no longer listed. */
const LISTED_MAX = 1_000

export interface Losses {
  report(loss: LogLoss): void
  list(): readonly LogLoss[]
}

export const createLosses = (onLoss?: (loss: LogLoss) => void): Losses => {
  const listed = new Map<string, LogLoss>()
  return {
    report: (loss) => {
      const stretch = `${loss.topic} ${loss.partition} ${loss.fromOffset} ${loss.toOffset}`
      if (listed.has(stretch)) return
      if (listed.size < LISTED_MAX) listed.set(stretch, loss)
      onLoss?.(loss)
    },
    list: () => [...listed.values()],
  }
}
