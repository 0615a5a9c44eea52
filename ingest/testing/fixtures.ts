// The normaliser that tests run the sources' fixtures through.
import type { AlertEvent } from '../../domain/event.ts'
import type { FieldMapping } from '../../domain/integration.ts'
import { createNormaliser, type Refusal } from '../normalise.ts'
import { defaultIngestSettings, type IngestSettings } from '../settings.ts'
import type { DropReason } from '../source.ts'
import { NOW } from './edge.ts'

/** Bodies as the tool's documentation has them; further names are variants of fire and resolve. */
export type Fixture = Readonly<Record<string, unknown>> & {
  readonly documented: string
  readonly fire: unknown
  readonly resolve?: unknown
  readonly ignored?: readonly unknown[]
  readonly refused?: readonly { readonly payload: unknown; readonly reason: string }[]
}

const mapping: FieldMapping = {
  items: 'alerts',
  name: 'rule.title',
  status: 'state',
  resolvedWords: ['closed'],
  severity: 'level',
  summary: 'message',
  identity: ['rule.id', 'host'],
  startsAt: 'at',
  labels: { host: 'host', service: 'tags.service' },
}

export interface Normalised {
  readonly events: readonly AlertEvent[]
  readonly refusals: readonly Refusal[]
  readonly drops: readonly DropReason[]
}

/** One normaliser with a mapping for the generic source; received at NOW. */
export const createTestNormaliser = (settings: Partial<IngestSettings> = {}) => {
  const normalise = createNormaliser({ ...defaultIngestSettings, generic: mapping, ...settings })
  return (
    source: string,
    payload: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Normalised => {
    const delivery = { source, payload, headers, receivedAt: NOW, deliveryId: 'd' }
    const { batches, refusals, drops } = normalise(delivery)
    return {
      events: batches.flatMap(({ batch }) => batch.events),
      refusals,
      drops: drops.map(({ reason }) => reason),
    }
  }
}

/** The only event of a delivery. */
export const only = ({ events, refusals, drops }: Normalised): AlertEvent => {
  const [event] = events
  if (event === undefined || events.length !== 1)
    throw new Error(`not one event: ${JSON.stringify({ events, refusals, drops })}`)
  return event
}
