// The small form behind a signed link: one to five, and a word if one likes. The last word holds.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { Clock } from '../../domain/time.ts'
import { RATING_COMMENT_MAX, RATINGS_MAX } from '../api/bodies.ts'
import { validatorCompiler } from '../api/validation.ts'
import type { Submit } from '../commands/gate.ts'
import type { Desk } from '../desk.ts'
import { storable } from '../store/database.ts'
import { type Html, html, page } from './html.ts'
import { readRatingToken } from './rating-link.ts'

export interface RatingRoutesOptions {
  readonly desk: Pick<Desk, 'queries'>
  readonly submit: Submit
  readonly clock: Clock
  readonly key: string
  newId(): string
}

/** Whoever has the link: nobody that we could name. */
const CUSTOMER = 'customer'
const FORM_BYTES_MAX = 16 * 1024
const WORDS = ['Very dissatisfied', 'Dissatisfied', 'Neither', 'Satisfied', 'Very satisfied']

const ByToken = Type.Object({ token: Type.String({ minLength: 1, maxLength: 1_024 }) })
const Form = Type.Object({ rating: Type.String(), comment: Type.Optional(Type.String()) })

const send = (reply: FastifyReply, status: number, title: string, body: Html): FastifyReply =>
  reply
    .code(status)
    .type('text/html; charset=utf-8')
    .headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    .send(page(title, html`<h1>${title}</h1>\n${body}`))

const choice = (word: string, index: number): Html =>
  html`<label><input type="radio" name="rating" value="${index + 1}" required> ${index + 1}: ${word}</label>\n`

const form = (number: string): Html => html`<form method="post">
<fieldset>
<legend>How satisfied are you with how ${number} was handled?</legend>
${WORDS.map(choice)}</fieldset>
<label>What should we know? (optional)
<textarea name="comment" rows="4" maxlength="${RATING_COMMENT_MAX}"></textarea></label>
<p><button type="submit">Send</button></p>
</form>`

const addRoutes = (instance: FastifyInstance, options: RatingRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { desk, submit, clock, key, newId } = options

  /** The incident that the link is about, or undefined, having answered. */
  const incidentOf = async (token: string, reply: FastifyReply) => {
    const claim = readRatingToken(key, token, clock.now())
    if (claim.kind === 'expired') {
      send(reply, 410, 'This link is too old', html`<p>Thank you for wanting to tell us.</p>`)
      return undefined
    }
    const found =
      claim.kind === 'valid' ? await desk.queries.findIncident(claim.incidentId) : undefined
    if (found === undefined)
      send(reply, 404, 'This link leads nowhere', html`<p>It may have been cut short.</p>`)
    return found
  }

  app.get('/rate/:token', { schema: { hide: true, params: ByToken } }, async (request, reply) => {
    const incident = await incidentOf(request.params.token, reply)
    return incident === undefined
      ? reply
      : send(reply, 200, `How did we do with ${incident.number}?`, form(incident.number))
  })

  app.post(
    '/rate/:token',
    { schema: { hide: true, params: ByToken, body: Form }, bodyLimit: FORM_BYTES_MAX },
    async (request, reply) => {
      const incident = await incidentOf(request.params.token, reply)
      if (incident === undefined) return reply
      if ((incident.rating?.times ?? 0) >= RATINGS_MAX)
        return send(reply, 429, 'That is enough', html`<p>The last one holds.</p>`)
      const { rating, comment = '' } = request.body
      const said = comment.trim().slice(0, RATING_COMMENT_MAX)
      const result = await submit(
        storable({
          id: newId(),
          at: clock.now(),
          actor: CUSTOMER,
          action: 'incident.rate',
          target: incident.id,
          body: { rating: Number(rating), ...(said === '' ? {} : { comment: said }) },
        }),
      )
      if (result.kind === 'refused')
        return send(reply, 409, 'That could not be taken', html`<p>${result.detail}</p>`)
      if (result.kind === 'busy')
        return send(reply, 503, 'We are busy', html`<p>Please send it again in a minute.</p>`)
      return send(
        reply,
        200,
        'Thank you',
        html`<p>You gave ${rating} of 5. Use the link again to change your mind.</p>`,
      )
    },
  )
}

export const ratingRoutes =
  (options: RatingRoutesOptions): FastifyPluginAsync =>
  async (app) => {
    app.setValidatorCompiler(validatorCompiler)
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )
    addRoutes(app, options)
  }
