// The newest deliveries of each sender, and why they failed: for people who ask what arrives.
import type { DeliveryReport, DeliveryRing } from '../domain/integration.ts'

export interface DeliveryRings {
  /** @param key id of an integration, or `source:<name>` */
  note(key: string, report: DeliveryReport): void
  /** What changed since it was last asked for. */
  drain(): DeliveryRing[]
}

/** Of each sender; then the oldest goes. */
const RECENT_MAX = 25
const FAILED_MAX = 25
/** Text of one report. */
const DETAIL_LENGTH_MAX = 300

interface Ring {
  readonly recent: DeliveryReport[]
  readonly failed: DeliveryReport[]
}

const push = (list: DeliveryReport[], report: DeliveryReport, max: number): void => {
  list.push(report)
  if (list.length > max) list.shift()
}

/** @param keysMax senders kept; beyond it the one that came first is forgotten */
export const createDeliveryRings = (keysMax: number): DeliveryRings => {
  const rings = new Map<string, Ring>()
  const changed = new Set<string>()
  return {
    note: (key, report) => {
      let ring = rings.get(key)
      if (ring === undefined) {
        ring = { recent: [], failed: [] }
        rings.set(key, ring)
        if (rings.size > keysMax) {
          const first = rings.keys().next().value ?? key
          rings.delete(first)
          changed.delete(first)
        }
      }
      const { detail } = report
      const cut =
        detail === undefined || detail.length <= DETAIL_LENGTH_MAX
          ? report
          : { ...report, detail: detail.slice(0, DETAIL_LENGTH_MAX) }
      push(ring.recent, cut, RECENT_MAX)
      if (cut.refused > 0 || cut.status >= 300) push(ring.failed, cut, FAILED_MAX)
      changed.add(key)
    },
    drain: () => {
      const news = [...changed].flatMap((key) => {
        const ring = rings.get(key)
        return ring === undefined
          ? []
          : [{ key, recent: [...ring.recent], failed: [...ring.failed] }]
      })
      changed.clear()
      return news
    },
  }
}
