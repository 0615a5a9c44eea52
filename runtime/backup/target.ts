// Where backups are kept: what a directory and a bucket have in common.
import type { Millis } from '../../domain/time.ts'

/** A complete backup at a target: one that has a manifest, which is written last. */
export interface KeptBackup {
  readonly name: string
  readonly takenAt: Millis
}

/** One contract suite runs on every one: `runtime/adapters/backup-target.contract.ts`. */
export interface BackupTarget {
  /** For people: without credentials. */
  readonly url: string
  /** Where drafts are made, so that `store` can take them over; absent: anywhere. */
  readonly draftsIn?: string
  /** Complete ones, by name. Empty where there is nothing yet; what is not a backup is passed by. */
  list(): Promise<KeptBackup[]>
  /** Nothing complete has that name. */
  isVacant(name: string): Promise<boolean>
  /**
   * Takes the tree in `draft`, which has a manifest: whole and durable when it resolves, invisible
   * until then. Called again after a failure it goes on where it was.
   */
  store(name: string, draft: string): Promise<void>
  /**
   * Brings the backup into `directory`, which is made. What it brings is still to be verified.
   * @throws Error when there is no such complete backup
   */
  fetch(name: string, directory: string): Promise<void>
  /** The manifest first: a removal that is cut short leaves an incomplete one. */
  remove(name: string): Promise<void>
  /** Removes what was begun before `before` and never became complete. */
  sweep(before: Millis): Promise<void>
  close(): Promise<void>
}
