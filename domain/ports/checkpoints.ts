// The Checkpoints port: a stage's state with its log position, fenced by an epoch.
import type { Millis } from '../time.ts'

export interface Checkpoint {
  /** The log offset to read next. */
  readonly position: number
  readonly savedAt: Millis
  readonly state: Uint8Array
}

/** A checkpoint on its way to the store. */
export interface CheckpointDraft extends Omit<Checkpoint, 'state'> {
  /** In pieces that are asked for one by one, so that a large state stops nobody for long. */
  readonly state: Iterable<Uint8Array>
}

export interface CheckpointStore {
  /** Takes ownership of `name`: every later save with an older epoch is refused. */
  acquire(name: string): Promise<number>
  /**
   * Atomic: either the whole checkpoint replaces the last, or nothing changes.
   * Others get their turn between two pieces.
   * @returns the bytes of the state
   * @throws FencedError when a newer epoch owns `name`
   */
  save(name: string, epoch: number, checkpoint: CheckpointDraft): Promise<number>
  /** The newest checkpoint whose checksum holds; an older one when the newest is damaged. */
  load(name: string): Promise<Checkpoint | undefined>
  close(): Promise<void>
}

/** Somebody else owns this now: stop, do not retry. */
export class FencedError extends Error {
  override readonly name = 'FencedError'
}
