// Amazon SNS: nothing is believed, fetched or confirmed before the signature has been checked.
import { createPublicKey, hash, verify } from 'node:crypto'
import type { Millis } from '../domain/time.ts'
import { type Fields, fieldsOf, isFields, textOf } from './fields.ts'
import { readTime } from './times.ts'

/** The topic's own host, in any region; nothing else is ever asked for a certificate. */
const HOST = /^sns\.[a-z0-9-]{3,32}\.amazonaws\.com(\.cn)?$/
const CERTIFICATE_PATH = /^\/SimpleNotificationService-[a-zA-Z0-9]{1,64}\.pem$/

const NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
const SUBSCRIPTION = [
  'Message',
  'MessageId',
  'SubscribeURL',
  'Timestamp',
  'Token',
  'TopicArn',
  'Type',
]

export type GateReason =
  | 'sns-topic-unknown'
  | 'sns-certificate-foreign'
  | 'sns-signature-invalid'
  | 'sns-message-old'
  | 'sns-subscription-foreign'

export type GateVerdict =
  | {
      readonly kind: 'passed'
      /** Names what was signed; absent where nothing was. */
      readonly signedId?: string
      /** What the sender asks for, to be done only where this is no replay. */
      confirm?(): Promise<void>
    }
  | { readonly kind: 'refused'; readonly reason: GateReason; readonly detail: string }

/** Looks at a parsed delivery before it is normalised. */
export type Gate = (payload: unknown, now: Millis) => Promise<GateVerdict>

export interface SnsOptions {
  /** Topics whose messages are taken; others are refused. */
  readonly topicArns: readonly string[]
  /** Older messages are refused; SNS itself gives up after an hour. */
  readonly ageMaxMs: Millis
  /** GETs a certificate in PEM; only ever called with a URL of AWS. */
  fetchCertificate(url: string): Promise<string>
  /** GETs the URL that confirms a subscription; only ever called with a verified URL of AWS. */
  confirmSubscription(url: string): Promise<void>
}

/** What SNS signs: names and values, a line each, in this order; absent fields are left out. */
export const snsSignedText = (envelope: Fields): string => {
  const names = envelope.Type === 'Notification' ? NOTIFICATION : SUBSCRIPTION
  return names
    .filter((name) => typeof envelope[name] === 'string')
    .map((name) => `${name}\n${String(envelope[name])}\n`)
    .join('')
}

const isAws = (text: unknown, path: RegExp): boolean => {
  if (typeof text !== 'string' || !URL.canParse(text)) return false
  const { protocol, hostname, port, pathname, username, password } = new URL(text)
  const plain = port === '' && username === '' && password === ''
  return protocol === 'https:' && plain && HOST.test(hostname) && path.test(pathname)
}

const holds = (envelope: Fields, pem: string): boolean => {
  const algorithm = { 1: 'sha1', 2: 'sha256' }[textOf(envelope.SignatureVersion) ?? '']
  if (algorithm === undefined) return false
  try {
    const signature = Buffer.from(textOf(envelope.Signature) ?? '', 'base64')
    return verify(algorithm, Buffer.from(snsSignedText(envelope)), createPublicKey(pem), signature)
  } catch {
    return false
  }
}

/**
 * A gate for the cloudwatch source. What is no SNS envelope passes: it came with a token.
 * Certificates are kept by URL, which names their content.
 */
export const createSnsGate = (options: SnsOptions): Gate => {
  const certificates = new Map<string, Promise<string>>()

  const certificateAt = (url: string): Promise<string> => {
    const kept = certificates.get(url)
    if (kept !== undefined) return kept
    if (certificates.size >= CERTIFICATES_MAX) certificates.clear()
    const fetched = options.fetchCertificate(url)
    certificates.set(url, fetched)
    fetched.catch(() => certificates.delete(url))
    return fetched
  }

  return async (payload, now) => {
    if (!isFields(payload) || payload.Type === undefined) return { kind: 'passed' }
    const envelope = fieldsOf(payload)
    const topic = textOf(envelope.TopicArn) ?? ''
    if (!options.topicArns.includes(topic))
      return refused('sns-topic-unknown', `${topic.slice(0, 256)} is not configured`)
    const { SigningCertURL: certificateUrl, SubscribeURL: subscribeUrl } = envelope
    if (!isAws(certificateUrl, CERTIFICATE_PATH))
      return refused('sns-certificate-foreign', 'SigningCertURL is not one of SNS')
    if (!holds(envelope, await certificateAt(String(certificateUrl))))
      return refused('sns-signature-invalid', 'the signature does not hold')
    if (!(Math.abs(now - (readTime(envelope.Timestamp) ?? Number.NaN)) <= options.ageMaxMs))
      return refused('sns-message-old', 'Timestamp is not of the last hour')
    const signedId = `sns:${hash('sha256', snsSignedText(envelope), 'hex')}`
    if (envelope.Type !== 'SubscriptionConfirmation') return { kind: 'passed', signedId }
    if (!isAws(subscribeUrl, /^\/$/))
      return refused('sns-subscription-foreign', 'SubscribeURL is not one of SNS')
    const confirm = () => options.confirmSubscription(String(subscribeUrl))
    return { kind: 'passed', signedId, confirm }
  }
}

const refused = (reason: GateReason, detail: string): GateVerdict => ({
  kind: 'refused',
  reason,
  detail,
})

const CERTIFICATES_MAX = 16
