// A change as correlation sees it: something was added, modified or removed on a CI.
import type { Millis } from './time.ts'

export interface Change {
  readonly id: string
  /** CI id, or a name that CI binding resolves. */
  readonly ci: string
  /** deployment, config, infrastructure, rfc …; free text, lower case. */
  readonly type: string
  readonly summary: string
  readonly startedAt: Millis
  /** Absent while it is still running. */
  readonly endedAt?: Millis
  readonly link?: string
}
