// What every route of the desk is given, and how its answers and refusals are made.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock, Millis } from '../../domain/time.ts'
import type { Submit, SubmitResult } from '../commands/gate.ts'
import type { RefusalReason } from '../commands/outcome.ts'
import { decodeCursor, type Keyset } from '../cursor.ts'
import type { Desk } from '../desk.ts'
import { storable } from '../store/database.ts'
import type { ProblemJson } from './schemas.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set by the runtime, as the two below. */
    actor: string
    /** Present: only the tickets of these teams are there for them. */
    limitedTo: readonly string[] | undefined
    /** May see how to reach people. */
    administers: boolean
  }
}

export interface DeskRoutesOptions {
  readonly desk: Pick<Desk, 'queries' | 'catalogue' | 'onApplied'>
  readonly submit: Submit
  readonly clock: Clock
  /** For commands that come without an Idempotency-Key: unique over all processes. */
  newId(): string
  /** Calls once, later; returns how to call it off. */
  after(delayMs: Millis, call: () => void): () => void
}

const STATUS_OF: Readonly<Record<RefusalReason, number>> = {
  'not-found': 404,
  'illegal-transition': 409,
  'version-conflict': 412,
  invalid: 422,
  'unknown-action': 404,
  'key-reused': 422,
}

const titleOf = (reason: string): string => {
  const words = reason.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Answers with problem+json (RFC 9457). */
export const refuseRequest = (
  reply: FastifyReply,
  status: number,
  reason: string,
  detail: string,
  extra: Pick<ProblemJson, 'legalActions' | 'version'> = {},
): FastifyReply =>
  reply
    .code(status)
    .type('application/problem+json')
    .send({
      type: `urn:faultline:${reason}`,
      title: titleOf(reason),
      status,
      reason,
      detail,
      ...extra,
    })

export const notFound = (reply: FastifyReply, what: string, id: string): FastifyReply =>
  refuseRequest(reply, 404, 'not-found', `There is no ${what} ${id}.`)

const KEY_LENGTH_MAX = 200
const ETAG = /^(?:W\/)?"(\d{1,15})"$/

/** @returns the version to compare with, undefined for none, or null where the header is nonsense */
const expectedVersion = (request: FastifyRequest): number | undefined | null => {
  const header = request.headers['if-match']
  if (header === undefined || header === '*') return undefined
  const match = ETAG.exec(header)
  return match === null ? null : Number(match[1])
}

/**
 * A key names a command among its sender's only: nobody can take another's, nor one of the desk's
 * own (`tick-…`), for himself.
 */
export const keyedCommandId = (actor: string, key: string): string => `key:${actor}:${key}`

/**
 * Submits the request as a command; its body is the request's unless another is given.
 * @param answer makes the reply once the command is applied
 */
export const submitCommand = async (
  { submit, clock, newId }: DeskRoutesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  command: { action: string; target: string; body?: Readonly<Record<string, unknown>> },
  answer: (applied: Extract<SubmitResult, { kind: 'applied' }>) => Promise<unknown>,
): Promise<unknown> => {
  const key = request.headers['idempotency-key']
  if (key !== undefined && (typeof key !== 'string' || key === '' || key.length > KEY_LENGTH_MAX))
    return refuseRequest(
      reply,
      400,
      'invalid-request',
      `Idempotency-Key must be one value of 1 to ${KEY_LENGTH_MAX} characters.`,
    )
  const ifVersion = expectedVersion(request)
  if (ifVersion === null)
    return refuseRequest(reply, 400, 'invalid-request', 'If-Match must be an ETag as answered.')
  const result = await submit(
    storable({
      id: key === undefined ? newId() : keyedCommandId(request.actor, key),
      at: clock.now(),
      actor: request.actor,
      body: (request.body ?? {}) as Record<string, unknown>,
      ...command,
      ...(ifVersion === undefined ? {} : { ifVersion }),
    }),
  )
  switch (result.kind) {
    case 'applied':
      if (result.pending) reply.code(202)
      return answer(result)
    case 'accepted':
      return reply.code(202).send({ commandId: result.commandId, status: 'accepted' })
    case 'busy':
      reply.header('retry-after', '2')
      return refuseRequest(reply, 503, 'busy', 'Too many requests wait for their answer.')
    case 'refused': {
      const { reason, detail, kind: _, ...extra } = result
      return refuseRequest(
        reply,
        STATUS_OF[reason],
        reason,
        detail,
        extra as Pick<ProblemJson, 'legalActions' | 'version'>,
      )
    }
  }
}

/** @returns null, having answered, where the cursor is not one of ours */
export const cursorOf = (
  reply: FastifyReply,
  cursor: string | undefined,
): Keyset | undefined | null => {
  if (cursor === undefined) return undefined
  const keyset = decodeCursor(cursor)
  if (keyset !== undefined) return keyset
  refuseRequest(reply, 400, 'invalid-cursor', 'The cursor was not given out by this list.')
  return null
}
