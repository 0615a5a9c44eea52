// An integration: one sender with tokens, limits and, where it speaks no known dialect, a mapping.
import type { Millis } from './time.ts'

/** How any JSON becomes events: each a JMESPath expression (https://jmespath.site). */
export interface FieldMapping {
  /** An array of items; absent: the body is the item, or an array of them. */
  readonly items?: string
  readonly name: string
  readonly status?: string
  readonly severity?: string
  readonly summary?: string
  readonly identity?: readonly string[]
  readonly startsAt?: string
  readonly endsAt?: string
  readonly link?: string
  /** Label name -> expression. */
  readonly labels: Readonly<Record<string, string>>
  /** The tool's words, lower case. */
  readonly resolvedWords?: readonly string[]
}

/** What the edge must know of an integration. */
export interface Integration {
  readonly id: string
  readonly name: string
  /** The only source that it may speak as; absent: any. */
  readonly source?: string
  /** Stands in for `ingest.generic` of the configuration. */
  readonly mapping?: FieldMapping
  /** Deliveries in a minute; beyond it 429, or 503 where senders drop what gets a 429. */
  readonly deliveriesPerMinuteMax: number
  /** Fingerprints new within a minute; beyond it they fold by name. */
  readonly newFingerprintsPerMinuteMax: number
}

/** What lets deliveries in: the SHA-256 of a token, never the token. */
export interface IngestKey {
  /** 64 lower-case hex digits. */
  readonly sha256: string
  /** For people. */
  readonly name: string
  /** Not valid any more from then on; absent: valid until it is taken away. */
  readonly validUntil?: Millis
  /** Absent: a token without limits of its own. */
  readonly integration?: Integration
}

/** What became of one delivery, for people to look at. */
export interface DeliveryReport {
  readonly at: Millis
  readonly source: string
  /** As answered. */
  readonly status: number
  readonly bytes: number
  readonly accepted: number
  readonly refused: number
  /** Why it, or its first item, was refused. */
  readonly reason?: string
  readonly detail?: string
  readonly deliveryId?: string
}

/** The newest deliveries of one integration, or of one source where no integration was named. */
export interface DeliveryRing {
  /** Id of the integration, or `source:<name>`. */
  readonly key: string
  /** Oldest first. */
  readonly recent: readonly DeliveryReport[]
  /** Those that were refused wholly or in part; they outlive the recent ones. */
  readonly failed: readonly DeliveryReport[]
}
