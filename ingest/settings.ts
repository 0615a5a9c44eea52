// What an operator may choose about ingest, with its defaults; every limit has a name.
import type { FieldMapping } from '../domain/integration.ts'
import { DEFAULT_SCOPE } from '../domain/records.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../domain/time.ts'
import type { SheddingSettings } from './shedding.ts'

export interface IngestLimits {
  /** Bytes of one request body as sent; more is answered with 413. */
  readonly bodyBytesMax: number
  /** Bytes of one body after gunzip; more is answered with 413. */
  readonly inflatedBytesMax: number
  /** Inflated bytes per compressed byte, beyond 1 MiB; more is taken for a gzip bomb (413). */
  readonly inflationRatioMax: number
  /** Nested objects and arrays; deeper is answered with 400. */
  readonly depthMax: number
  /** Alerts in one delivery; more is answered with 413. */
  readonly alertsPerDeliveryMax: number
  /** Labels of one alert; more refuses the alert. */
  readonly labelsMax: number
  /** UTF-8 bytes; longer refuses the alert, or is cut where the source says so. */
  readonly labelNameBytesMax: number
  readonly labelValueBytesMax: number
  /** UTF-16 units of the summary and the name; longer is cut. */
  readonly summaryLengthMax: number
  readonly nameLengthMax: number
  /** Links longer than this are left out. */
  readonly linkLengthMax: number
  /** UTF-16 units of a refused item kept in its dead letter; longer is cut. */
  readonly deadLetterLengthMax: number
  /** Dead letters of one delivery; the rest are counted in the last one. */
  readonly deadLettersPerDeliveryMax: number
  /** Bytes of one log record; a larger batch becomes several records, all or none. */
  readonly recordBytesMax: number
  /** Fingerprints of one source new within a minute; beyond it they fold by name. */
  readonly newFingerprintsPerMinuteMax: number
  /** Signed deliveries remembered, each of `signedWindowMs`; beyond it the oldest is forgotten. */
  readonly signedDeliveriesMax: number
  /** Bytes of deliveries under way at once; beyond it the answer is 503. */
  readonly waitingBytesMax: number
}

export interface ScopeSettings {
  /** Labels whose values together name the scope; none: one scope for all. */
  readonly labels: readonly string[]
  /** Where the alerts of a source that lacks those labels belong. */
  readonly bySource: Readonly<Record<string, string>>
  /** Where everything else belongs. */
  readonly fallback: string
}

/** Syslog as devices send it. It carries no token, so only networks that are named may send. */
export interface SyslogSettings {
  readonly host: string
  /** Ports; absent: off; 0: any that is free. */
  readonly udp: number | undefined
  readonly tcp: number | undefined
  /** Addresses or networks (`10.0.0.0/8`) whose messages are taken; others are counted and lost. */
  readonly allow: readonly string[]
  /** Of one message; longer is cut. */
  readonly messageBytesMax: number
  /** Messages of one delivery. */
  readonly batchMessagesMax: number
  /** How long messages are gathered before they are handed on. */
  readonly gatherMs: number
  /** Characters that may wait for the log; then UDP is lost (counted) and TCP read no further. */
  readonly waitingLengthMax: number
  /** TCP connections; further ones are closed at once (counted). */
  readonly connectionsMax: number
  /** A connection that says nothing for this long is closed. */
  readonly idleMs: number
}

export interface IngestSettings {
  readonly limits: IngestLimits
  readonly shedding: SheddingSettings
  readonly scope: ScopeSettings
  /** Times further ahead of the receive time than this are clamped to it. */
  readonly skewMs: number
  /** A signed delivery is taken once within this, and SNS messages older than it never (409). */
  readonly signedWindowMs: number
  /** Firing alerts of the Alertmanager API without endsAt expire after this. */
  readonly resolveTimeoutMs: number
  /** Firing alerts of sources that may never send a resolve expire after this, by source. */
  readonly expireAfterMs: Readonly<Record<string, number>>
  /** An expiry further away than this means "never". */
  readonly expiryMaxMs: number
  /** Labels that never tell two alerts apart. */
  readonly volatileLabels: readonly string[]
  /** True: label values that differ only by NFC/NFD, case or outer space name the same alert. */
  readonly foldLabelText: boolean
  /** Minutes east of UTC, by source, for tools that send local time without a zone. */
  readonly utcOffsetMinutes: Readonly<Record<string, number>>
  /** How the generic source reads bodies of senders without an integration of their own. */
  readonly generic: FieldMapping | undefined
  readonly syslog: SyslogSettings
}

const MIB = 1024 * 1024

export const defaultIngestLimits: IngestLimits = {
  bodyBytesMax: 10 * MIB,
  inflatedBytesMax: 10 * MIB,
  inflationRatioMax: 100,
  depthMax: 32,
  alertsPerDeliveryMax: 10_000,
  labelsMax: 64,
  labelNameBytesMax: 128,
  labelValueBytesMax: 1_024,
  summaryLengthMax: 1_024,
  nameLengthMax: 256,
  linkLengthMax: 2_048,
  deadLetterLengthMax: 16_384,
  deadLettersPerDeliveryMax: 100,
  recordBytesMax: 900_000,
  newFingerprintsPerMinuteMax: 200_000,
  signedDeliveriesMax: 100_000,
  waitingBytesMax: 64 * MIB,
}

export const defaultIngestSettings: IngestSettings = {
  limits: defaultIngestLimits,
  shedding: { infoAtShare: 0.5, warningAtShare: 0.7, errorAtShare: 0.85 },
  scope: { labels: [], bySource: {}, fallback: DEFAULT_SCOPE },
  skewMs: 5 * MINUTE_MS,
  signedWindowMs: HOUR_MS,
  resolveTimeoutMs: 5 * MINUTE_MS,
  expireAfterMs: {
    elastic: DAY_MS,
    graylog: HOUR_MS,
    newrelic: DAY_MS,
    otlp: HOUR_MS,
    sentry: DAY_MS,
    splunk: HOUR_MS,
    syslog: HOUR_MS,
  },
  expiryMaxMs: 366 * DAY_MS,
  volatileLabels: [
    'replica',
    'prometheus_replica',
    '__replica__',
    'pod_template_hash',
    'controller_revision_hash',
    'container_id',
    'uid',
    'pod_uid',
    'event_id',
    'sequence',
    'seq',
    'timestamp',
    'time',
    'value',
  ],
  foldLabelText: false,
  utcOffsetMinutes: {},
  generic: undefined,
  syslog: {
    host: '127.0.0.1',
    udp: undefined,
    tcp: undefined,
    allow: ['127.0.0.0/8', '::1'],
    messageBytesMax: 8_192,
    batchMessagesMax: 1_000,
    gatherMs: 100,
    waitingLengthMax: 4 * MIB,
    connectionsMax: 256,
    idleMs: HOUR_MS,
  },
}
