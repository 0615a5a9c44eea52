// What a channel is: it turns a message into what is to be sent. The runtime does the sending.

import { z } from 'zod'
import type { Severity } from '../../../domain/severity.ts'
import type { Millis } from '../../../domain/time.ts'
import type { NotificationEvent } from '../settings.ts'

export const httpUrl = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:/i.test(text), 'must be an http(s) URL')

/** What people are told, as plain text; each channel dresses and escapes it for itself. */
export interface Message {
  readonly event: NotificationEvent
  readonly incidentId: string
  readonly number: string
  readonly title: string
  readonly status: string
  readonly priority: string
  readonly severity: Severity
  readonly scope: string
  /** What happened, one sentence. */
  readonly text: string
  readonly at: Millis
  readonly cis: readonly string[]
  readonly alertCount: number
  readonly link?: string
  /** Where whoever reads it may say how satisfied they are; a credential by itself. */
  readonly ratingLink?: string
}

export interface HttpMessage {
  readonly kind: 'http'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Mail {
  readonly kind: 'mail'
  /** The left side of its Message-ID: the same for every attempt. */
  readonly id: string
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  /** Mails about one incident belong together. */
  readonly thread: string
}

export type Outgoing = HttpMessage | Mail | { readonly kind: 'console'; readonly text: string }

/** One attempt to send one message. */
export interface Attempt {
  /** The same for every attempt: receivers tell a repetition by it. */
  readonly id: string
  readonly at: Millis
}

export type Render<Settings> = (settings: Settings, message: Message, attempt: Attempt) => Outgoing

export const headline = ({ priority, number, title, status }: Message): string =>
  `[${priority}] ${number} ${title} (${status})`
