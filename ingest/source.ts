// What a source is: how one monitoring tool's deliveries become event drafts.
import type { AlertStatus } from '../domain/event.ts'
import type { Severity } from '../domain/severity.ts'
import type { Millis } from '../domain/time.ts'
import type { CompiledMapping } from './mapping.ts'
import type { IngestSettings } from './settings.ts'

/** What a source understood of one alert; the normaliser checks, clamps and fingerprints it. */
export interface EventDraft {
  readonly status: AlertStatus
  /** The alert type. */
  readonly name: string
  /** The tool's own word; the source's table translates it. */
  readonly severity?: string | undefined
  /** Said in the tool's own words; the name stands in where it is empty. */
  readonly summary?: string | undefined
  /** Text, numbers and booleans; empty and null values are left out, anything else refuses. */
  readonly labels: Readonly<Record<string, unknown>>
  /** The tool's own identity of the condition; absent: name and labels less volatile ones. */
  readonly identity?: readonly string[] | undefined
  /** From `readTime`: undefined is absent, NaN is unreadable. */
  readonly startsAt?: Millis | undefined
  /** Resolved: the end. Firing: the expiry. */
  readonly endsAt?: Millis | undefined
  readonly link?: unknown
  readonly runbook?: unknown
}

/** Machine-readable; the counter by source and the dead letter carry it. */
export type RefusalReason =
  | 'not-json'
  | 'not-utf8'
  | 'not-protobuf'
  | 'too-deep'
  | 'too-large'
  | 'too-many-alerts'
  | 'encoding-unsupported'
  | 'encoding-broken'
  | 'source-unknown'
  | 'shape-unknown'
  | 'source-failed'
  | 'name-missing'
  | 'status-unknown'
  | 'time-invalid'
  | 'identity-missing'
  | 'labels-missing'
  | 'labels-too-many'
  | 'label-name-empty'
  | 'label-name-too-long'
  | 'label-value-too-long'
  | 'label-not-text'
  | 'field-invalid'
  | 'mapping-missing'

/** Understood, and rightly not an event. */
export type DropReason =
  | 'test-message'
  | 'acknowledgement'
  | 'no-state'
  | 'subscription'
  | 'truncated-by-sender'

/** One alert of a delivery: a draft, or why there is none. */
export type ParsedItem =
  | { readonly kind: 'ok'; readonly value: EventDraft }
  | { readonly kind: 'drop'; readonly reason: DropReason }
  | { readonly kind: 'deadLetter'; readonly reason: RefusalReason; readonly detail: string }

export interface SourceContext {
  readonly receivedAt: Millis
  readonly settings: IngestSettings
  /** Lower-case request header names; only some sources look (CloudEvents' binary mode). */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly utcOffsetMinutes: number
  /** Of the integration that sends, or of the configuration; only the generic source looks. */
  readonly mapping?: CompiledMapping | undefined
}

export interface Source {
  /** As in `/webhooks/<name>`. */
  readonly name: string
  /** The tool's name for people. */
  readonly title: string
  /** Lower-case words of the tool. Words missing here fall back to the general table. */
  readonly severities: ReadonlyMap<string, Severity>
  /** Lower-case words of the tool for the two states. */
  readonly statuses: ReadonlyMap<string, AlertStatus>
  /** What happens to a label over its limit: `truncate` flags the event. */
  readonly overlong: 'refuse' | 'truncate'
  /** What names the condition, for the docs. */
  readonly identity: string
  /** Copyable set-up on the tool's side, Markdown; `{{URL}}` stands for Faultline's URL. */
  readonly setup: string
  /** The delivery's alerts, in its order; one that is no such delivery stands for itself. */
  items(payload: unknown, context: SourceContext): readonly unknown[]
  /** Pure and total: one of `items`, whatever it is, becomes a draft or a refusal. */
  parse(item: unknown, context: SourceContext, payload: unknown): ParsedItem
}
