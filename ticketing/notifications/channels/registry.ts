// Every kind of channel, one line each.
import type { Attempt, Message, Outgoing, Render } from './channel.ts'
import { type ConsoleSettings, renderConsole } from './console.ts'
import { type EmailSettings, renderEmail } from './email.ts'
import { type PagerdutySettings, renderPagerduty } from './pagerduty.ts'
import { renderSlack, type SlackSettings } from './slack.ts'
import { renderTeams, type TeamsSettings } from './teams.ts'
import { renderWebhook, type WebhookSettings } from './webhook.ts'

export type ChannelSettings =
  | ConsoleSettings
  | EmailSettings
  | PagerdutySettings
  | SlackSettings
  | TeamsSettings
  | WebhookSettings

type Kind = ChannelSettings['kind']

const RENDERERS: { readonly [K in Kind]: Render<Extract<ChannelSettings, { kind: K }>> } = {
  console: renderConsole,
  email: renderEmail,
  pagerduty: renderPagerduty,
  slack: renderSlack,
  teams: renderTeams,
  webhook: renderWebhook,
}

export const CHANNEL_KINDS = Object.keys(RENDERERS) as Kind[]

export const render = (settings: ChannelSettings, message: Message, attempt: Attempt): Outgoing =>
  (RENDERERS[settings.kind] as Render<ChannelSettings>)(settings, message, attempt)
