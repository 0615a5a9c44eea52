// What a delivery's integration has to say of it: what it may send, how often, and how it is read.
import type { DeliveryReport, FieldMapping } from '../domain/integration.ts'
import { type Millis, SECOND_MS } from '../domain/time.ts'
import type { IntakeResult, NotTaken } from './delivery.ts'
import { type CompiledMapping, compileMapping } from './mapping.ts'
import { createDeliveryRates } from './rates.ts'
import type { UnderWay } from './under-way.ts'

/** Integrations whose rate is kept; the desk allows fewer. */
const INTEGRATIONS_MAX = 2_000

/** Their senders give up what is answered with 429, and try again what is answered with 503. */
const GIVE_UP_ON_429 = new Set(['alertmanager', 'grafana'])

export const createKeyLimits = () => {
  const rates = createDeliveryRates(INTEGRATIONS_MAX)
  const compiled = new WeakMap<FieldMapping, Mapped | NotTaken>()

  const rateLimited = (source: string, waitMs: Millis): NotTaken => ({
    kind: 'refused',
    status: GIVE_UP_ON_429.has(source) ? 503 : 429,
    reason: 'rate-limited',
    detail: 'this integration delivers more often than it may (deliveriesPerMinuteMax)',
    retryAfterSeconds: Math.ceil(waitMs / SECOND_MS),
  })

  return {
    /** Why the integration may not send this now. */
    objection: ({ source, receivedAt, integration }: UnderWay): NotTaken | undefined => {
      if (integration === undefined) return undefined
      if (integration.source !== undefined && integration.source !== source) {
        const detail = `this integration may only send as ${integration.source}`
        return { kind: 'refused', status: 403, reason: 'source-not-allowed', detail }
      }
      const waitMs = rates.waitMs(integration, receivedAt)
      return waitMs === 0 ? undefined : rateLimited(source, waitMs)
    },
    /** Compiled once for as long as the mapping is the same object. */
    mapping: (written: FieldMapping | undefined): Mapped | NotTaken => {
      if (written === undefined) return UNMAPPED
      const known = compiled.get(written)
      if (known !== undefined) return known
      const result = compileMapping(written)
      const mapped = result.kind === 'ok' ? result : mappingInvalid(result.faults)
      compiled.set(written, mapped)
      return mapped
    },
  }
}

export type KeyLimits = ReturnType<typeof createKeyLimits>

interface Mapped {
  readonly kind: 'ok'
  readonly mapping: CompiledMapping | undefined
}

const UNMAPPED: Mapped = { kind: 'ok', mapping: undefined }

const mappingInvalid = (faults: readonly string[]): NotTaken => ({
  kind: 'refused',
  status: 422,
  reason: 'mapping-invalid',
  detail: faults.join('; '),
})

/** A delivery and its answer, as people are shown it. */
export const reportOf = (
  source: string,
  { receivedAt, body }: Pick<UnderWay, 'receivedAt' | 'body'>,
  result: IntakeResult,
): DeliveryReport => {
  const { length: bytes } = body
  if (result.kind === 'refused') {
    const { status, reason, detail, refusals = [] } = result
    const refused = Math.max(1, refusals.length)
    return { at: receivedAt, source, bytes, status, accepted: 0, refused, reason, detail }
  }
  const { accepted, refusals, deliveryId } = result
  const [first] = refusals
  if (first === undefined)
    return { at: receivedAt, source, bytes, status: 200, accepted, refused: 0, deliveryId }
  const { reason, detail } = first
  const told = { at: receivedAt, source, bytes, status: 207, accepted, deliveryId }
  return { ...told, refused: refusals.length, reason, detail }
}
