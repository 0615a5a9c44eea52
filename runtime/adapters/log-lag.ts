// What both logs can tell of how far behind a consumer group is; for metrics only.
import type { Log, Topic } from '../../domain/ports/log.ts'

export interface GroupLag {
  readonly group: string
  readonly topic: Topic
  readonly partition: number
  /** Records appended and not yet dealt with. */
  readonly records: number
}

/** A log whose readers' progress can be seen. */
export interface ObservedLog extends Log {
  /** Of the subscriptions in this process. */
  lag(): readonly GroupLag[]
}
