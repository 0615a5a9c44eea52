// A delivery on its way through the edge: as it came, and what became of it.
import type { FieldMapping, IngestKey } from '../domain/integration.ts'
import type { Millis } from '../domain/time.ts'
import type { AdmissionVerdict } from './admission.ts'
import type { Refusal } from './normalise.ts'
import type { SignatureFault } from './signatures.ts'
import type { GateReason } from './sns.ts'
import type { RefusalReason } from './source.ts'

/** A request as it came in. */
export interface RawDelivery {
  readonly source: string
  readonly body: Uint8Array
  readonly contentType?: string | undefined
  readonly contentEncoding?: string | undefined
  /** Lower-case names: CloudEvents' attributes, signatures. */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined
  /** Absent: now. */
  readonly receivedAt?: Millis
  /** What let it in; absent on an open installation. */
  readonly key?: IngestKey | undefined
  /** Finds the key inside the body, for senders that put it there (PagerDuty). */
  readonly keyInside?: ((payload: unknown) => AdmissionVerdict | undefined) | undefined
  /** Stands in for the mapping of the integration and of the configuration. */
  readonly mapping?: FieldMapping | undefined
  /** One of our own dead letters once more: neither signature nor gate is asked again. */
  readonly again?: boolean
  /** Id of the integration that an offered delivery came from, for its dead letters. */
  readonly sentBy?: string | undefined
}

/** Everything durable, but for what is listed. */
export interface Taken {
  readonly kind: 'taken'
  readonly deliveryId: string
  readonly accepted: number
  readonly refusals: readonly Refusal[]
  /** Understood, and not an event. */
  readonly dropped: number
  /** The body, parsed, for answers that quote it. */
  readonly payload: unknown
}

type EdgeReason =
  | 'log-unavailable'
  | 'overloaded'
  | 'shed'
  | 'gate-failed'
  | 'replay'
  | 'source-not-allowed'
  | 'rate-limited'
  | 'mapping-invalid'
type KeyReason = Extract<AdmissionVerdict, { kind: 'refused' }>['reason']

/** Nothing was taken. */
export interface NotTaken {
  readonly kind: 'refused'
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 429 | 502 | 503
  readonly reason: RefusalReason | SignatureFault | GateReason | EdgeReason | KeyReason
  readonly detail: string
  readonly offset?: number
  readonly retryAfterSeconds?: number
  readonly refusals?: readonly Refusal[]
  /** How many were in it, where that is known and none of them is at fault. Default 1. */
  readonly items?: number
}

export type IntakeResult = Taken | NotTaken

/** As a backtest replays it. */
export interface RecordedDelivery {
  readonly receivedAt: Millis
  readonly source: string
  readonly payload: unknown
}
