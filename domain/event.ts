// One normalised observation from a monitoring tool, as the log carries it.
import type { Severity } from './severity.ts'
import type { Millis } from './time.ts'

export type Labels = Record<string, string>

export type AlertStatus = 'firing' | 'resolved'

/** What the edge had to mend in an event; shown to people, never a reason to drop it. */
export type EventFlag =
  | 'start-clamped'
  | 'end-clamped'
  | 'start-missing'
  | 'severity-guessed'
  | 'label-truncated'
  | 'budget-coarsened'

export interface AlertEvent {
  /** Derived from the delivery's content: the same delivery sent twice carries the same ids. */
  readonly id: string
  /** 16 hex digits; fire, resolve and re-fire of one condition share it. */
  readonly fingerprint: string
  readonly status: AlertStatus
  /** The alert type: alertname, trigger name, check name. Without volatile parts where possible. */
  readonly name: string
  readonly severity: Severity
  /** One line for people. */
  readonly summary: string
  /**
   * What the tool said of the thing that is wrong. Sources map their own words for it to these
   * label names: host, instance, service, pod, container, namespace, cluster, component, site,
   * device, job. Any other label stays as the tool named it.
   */
  readonly labels: Labels
  /** When the condition began, by the source's clock, clamped into the skew bound. */
  readonly startsAt: Millis
  /** Resolved: when it ended. Firing: when it expires unless refreshed; absent = never. */
  readonly endsAt?: Millis
  /** A link back to the tool; http or https only. */
  readonly link?: string
  readonly runbook?: string
  readonly flags?: readonly EventFlag[]
}
