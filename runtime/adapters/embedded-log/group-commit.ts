// Gathers concurrent appends of one partition into one write and one sync, in order.
import { LogUnavailableError } from '../../../domain/ports/log.ts'
import type { PreparedFrame } from './frames.ts'

/** Appends are gathered up to this size; a larger append is written alone. */
export const GROUP_BYTES_MAX = 4 * 1024 * 1024

interface Pending {
  readonly frame: PreparedFrame
  resolve(offset: number): void
  reject(error: Error): void
}

export interface GroupCommit {
  /** Resolves with the first offset once durable; rejects with LogUnavailableError. */
  append(frame: PreparedFrame): Promise<number>
  /** Does something between two groups. */
  between(work: () => Promise<void>): Promise<void>
  /** Resolves when nothing is being written or waiting. */
  idle(): Promise<void>
}

/**
 * @param commit makes a group durable, all or none, and tells its first offset
 */
export const createGroupCommit = (
  commit: (frames: readonly PreparedFrame[], bytes: number) => Promise<number>,
): GroupCommit => {
  let queue: Pending[] = []
  let working: Promise<void> | undefined

  const takeGroup = (): { group: Pending[]; bytes: number } => {
    let bytes = 0
    let count = 0
    while (count < queue.length) {
      const more = queue[count]!.frame.bytes
      if (count > 0 && bytes + more > GROUP_BYTES_MAX) break
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
        group.map(({ frame }) => frame),
        bytes,
      )
      for (const { frame, resolve } of group) {
        resolve(offset)
        offset += frame.entries.length
      }
    } catch (cause) {
      const text = cause instanceof Error ? cause.message : String(cause)
      for (const { reject } of group)
        reject(new LogUnavailableError(`the log cannot be written: ${text}`, { cause }))
    }
  }

  const commitQueue = async (): Promise<void> => {
    await null // appends of the same turn share a group
    while (queue.length > 0) await commitGroup(takeGroup())
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
    append: (frame) =>
      new Promise((resolve, reject) => {
        queue.push({ frame, resolve, reject })
        proceed(commitQueue)
      }),
    between: async (work) => {
      await idle()
      await proceed(work)
    },
    idle,
  }
}
