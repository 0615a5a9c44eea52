// Gathers concurrent appends of one partition into one write and one sync, in order.
import { type LogEntry, LogUnavailableError } from '../../domain/ports/log.ts'

/** What one append brings. */
export interface Appended {
  readonly entries: readonly LogEntry[]
  readonly bytes: number
}

interface Pending<T> {
  readonly appended: T
  resolve(offset: number): void
  reject(error: Error): void
}

export interface GroupCommit<T> {
  /** Resolves with the first offset once durable; rejects with LogUnavailableError. */
  append(appended: T): Promise<number>
  /** Does something between two groups. */
  between(work: () => Promise<void>): Promise<void>
  /** Resolves when nothing is being written or waiting. */
  idle(): Promise<void>
}

/**
 * A commit costs the same for one append as for many, and whoever just had an answer may be about
 * to come again: so long does a group wait, at most, for as many as there were around the last one.
 * Whoever appends alone never waits.
 */
const GATHER_MS = 2

/**
 * @param groupBytesMax appends are gathered up to this size; a larger one goes alone
 * @param commit makes a group durable, all or none, and tells its first offset
 */
export const createGroupCommit = <T extends Appended>(
  groupBytesMax: number,
  commit: (group: readonly T[], bytes: number) => Promise<number>,
): GroupCommit<T> => {
  let queue: Pending<T>[] = []
  let working: Promise<void> | undefined
  let expected = 1
  let arrived: (() => void) | undefined

  const takeGroup = (): { group: Pending<T>[]; bytes: number } => {
    let bytes = 0
    let count = 0
    while (count < queue.length) {
      const more = queue[count]!.appended.bytes
      if (count > 0 && bytes + more > groupBytesMax) break
      bytes += more
      count += 1
    }
    const group = queue.slice(0, count)
    queue = queue.slice(count)
    return { group, bytes }
  }

  const commitGroup = async ({ group, bytes }: ReturnType<typeof takeGroup>): Promise<void> => {
    try {
      let offset = await commit(
        group.map(({ appended }) => appended),
        bytes,
      )
      for (const { appended, resolve } of group) {
        resolve(offset)
        offset += appended.entries.length
      }
    } catch (cause) {
      const error = cause instanceof LogUnavailableError ? cause : unavailable(cause)
      for (const { reject } of group) reject(error)
    }
  }

  const gather = async (): Promise<void> => {
    await null // appends of the same turn share a group
    if (queue.length >= expected) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHER_MS)
      arrived = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    arrived = undefined
  }

  const commitQueue = async (): Promise<void> => {
    while (queue.length > 0) {
      await gather()
      const taken = takeGroup()
      await commitGroup(taken)
      expected = taken.group.length + queue.length
    }
  }

  /** Starts `work` unless something is under way already, and sees to the queue after it. */
  const proceed = (work: () => Promise<void>): Promise<void> => {
    working ??= work().finally(() => {
      working = undefined
      if (queue.length > 0) proceed(commitQueue)
    })
    return working
  }

  const idle = async (): Promise<void> => {
    while (working !== undefined) await working
  }

  return {
    append: (appended) =>
      new Promise((resolve, reject) => {
        queue.push({ appended, resolve, reject })
        if (queue.length >= expected) arrived?.()
        proceed(commitQueue)
      }),
    between: async (work) => {
      await idle()
      await proceed(work)
    },
    idle,
  }
}

const unavailable = (cause: unknown): LogUnavailableError => {
  const text = cause instanceof Error ? cause.message : String(cause)
  return new LogUnavailableError(`the log cannot be written: ${text}`, { cause })
}
