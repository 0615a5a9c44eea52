// Who may deliver: keys from a header, the URL or the body; people's tokens and open ones after it.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../domain/time.ts'
import { type Admission, type AdmissionVerdict, tokenOf } from '../../ingest/admission.ts'
import { routingKeyOf, sourceOf } from '../../ingest/routes.ts'
import { type Access, createGuard, isOpen } from './access.ts'
import { sendProblem } from './problem.ts'

/** Where senders that cannot set headers put their token. */
export const TOKEN_PREFIX = '/i/:ingestToken'

/** PagerDuty's senders know no other place than the body. */
const KEY_INSIDE = 'pagerduty'

export interface IngestGuardOptions {
  readonly admission: Admission
  readonly clock: Clock
  /** Told of each request that was not let in. */
  refused(source: string, status: number, reason: string, detail: string): void
}

type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>
type Refused = Extract<AdmissionVerdict, { kind: 'refused' }>

const sendRefusal = (reply: FastifyReply, refusal: Refused): FastifyReply => {
  if (refusal.retryAfterSeconds !== undefined)
    reply.header('retry-after', String(refusal.retryAfterSeconds))
  return sendProblem(reply, refusal.status, refusal.reason, refusal.detail)
}

const pathToken = (request: FastifyRequest): string | undefined =>
  (request.params as { ingestToken?: string }).ingestToken

export const createIngestGuard = (access: Access, options: IngestGuardOptions): Guard => {
  const { admission, clock, refused } = options
  const people = createGuard(access, 'ingest')

  /** People's own tokens, and whoever comes to an open installation. */
  const asPerson: Guard = async (request, reply) => {
    await people(request, reply)
    if (!reply.sent) return undefined
    refused(sourceOf(request), reply.statusCode, 'not-admitted', 'no token that may deliver')
    return reply
  }

  /** The body is still to come; on an open installation a key in it is welcome, not needed. */
  const keyInside =
    (request: FastifyRequest, open: boolean) =>
    (payload: unknown): AdmissionVerdict | undefined => {
      const verdict = admission.admit(routingKeyOf(payload), request.ip, clock.now())
      return open && verdict.kind === 'refused' ? undefined : verdict
    }

  return async (request, reply) => {
    const presented = pathToken(request) ?? tokenOf(request.headers)
    if (presented === undefined) {
      if (sourceOf(request) !== KEY_INSIDE) return asPerson(request, reply)
      const open = await isOpen(access)
      request.keyInside = keyInside(request, open)
      // An open installation serves its own machine only, whatever the body says.
      return open ? asPerson(request, reply) : undefined
    }
    const verdict = admission.admit(presented, request.ip, clock.now())
    if (verdict.kind === 'admitted') {
      request.ingestKey = verdict.key
      request.actor = verdict.key.name
      return undefined
    }
    if (verdict.reason !== 'locked-out' || (await isOpen(access))) return asPerson(request, reply)
    refused(sourceOf(request), verdict.status, verdict.reason, verdict.detail)
    return sendRefusal(reply, verdict)
  }
}
