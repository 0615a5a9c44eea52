// What senders are told: problem+json (RFC 9457), each tool's own acceptance, and partial results.
import type { IntakeResult, NotTaken, Taken } from './delivery.ts'
import type { Refusal } from './normalise.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** Refusals listed in one answer; the count tells of the rest. */
const LISTED_MAX = 100

const listed = (refusals: readonly Refusal[]) =>
  refusals.slice(0, LISTED_MAX).map(({ index, reason, detail }) => ({ index, reason, detail }))

const PROBLEM = { 'content-type': 'application/problem+json' }
const JSON_TYPE = { 'content-type': 'application/json' }

const titleOf = (reason: string): string => {
  const words = reason.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export const problemAnswer = (result: NotTaken, status: number = result.status): Answer => {
  const { reason, detail, offset, retryAfterSeconds, refusals } = result
  return {
    status,
    headers:
      retryAfterSeconds === undefined
        ? PROBLEM
        : { ...PROBLEM, 'retry-after': String(retryAfterSeconds) },
    body: {
      type: `urn:faultline:${reason}`,
      title: titleOf(reason),
      status,
      reason,
      detail,
      ...(offset === undefined ? undefined : { offset }),
      ...(refusals === undefined
        ? undefined
        : { accepted: 0, refusedCount: refusals.length, refused: listed(refusals) }),
    },
  }
}

const partialBody = ({ accepted, refusals, dropped, deliveryId }: Taken) => ({
  accepted,
  ignored: dropped,
  refusedCount: refusals.length,
  refused: listed(refusals),
  deliveryId,
})

/** 200 when all is durable; 207 when some items were refused, which are listed. */
export const nativeAnswer = (result: IntakeResult): Answer =>
  result.kind === 'refused'
    ? problemAnswer(result)
    : {
        status: result.refusals.length === 0 ? 200 : 207,
        headers: JSON_TYPE,
        body: partialBody(result),
      }

/** As Alertmanager: 400 if any alert is invalid, though the valid ones are stored. */
export const alertmanagerAnswer = (result: IntakeResult): Answer => {
  if (result.kind === 'refused')
    return problemAnswer(result, result.status === 422 ? 400 : result.status)
  if (result.refusals.length === 0) return { status: 200, headers: JSON_TYPE, body: {} }
  const [{ reason } = { reason: 'shape-unknown' }] = result.refusals
  const detail = `${result.refusals.length} refused; the other ${result.accepted} are stored`
  const body = { type: `urn:faultline:${reason}`, title: titleOf(reason), status: 400, reason }
  return { status: 400, headers: PROBLEM, body: { ...body, detail, ...partialBody(result) } }
}

/** A tool's own words of acceptance; its refusals are problems with status 400. */
export const acceptedAnswer = (result: IntakeResult, body: (taken: Taken) => unknown): Answer => {
  if (result.kind === 'refused')
    return problemAnswer(result, result.status === 422 ? 400 : result.status)
  return { status: 202, headers: JSON_TYPE, body: body(result) }
}

/** OTLP/HTTP: what was rejected is counted, and the sender does not send it again. */
export const otlpAnswer = (result: IntakeResult): Answer => {
  if (result.kind === 'refused' && result.refusals === undefined) return problemAnswer(result)
  const refusals = result.refusals ?? []
  const [first] = refusals
  const partialSuccess = { rejectedLogRecords: refusals.length, errorMessage: first?.detail }
  return { status: 200, headers: JSON_TYPE, body: first === undefined ? {} : { partialSuccess } }
}

const OPSGENIE_ACCEPTED = 'Request will be processed'

export const opsgenieAnswer = (result: IntakeResult): Answer =>
  acceptedAnswer(result, ({ deliveryId }) => ({
    result: OPSGENIE_ACCEPTED,
    took: 0,
    requestId: deliveryId,
  }))
