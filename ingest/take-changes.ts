// How changes are taken: every partition of `events` gets them, since any scope may need them.
import { encodeRecord } from '../domain/records.ts'
import { inflateBody, readBody } from './body.ts'
import { readChanges } from './changes.ts'
import type { IntakeResult } from './delivery.ts'
import type { KeyLimits } from './keyed.ts'
import type { LogEdge } from './log-edge.ts'
import type { IngestSettings } from './settings.ts'
import { allRefused, contentId, type UnderWay } from './under-way.ts'

export const createTakeChanges =
  (
    { limits }: IngestSettings,
    edge: LogEdge,
    keyLimits: KeyLimits,
  ): ((delivery: UnderWay) => Promise<IntakeResult>) =>
  async (delivery) => {
    const objection = keyLimits.objection(delivery)
    if (objection !== undefined) return objection
    const inflated = inflateBody(delivery.body, delivery.contentEncoding, limits)
    if (inflated.kind === 'refused') return inflated
    const reading = readBody(inflated.bytes, delivery.contentType, limits)
    if (reading.kind === 'refused') return reading
    const { receivedAt } = delivery
    const { changes, refusals } = readChanges(reading.value, receivedAt)
    if (changes.length === 0 && refusals.length > 0) return allRefused(refusals)
    const records = changes.map((change) => ({ kind: 'change', at: receivedAt, change }) as const)
    await edge.keepEverywhere(records.map((record) => encodeRecord('events', record)))
    const deliveryId = contentId(delivery, inflated.bytes)
    const accepted = changes.length
    return { kind: 'taken', deliveryId, accepted, refusals, dropped: 0, payload: reading.value }
  }
