// Mends kafkajs 2.2.4: an idle connection must not arm a timer about every millisecond.
import { createRequire } from 'node:module'

/*
 * RequestQueue#scheduleCheckPendingRequests arms a timer even when nothing is pending, and with a
 * delay in the past, so each connection wakes the process about 900 times a second for nothing.
 * The timer only serves requests held back by throttling or by the limit on requests in flight,
 * so it is armed for those alone. The README has the measurement.
 */
interface RequestQueue {
  readonly pending: readonly unknown[]
  scheduleCheckPendingRequests(): void
}

const isRequestQueue = (value: unknown): value is { prototype: RequestQueue } =>
  typeof value === 'function' && typeof value.prototype?.scheduleCheckPendingRequests === 'function'

let mended = false

/** Once a process; throws when kafkajs is not the version that this knows. */
export const mendIdleTimers = (): void => {
  if (mended) return
  const load = createRequire(import.meta.url)
  const queue: unknown = load('kafkajs/src/network/requestQueue/index.js')
  if (!isRequestQueue(queue)) throw new Error('kafkajs has no request queue where 2.2.4 has it')
  const schedule = queue.prototype.scheduleCheckPendingRequests
  queue.prototype.scheduleCheckPendingRequests = function scheduleIfPending(this: RequestQueue) {
    if (this.pending.length > 0) schedule.call(this)
  }
  mended = true
}
