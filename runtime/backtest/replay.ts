// Runs recorded traffic through the production normaliser and correlator, on the log's own time.
import type { Change } from '../../domain/change.ts'
import type { CorrelatorOutput, EventsRecord } from '../../domain/records.ts'
import { HOUR_MS, type Millis, SECOND_MS } from '../../domain/time.ts'
import { EMPTY_TOPOLOGY, type Topology } from '../../domain/topology.ts'
import type { NormaliseDelivery, Refusal } from '../../ingest/normalise.ts'
import type { RecordedDelivery } from './inputs.ts'
import { createLedger, type Ledger } from './ledger.ts'

/** What a replay needs of the correlator. */
export interface ReplayedCorrelator {
  apply(record: EventsRecord, offset: number): readonly CorrelatorOutput[]
  /** When time alone will change something; undefined = never. */
  wakeAt(): Millis | undefined
}

/** What the ledger wants to hear of besides the outputs. */
export interface ReplayWants {
  /** For each event of a batch, the alert that it went to. */
  readonly onEvent: (indexInBatch: number, alertId: string | undefined) => void
  /** Where each alert went that its incident only counts. */
  readonly onFolded: (alertId: string, incidentId: string) => void
}

export interface ReplayOptions {
  readonly normalise: NormaliseDelivery
  correlate(wants: ReplayWants): ReplayedCorrelator
  readonly topology?: Topology
  /** By start, earliest first. */
  readonly changes?: readonly Change[]
  /** How often the live run looks at an idle partition. */
  readonly tickMs?: number
  /** Time goes on this long after the last delivery, so that quiet incidents can end. */
  readonly drainMs?: number
}

export interface Replay {
  /** @returns what of the delivery was refused */
  deliver(line: number, delivery: RecordedDelivery): readonly Refusal[]
  finish(): ReplayResult
}

export interface ReplayResult {
  readonly ledger: Ledger
  readonly deliveries: number
  readonly accepted: number
  /** Understood, and not events: acknowledgements, test messages. */
  readonly dropped: number
  /** Deliveries whose receivedAt went back; the log's time does not, so they keep its newest. */
  readonly reordered: number
}

const DEFAULT_TICK_MS = SECOND_MS
const DEFAULT_DRAIN_MS = 24 * HOUR_MS

export const createReplay = (options: ReplayOptions): Replay => {
  const { normalise, topology = EMPTY_TOPOLOGY, changes = [] } = options
  const { tickMs = DEFAULT_TICK_MS, drainMs = DEFAULT_DRAIN_MS } = options
  const ledger = createLedger()
  const correlator = options.correlate({ onEvent: ledger.went, onFolded: ledger.folded })
  const counts = { deliveries: 0, accepted: 0, dropped: 0, reordered: 0 }
  let offset = 0
  let now = Number.NEGATIVE_INFINITY
  let changesTold = 0
  let begun = false

  const apply = (record: EventsRecord): void => {
    ledger.heard(correlator.apply(record, offset))
    offset += 1
  }

  /** As the live run does: a tick at the first look after something is due. */
  const tickUntil = (end: Millis): void => {
    for (;;) {
      const wakeAt = correlator.wakeAt()
      if (wakeAt === undefined) return
      const at = Math.max(Math.ceil(wakeAt / tickMs) * tickMs, now + tickMs)
      if (at >= end) return
      now = at
      apply({ kind: 'tick', at })
    }
  }

  const passTimeUntil = (end: Millis): void => {
    for (let change = changes[changesTold]; change; change = changes[changesTold]) {
      if (change.startedAt > end) break
      const at = Math.max(change.startedAt, now)
      tickUntil(at)
      now = at
      apply({ kind: 'change', at, change })
      changesTold += 1
    }
    tickUntil(end)
    now = Math.max(now, end)
  }

  const begin = (at: Millis): void => {
    begun = true
    now = changes[0] === undefined ? at : Math.min(at, changes[0].startedAt)
    if (topology.cis.length > 0) apply({ kind: 'topology', at: now, topology })
  }

  return {
    deliver: (line, delivery) => {
      if (!begun) begin(delivery.receivedAt)
      counts.deliveries += 1
      if (delivery.receivedAt < now) counts.reordered += 1
      passTimeUntil(Math.max(delivery.receivedAt, now))
      const result = normalise({ ...delivery, receivedAt: now })
      counts.accepted += result.accepted
      counts.dropped += result.drops.length
      for (const scoped of result.batches) {
        ledger.delivered(line, scoped)
        apply(scoped.batch)
      }
      return result.refusals
    },
    finish: () => {
      if (Number.isFinite(now)) passTimeUntil(now + drainMs)
      return { ledger, ...counts }
    },
  }
}
