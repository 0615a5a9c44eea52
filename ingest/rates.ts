// How often each integration may deliver: a bucket that fills steadily, a minute deep.
import type { Integration } from '../domain/integration.ts'
import { MINUTE_MS, type Millis } from '../domain/time.ts'

export interface DeliveryRates {
  /** @returns how long to wait; 0: go on */
  waitMs(integration: Integration, now: Millis): Millis
}

interface Bucket {
  left: number
  at: Millis
}

/** @param integrationsMax buckets kept; beyond it the one made first begins anew, full */
export const createDeliveryRates = (integrationsMax: number): DeliveryRates => {
  const buckets = new Map<string, Bucket>()
  return {
    waitMs: ({ id, deliveriesPerMinuteMax: max }, now) => {
      let bucket = buckets.get(id)
      if (bucket === undefined) {
        bucket = { left: max, at: now }
        buckets.set(id, bucket)
        if (buckets.size > integrationsMax) buckets.delete(buckets.keys().next().value ?? id)
      }
      const passed = Math.max(0, now - bucket.at)
      bucket.left = Math.min(max, bucket.left + (passed * max) / MINUTE_MS)
      bucket.at = Math.max(bucket.at, now)
      if (bucket.left < 1) return Math.ceil(((1 - bucket.left) * MINUTE_MS) / max)
      bucket.left -= 1
      return 0
    },
  }
}
