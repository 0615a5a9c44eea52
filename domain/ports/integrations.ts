// What the edge and the desk tell each other of integrations: keys one way, deliveries the other.
import type { DeliveryReport, DeliveryRing, FieldMapping, IngestKey } from '../integration.ts'
import type { Millis } from '../time.ts'

/** The desk as the edge sees it; asked now and then, never for a request. */
export interface IntegrationDesk {
  /** Every key that lets deliveries in now, or will until `validUntil`. */
  ingestKeys(now: Millis): Promise<readonly IngestKey[]>
  /** @param reporter names this process: what it said before of the same key is replaced */
  keepRings(reporter: string, now: Millis, rings: readonly DeliveryRing[]): Promise<void>
}

/** A body to be taken, or only looked at. */
export interface OfferedDelivery {
  readonly source: string
  readonly body: string
  readonly contentType?: string
  readonly integrationId?: string
  readonly mapping?: FieldMapping
}

/** What the edge would make of a body. */
export interface DryRun {
  readonly events: readonly object[]
  readonly refused: readonly { index?: number; reason: string; detail: string }[]
  readonly ignored: readonly { index: number; reason: string }[]
}

/** The edge as the desk sees it: the same code as behind the routes, without the network. */
export interface IngestDesk {
  /** Durable when it resolves. */
  deliver(offered: OfferedDelivery): Promise<DeliveryReport>
  dryRun(offered: OfferedDelivery): DryRun
  /** @returns what is wrong with it; empty: nothing */
  mappingFaults(mapping: FieldMapping): readonly string[]
}
