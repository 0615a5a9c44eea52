// A tool's delivery in, checked events out: the same code at the live edge and in a backtest.
import type { AlertEvent, EventFlag } from '../domain/event.ts'
import { deadLetter } from '../domain/outcome.ts'
import type { EventsBatch } from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
import { createFingerprintSum, type FingerprintSum } from './identity.ts'
import { checkLabels, cutToLength } from './labels.ts'
import { type CompiledMapping, compileMapping } from './mapping.ts'
import type { IngestSettings } from './settings.ts'
import { GUESSED_SEVERITY, severityOf } from './severities.ts'
import type {
  DropReason,
  EventDraft,
  ParsedItem,
  RefusalReason,
  Source,
  SourceContext,
} from './source.ts'
import { SOURCES } from './sources/registry.ts'
import { clampTimes } from './times.ts'

export interface Delivery {
  /** Registry name of the source. */
  readonly source: string
  /** The body, parsed. */
  readonly payload: unknown
  readonly receivedAt: Millis
  /** Content hash of the delivery: the same content gives the same event ids. */
  readonly deliveryId: string
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Stands in for the configuration's. */
  readonly mapping?: CompiledMapping | undefined
}

/** An alert that could not be taken; its neighbours were. */
export interface Refusal {
  /** Place within the delivery, from 0; absent where the delivery as a whole was refused. */
  readonly index?: number
  readonly reason: RefusalReason
  readonly detail: string
  /** What was refused, as it came; absent where that is the whole delivery. */
  readonly item?: unknown
}

export interface ScopeBatch {
  readonly batch: EventsBatch
  /** `indexes[i]` is the place of `batch.events[i]` within the delivery, from 0. */
  readonly indexes: readonly number[]
}

export interface NormalisedDelivery {
  /** One for each scope, in order of first appearance. */
  readonly batches: readonly ScopeBatch[]
  readonly refusals: readonly Refusal[]
  /** Understood, and not an event: acknowledgements, test messages. */
  readonly drops: readonly { readonly index: number; readonly reason: DropReason }[]
  readonly accepted: number
}

export type NormaliseDelivery = (delivery: Delivery) => NormalisedDelivery

/**
 * @returns a deterministic function; it only remembers hashes, so calls do not affect each other
 * @throws RangeError where the settings' mapping cannot be used
 */
export const createNormaliser = (
  settings: IngestSettings,
  sources: ReadonlyMap<string, Source> = SOURCES,
): NormaliseDelivery => {
  const sum = createFingerprintSum(settings)
  const mapping = mappingOf(settings)
  return (delivery) => {
    const source = sources.get(delivery.source)
    if (source === undefined) return refusedWhole('source-unknown', delivery.source.slice(0, 64))
    const context: SourceContext = {
      receivedAt: delivery.receivedAt,
      settings,
      headers: delivery.headers ?? {},
      utcOffsetMinutes: settings.utcOffsetMinutes[source.name] ?? 0,
      mapping: delivery.mapping ?? mapping,
    }
    const items = source.items(delivery.payload, context)
    const { alertsPerDeliveryMax } = settings.limits
    if (items.length > alertsPerDeliveryMax)
      return refusedWhole('too-many-alerts', `${items.length}; at most ${alertsPerDeliveryMax}`)
    return normaliseItems(items, { source, delivery, context, settings, sum })
  }
}

const mappingOf = ({ generic }: IngestSettings): CompiledMapping | undefined => {
  if (generic === undefined) return undefined
  const result = compileMapping(generic)
  if (result.kind === 'ok') return result.mapping
  throw new RangeError(result.faults.map((fault) => `ingest.generic.${fault}`).join('\n'))
}

interface Work {
  readonly source: Source
  readonly delivery: Delivery
  readonly context: SourceContext
  readonly settings: IngestSettings
  readonly sum: FingerprintSum
}

const refusedWhole = (reason: RefusalReason, detail: string): NormalisedDelivery => ({
  batches: [],
  refusals: [{ reason, detail }],
  drops: [],
  accepted: 0,
})

/** Sources do not throw; should one, it costs its alert and not the process. */
const parseSafely = (item: unknown, { source, delivery, context }: Work): ParsedItem => {
  try {
    return source.parse(item, context, delivery.payload)
  } catch (error) {
    return { kind: 'deadLetter', reason: 'source-failed', detail: String(error).slice(0, 256) }
  }
}

const normaliseItems = (items: readonly unknown[], work: Work): NormalisedDelivery => {
  const scopes = new Map<string, { events: AlertEvent[]; indexes: number[] }>()
  const refusals: Refusal[] = []
  const drops: { index: number; reason: DropReason }[] = []
  let accepted = 0
  for (let index = 0; index < items.length; index++) {
    const parsed = parseSafely(items[index], work)
    if (parsed.kind === 'drop') {
      drops.push({ index, reason: parsed.reason })
      continue
    }
    const event = parsed.kind === 'ok' ? toEvent(parsed.value, index, work) : parsed
    if ('kind' in event) {
      refusals.push({ index, reason: event.reason, detail: event.detail, item: items[index] })
      continue
    }
    const scope = scopeOf(event, work)
    let batch = scopes.get(scope)
    if (batch === undefined) {
      batch = { events: [], indexes: [] }
      scopes.set(scope, batch)
    }
    batch.events.push(event)
    batch.indexes.push(index)
    accepted += 1
  }
  return { batches: toBatches(scopes, work), refusals, drops, accepted }
}

const toBatches = (
  scopes: ReadonlyMap<string, { events: AlertEvent[]; indexes: number[] }>,
  { source, delivery }: Work,
): ScopeBatch[] =>
  [...scopes].map(([scope, { events, indexes }], at) => ({
    batch: {
      kind: 'events',
      receivedAt: delivery.receivedAt,
      source: source.name,
      scope,
      // Each record of a delivery has an id of its own, so that none passes for a replay.
      deliveryId: at === 0 ? delivery.deliveryId : `${delivery.deliveryId}/${at}`,
      events,
    },
    indexes,
  }))

const scopeOf = (event: AlertEvent, { source, settings }: Work): string => {
  const { labels, bySource, fallback } = settings.scope
  if (labels.length > 0) {
    const values = labels.map((name) => event.labels[name])
    if (values.every((value) => value !== undefined)) return values.join('/')
  }
  return Object.hasOwn(bySource, source.name) ? bySource[source.name]! : fallback
}

type Refused = Extract<ParsedItem, { kind: 'deadLetter' }>

const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|\[[\da-f:]+\])(:\d+)?$/i

const toEvent = (draft: EventDraft, index: number, work: Work): AlertEvent | Refused => {
  const { source, delivery, settings, sum } = work
  const { limits } = settings
  const name = cutToLength(draft.name.trim(), limits.nameLengthMax)
  if (name === '') return deadLetter('name-missing', 'an alert needs a name')
  const named = draft.identity !== undefined
  const hasPod = draft.labels.pod !== undefined
  sum.begin(source.name)
  const checked = checkLabels(draft.labels, source.overlong, limits, (label, value) => {
    // A pod's address changes with the pod; the workload behind it is what lasts.
    if (named || (hasPod && label === 'instance' && ADDRESS.test(value))) return
    sum.addLabel(label, value)
  })
  if ('refused' in checked) return deadLetter(checked.refused, checked.detail)
  if (draft.identity === undefined) sum.addLabel('alertname', name)
  else draft.identity.forEach((part, place) => void sum.add(String(place), part))

  const flags: EventFlag[] = []
  const severity = severityOf(draft.severity, source.severities)
  if (severity === undefined && draft.status === 'firing') flags.push('severity-guessed')
  if (checked.truncated) flags.push('label-truncated')
  const times = clampTimes(draft, delivery.receivedAt, settings, flags)
  const summary = draft.summary?.trim() ?? ''
  const event: Mutable<AlertEvent> = {
    id: `${delivery.deliveryId}.${index}`,
    fingerprint: sum.finish(),
    status: draft.status,
    name,
    severity: severity ?? GUESSED_SEVERITY,
    summary: summary === '' ? name : cutToLength(summary, limits.summaryLengthMax),
    labels: checked.labels,
    startsAt: times.startsAt,
  }
  const endsAt = times.endsAt ?? expiryOf(draft, work)
  if (endsAt !== undefined) event.endsAt = endsAt
  if (isWebLink(draft.link, limits.linkLengthMax)) event.link = draft.link
  if (isWebLink(draft.runbook, limits.linkLengthMax)) event.runbook = draft.runbook
  if (flags.length > 0) event.flags = flags
  return event
}

/** Of an alert whose source may never say that it is over. */
const expiryOf = (draft: EventDraft, { source, delivery, settings }: Work): Millis | undefined => {
  const after = settings.expireAfterMs[source.name]
  return draft.status === 'firing' && after !== undefined ? delivery.receivedAt + after : undefined
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Only what a browser may safely follow. */
const isWebLink = (value: unknown, lengthMax: number): value is string =>
  typeof value === 'string' && value.length <= lengthMax && /^https?:\/\//i.test(value)
