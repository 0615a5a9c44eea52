// Puts blocks into the engine: again and again while it is away, in halves when it refuses rows.
import type { FactRow, Facts } from '../domain/ports/facts.ts'
import type { Topic } from '../domain/ports/log.ts'
import { type Block, tokenOf } from './block.ts'
import { isRefusal } from './refusal.ts'
import type { FactSettings } from './settings.ts'
import type { FactTableName } from './tables.ts'

/** What happened, for whoever counts it. */
export interface FactMetrics {
  inserted(table: FactTableName, rows: number): void
  /** An attempt failed and will be repeated. */
  failed(error: Error): void
  /** The engine will never take this row: it is left out. */
  refused(table: FactTableName, error: Error): void
  poisonRecord(topic: Topic): void
}

export interface SenderParts {
  readonly facts: Facts
  readonly settings: FactSettings
  readonly metrics: FactMetrics
  readonly pause: (ms: number) => Promise<void>
}

export interface Sender {
  /** @returns false when stopped before the block was in */
  send(block: Block): Promise<boolean>
  /** Repeats until it works. @returns undefined when stopped before it did */
  persist<T>(work: () => Promise<T>): Promise<T | undefined>
  /** From now on everything is tried once. */
  stop(): void
  stopped(): boolean
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(`${error}`))

export const createSender = ({ facts, settings, metrics, pause }: SenderParts): Sender => {
  let stopped = false
  let endPauses: () => void = () => {}
  const stopping = new Promise<void>((resolve) => {
    endPauses = resolve
  })

  const persist = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    for (let waitMs = settings.retryMinMs; ; waitMs = Math.min(waitMs * 2, settings.retryMaxMs)) {
      try {
        return await work()
      } catch (error) {
        if (isRefusal(error)) throw error
        metrics.failed(asError(error))
      }
      if (stopped) return undefined
      await Promise.race([pause(waitMs), stopping])
      if (stopped) return undefined
    }
  }

  const insert = async (table: FactTableName, rows: readonly FactRow[]): Promise<boolean> => {
    const token = tokenOf(table, rows)
    const inserted = await persist(async () => {
      await facts.insert(table, rows, token)
      return true
    })
    if (inserted) metrics.inserted(table, rows.length)
    return inserted ?? false
  }

  /** One wrong row must not hold up its neighbours: halve until it stands alone. */
  const insertAllButRefused = async (
    table: FactTableName,
    rows: readonly FactRow[],
  ): Promise<boolean> => {
    try {
      return await insert(table, rows)
    } catch (error) {
      if (rows.length === 1) {
        metrics.refused(table, asError(error))
        return true
      }
      const middle = rows.length >> 1
      const first = await insertAllButRefused(table, rows.slice(0, middle))
      return first && (await insertAllButRefused(table, rows.slice(middle)))
    }
  }

  return {
    send: ({ table, rows }) => insertAllButRefused(table, [...rows.values()]),
    persist,
    stop() {
      stopped = true
      endPauses()
    },
    stopped: () => stopped,
  }
}
