// Errors as problem+json (RFC 9457) for everything that no route answered itself.
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'

export const sendProblem = (
  reply: FastifyReply,
  status: number,
  reason: string,
  detail: string,
): FastifyReply =>
  reply
    .code(status)
    .type('application/problem+json')
    .send({ type: `urn:faultline:${reason}`, title: titleOf(reason), status, reason, detail })

const titleOf = (reason: string): string => {
  const words = reason.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Some senders carry their token in the URL, and logs are read by many. */
export const withoutIngestToken = (url: string): string =>
  url.replace(/^\/i\/[^/?]+/, '/i/[redacted]').replace(/\?.*/s, '?[redacted]')

const REASONS: Record<string, string> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'empty-body',
  FST_ERR_VALIDATION: 'invalid-request',
}

/** Client faults keep their message; ours are logged and say nothing of the inside. */
export const installProblems = (app: FastifyInstance): void => {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) {
      const where = { reqId: request.id, url: withoutIngestToken(request.url) }
      request.log.error({ err: error, ...where }, 'a request failed')
      if (error.name === 'LogUnavailableError') {
        reply.header('retry-after', '5')
        return sendProblem(reply, 503, 'log-unavailable', 'Nothing was kept. Try again shortly.')
      }
      return sendProblem(reply, 500, 'internal-error', `Reported in the log as ${request.id}.`)
    }
    return sendProblem(reply, status, REASONS[error.code] ?? 'bad-request', error.message)
  })
}
