// The live edge behind every route: makes a delivery durable, and only then answers.
import type { DeliveryReport } from '../domain/integration.ts'
import type { Log } from '../domain/ports/log.ts'
import type { Clock } from '../domain/time.ts'
import type { IntakeResult, RawDelivery, RecordedDelivery } from './delivery.ts'
import { createKeyLimits, reportOf } from './keyed.ts'
import { createLogEdge } from './log-edge.ts'
import { type IngestMetrics, noMetrics } from './metrics.ts'
import type { IngestSettings } from './settings.ts'
import type { Gate } from './sns.ts'
import { SOURCES } from './sources/registry.ts'
import { createTakeChanges } from './take-changes.ts'
import { createTakeEvents } from './take-events.ts'
import { type UnderWay, underWay } from './under-way.ts'

export interface IntakeOptions {
  readonly log: Log
  readonly clock: Clock
  readonly settings: IngestSettings
  readonly metrics?: IngestMetrics
  /** Sources whose deliveries must be signed; several secrets while one is rotated. */
  readonly secrets?: Readonly<Record<string, readonly string[]>>
  /** By source: checks a parsed delivery before anything is made of it. */
  readonly gates?: Readonly<Record<string, Gate>>
  /** Told of every delivery taken, once it is durable. */
  readonly recordDelivery?: (delivery: RecordedDelivery) => void
  /** Told of every delivery. @param sender id of its integration, or `source:<name>` */
  readonly report?: (sender: string, report: DeliveryReport) => void
}

export interface Intake {
  readonly settings: IngestSettings
  take(delivery: RawDelivery): Promise<IntakeResult>
  /** Changes go to every partition of `events`, since any scope may need them. */
  takeChanges(delivery: Omit<RawDelivery, 'source'>): Promise<IntakeResult>
}

/** Not a source of events, but sent by the same senders. */
const CHANGES = 'changes'

/** @throws RangeError where the settings' mapping cannot be used */
export const createIntake = (options: IntakeOptions): Intake => {
  const { log, clock, settings, metrics = noMetrics } = options
  const edge = createLogEdge(log, settings)
  const keyLimits = createKeyLimits()
  const takeEvents = createTakeEvents(options, edge, keyLimits)
  const takeChanges = createTakeChanges(settings, edge, keyLimits)

  const bounded = async (
    delivery: UnderWay,
    take: (delivery: UnderWay) => Promise<IntakeResult>,
  ): Promise<IntakeResult> => {
    const result = await edge.bounded(delivery, take)
    const known = SOURCES.has(delivery.source) || delivery.source === CHANGES
    const source = known ? delivery.source : 'unknown'
    count(metrics, source, delivery.body.length, result)
    if (options.report !== undefined) {
      const sender = delivery.integration?.id ?? `source:${source}`
      options.report(sender, reportOf(source, delivery, result))
    }
    return result
  }
  const begun = (delivery: RawDelivery): UnderWay =>
    underWay(delivery, delivery.receivedAt ?? clock.now())

  return {
    settings,
    take: (delivery) => bounded(begun(delivery), takeEvents),
    takeChanges: (delivery) => bounded(begun({ ...delivery, source: CHANGES }), takeChanges),
  }
}

const count = (
  metrics: IngestMetrics,
  source: string,
  bytes: number,
  result: IntakeResult,
): void => {
  metrics.delivery(source, result.kind === 'taken' ? 200 : result.status, bytes)
  const refusals = result.refusals ?? []
  for (const { reason } of refusals) metrics.refused(source, reason, 1)
  if (result.kind === 'refused' && refusals.length === 0)
    metrics.refused(source, result.reason, result.items ?? 1)
  if (result.kind === 'taken') metrics.accepted(source, result.accepted, result.dropped)
}
