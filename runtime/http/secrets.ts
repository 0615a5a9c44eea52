// New secrets: session cookies, and API tokens in a form that secret scanners recognise.
import { randomBytes } from 'node:crypto'
import { sha256Hex } from './identity.ts'

export interface Secret {
  /** Handed out once and kept nowhere. */
  readonly text: string
  readonly sha256: string
}

const SESSION_BYTES = 32
const TOKEN_BYTES = 24
const CHECK_DIGITS = 8

/** `flt_`, 48 hex digits, and 8 that follow from them. */
export const API_TOKEN = /^flt_[0-9a-f]{56}$/

const checkOf = (digits: string): string => sha256Hex(`flt_${digits}`).slice(0, CHECK_DIGITS)

/** A mistyped token is told from a wrong one without asking the store. */
export const isApiToken = (text: string): boolean =>
  API_TOKEN.test(text) && checkOf(text.slice(4, -CHECK_DIGITS)) === text.slice(-CHECK_DIGITS)

const secretOf = (text: string): Secret => ({ text, sha256: sha256Hex(text) })

export const newApiToken = (): Secret => {
  const digits = randomBytes(TOKEN_BYTES).toString('hex')
  return secretOf(`flt_${digits}${checkOf(digits)}`)
}

export const newSessionSecret = (): Secret =>
  secretOf(randomBytes(SESSION_BYTES).toString('base64url'))
