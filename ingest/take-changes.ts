// How changes are taken: every partition of `events` gets them, since any scope may need them.
import type { Change } from '../domain/change.ts'
import { hash64 } from '../domain/hash.ts'
import { type CommandRecord, encodeRecord } from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
import { inflateBody, readBody } from './body.ts'
import { readChanges } from './changes.ts'
import type { IntakeResult } from './delivery.ts'
import type { KeyLimits } from './keyed.ts'
import type { LogEdge } from './log-edge.ts'
import type { IngestSettings } from './settings.ts'
import { allRefused, contentId, type UnderWay } from './under-way.ts'

/** Who acts where a tool reports. */
const REPORTER = 'deployment'

/** Named by its content: the same report again is the same command. */
const reportOf = (change: Change, at: Millis): CommandRecord => ({
  id: `reported-${hash64(JSON.stringify(change))}`,
  at,
  actor: REPORTER,
  action: 'change.report',
  target: change.id,
  body: { ...change },
})

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
    await edge.tellDesk(changes.map((change) => reportOf(change, receivedAt)))
    const deliveryId = contentId(delivery, inflated.bytes)
    const accepted = changes.length
    return { kind: 'taken', deliveryId, accepted, refusals, dropped: 0, payload: reading.value }
  }
