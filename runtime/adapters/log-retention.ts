// How much of a topic is kept, said the same way to every log.
import type { Millis } from '../../domain/time.ts'

export interface Retention {
  /** Of the whole topic; each partition has an equal share. Absent: no limit. */
  readonly bytesMax?: number
  /** Records older than this may go. Absent: no limit. */
  readonly ageMaxMs?: Millis
}
