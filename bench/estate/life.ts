// One life of one alert as a tool sees it, and who truly caused it.
import type { Millis } from '../../domain/time.ts'
import type { AlertType } from './alert-types.ts'

export interface Truth {
  /** Incident, or the name of the noise that this is. */
  readonly incident: string
  readonly noise: boolean
}

export type Tool = 'alertmanager' | 'zabbix' | 'pagerduty' | 'cloudevents'

export interface Life {
  readonly tool: Tool
  readonly ci: string
  readonly kind: string
  readonly product?: string
  readonly site?: string
  readonly fqdn?: string
  readonly type: AlertType
  readonly says: string
  readonly pod: string
  readonly startsAt: Millis
  readonly endsAt: Millis
  /** False: the tool just stops talking about it. */
  readonly resolves: boolean
  /** Overrides the tool's own interval of repeats. */
  readonly repeatMs?: number
  /** Distinguishes lives of one condition, e.g. as Zabbix's event id. */
  readonly nonce: string
  readonly truth: Truth
}

/** One delivery as a tool posts it, with the truth about each alert inside. */
export interface TimedDelivery {
  readonly receivedAt: Millis
  readonly source: Tool
  readonly payload: unknown
  /** One per alert in the delivery, in order. */
  readonly truth: readonly AlertTruth[]
}

export interface AlertTruth extends Truth {
  /** The first report of this life. */
  readonly first: boolean
}
