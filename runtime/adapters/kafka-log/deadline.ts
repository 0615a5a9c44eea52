// A bound on how long anything may wait for the brokers.
import { LogUnavailableError } from '../../../domain/ports/log.ts'

/** The promise's result, or LogUnavailableError for its failure or its taking too long. */
export const withinDeadline = async <T>(
  what: string,
  deadlineMs: number,
  promise: Promise<T>,
): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new LogUnavailableError(`${what}: no answer from Kafka in ${deadlineMs} ms`)),
      deadlineMs,
    )
  })
  try {
    return await Promise.race([promise, late])
  } catch (cause) {
    if (cause instanceof LogUnavailableError) throw cause
    const text = cause instanceof Error ? cause.message : String(cause)
    throw new LogUnavailableError(`${what}: ${text}`, { cause })
  } finally {
    clearTimeout(timer)
  }
}
