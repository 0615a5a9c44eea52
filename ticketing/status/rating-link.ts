// Signed links that let whoever was told of a resolution say how satisfied they are.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Millis } from '../../domain/time.ts'

const signature = (key: string, payload: string): Buffer =>
  createHmac('sha256', key).update(`rate ${payload}`).digest()

/** `<payload>.<signature>`, both base64url: which incident, and until when. */
export const ratingToken = (key: string, incidentId: string, until: Millis): string => {
  const payload = Buffer.from(JSON.stringify([incidentId, until])).toString('base64url')
  return `${payload}.${signature(key, payload).toString('base64url')}`
}

export type RatingClaim =
  | { readonly kind: 'valid'; readonly incidentId: string }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'expired' }

const TOKEN_LENGTH_MAX = 1_024

export const readRatingToken = (key: string, token: string, now: Millis): RatingClaim => {
  const [payload = '', signed = ''] = token.split('.')
  const shown = Buffer.from(signed, 'base64url')
  const expected = signature(key, payload)
  const genuine = shown.length === expected.length && timingSafeEqual(shown, expected)
  if (token.length > TOKEN_LENGTH_MAX || !genuine) return { kind: 'invalid' }
  const [incidentId, until] = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
  return now < until ? { kind: 'valid', incidentId } : { kind: 'expired' }
}
