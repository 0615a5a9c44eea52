// Repeats an async task with a pause between; never overlaps, and stops when told.

export interface Repetition {
  /** Resolves when the run at hand has ended and no other will begin. */
  stop(): Promise<void>
}

export const every = (
  pauseMs: number,
  task: () => Promise<void>,
  failed: (error: Error) => void,
): Repetition => {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const plan = (): void => {
    if (stopped) return
    timer = setTimeout(() => {
      running = task().catch(failed).then(plan)
    }, pauseMs)
    timer.unref()
  }
  plan()
  return {
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
