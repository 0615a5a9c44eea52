// The Log port: durable, ordered, partitioned records; everything enters by it.
import type { Millis } from '../time.ts'

export const TOPICS = ['events', 'incidents', 'commands', 'tickets', 'dead-letters'] as const
export type Topic = (typeof TOPICS)[number]

export interface LogEntry {
  readonly value: Uint8Array
  /** Small text, for tracing and format versions. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface LogRecord {
  readonly topic: Topic
  readonly partition: number
  /** From 0, dense, never reused. */
  readonly offset: number
  readonly appendedAt: Millis
  readonly value: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

export interface PartitionBounds {
  /** Offset of the oldest record kept. */
  readonly start: number
  /** Offset that the next record will get. */
  readonly end: number
}

/** What the log could not give back, e.g. a corrupt stretch: reported, never skipped silently. */
export interface LogLoss {
  readonly topic: Topic
  readonly partition: number
  readonly fromOffset: number
  readonly toOffset: number
  readonly detail: string
}

/**
 * A stage's reading of topics. The position belongs to the stage's own durable state, so the
 * stage says where to begin; what the log itself remembers only serves lag and retention.
 */
export interface Subscription {
  /** Consumer group: its members share the partitions between them. */
  readonly group: string
  readonly topics: readonly Topic[]
  /** The partition is ours: load its state and say from which offset to read. */
  assigned(topic: Topic, partition: number): Promise<number>
  /** The partition is no longer ours: forget its state. */
  revoked(topic: Topic, partition: number): Promise<void>
  /**
   * Records of one partition in offset order, never empty; `end` is the partition's end then.
   * Calls for one partition never overlap. When it resolves the records are dealt with; when it
   * throws, the subscription stops and `failed` is called: the process is to exit and restart.
   */
  batch(records: readonly LogRecord[], end: number): Promise<void>
  failed(error: Error): void
  /** Default 500 records. */
  readonly recordsMax?: number
}

export interface RunningSubscription {
  /** Stops after the batch at hand; resolves when nothing more will be called. */
  stop(): Promise<void>
}

export interface Log {
  partitions(topic: Topic): Promise<number>
  /**
   * Appends in order, all or none; resolves once durable.
   * @returns the offset of the first entry
   * @throws LogUnavailableError when it cannot be made durable now; nothing was kept
   */
  append(topic: Topic, partition: number, entries: readonly LogEntry[]): Promise<number>
  bounds(topic: Topic, partition: number): Promise<PartitionBounds>
  subscribe(subscription: Subscription): Promise<RunningSubscription>
  /** Losses found since opening. */
  losses(): readonly LogLoss[]
  /** Rejects, with what is wrong, when the log cannot take or give records now. */
  check(): Promise<void>
  close(): Promise<void>
}

/** The log cannot take records now (disk full, brokers away, queue full): answer 503, retry. */
export class LogUnavailableError extends Error {
  override readonly name = 'LogUnavailableError'
}
