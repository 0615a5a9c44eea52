// Notifications in tests: settings that use every part, and a receiver that says what arrived.
import { DAY_MS, HOUR_MS, isoTime, MINUTE_MS } from '../../domain/time.ts'
import type { Send, SendResult } from '../notifications/delivery.ts'
import { type NotificationSettings, notificationSettingsSchema } from '../notifications/settings.ts'
import { START } from './records.ts'

export const OFFICE = {
  timeZone: 'UTC',
  week: { tue: [['09:00', '17:00']] },
  holidays: [],
} as const

export const TELLING: NotificationSettings = {
  ...notificationSettingsSchema.parse({}),
  channels: {
    ops: { kind: 'webhook', url: 'https://ops.example/hook', secrets: ['whsec_c2VjcmV0'] },
    ada: { kind: 'email', from: 'desk@example', to: ['ada@example'] },
    bob: { kind: 'email', from: 'desk@example', to: ['bob@example'] },
    boss: { kind: 'slack', url: 'https://slack.example/hook' },
    day: { kind: 'teams', url: 'https://teams.example/hook' },
  },
  rotations: {
    duty: {
      members: ['ada', 'bob'],
      from: isoTime(START - HOUR_MS),
      shiftMs: 7 * DAY_MS,
      overrides: [
        { from: isoTime(START + DAY_MS), to: isoTime(START + 2 * DAY_MS), member: 'boss' },
      ],
    },
  },
  rules: [
    { name: 'all', events: ['opened', 'acknowledged', 'reopened', 'sla-breach'], channel: 'ops' },
    {
      name: 'call',
      events: ['opened', 'reopened'],
      priorities: ['P1', 'P2'],
      channel: 'on-call:duty',
      escalation: [{ afterMs: 15 * MINUTE_MS, channel: 'boss' }],
    },
    { name: 'office', events: ['opened'], scopes: ['quiet'], channel: 'day', hours: 'office' },
  ],
  attemptsMax: 3,
  smtp: { host: 'mail.example', port: 587, tls: 'starttls' },
  publicUrl: 'https://faultline.example',
}

export const FAILED: SendResult = { kind: 'failed', detail: 'HTTP 500', retry: true }

export interface Receiver {
  readonly sent: { to: string; what: string; id?: string }[]
  /** What each target answers; default: taken. */
  readonly answers: Map<string, SendResult>
  readonly send: Send
}

export const createReceiver = (): Receiver => {
  const sent: Receiver['sent'] = []
  const answers: Receiver['answers'] = new Map()
  const send: Send = async (outgoing) => {
    const to =
      outgoing.kind === 'http' ? outgoing.url : outgoing.kind === 'mail' ? outgoing.to[0]! : ''
    const text =
      outgoing.kind === 'http' ? outgoing.body : outgoing.kind === 'mail' ? outgoing.subject : ''
    const answer = answers.get(to) ?? { kind: 'sent' }
    const id = outgoing.kind === 'http' ? outgoing.headers['webhook-id'] : undefined
    if (answer.kind === 'sent')
      sent.push({
        to,
        what: /incident\.([\w-]+)|\((\w[\w-]*)\)/.exec(text)?.slice(1).find(Boolean) ?? text,
        ...(id ? { id } : {}),
      })
    return answer
  }
  return { sent, answers, send }
}
