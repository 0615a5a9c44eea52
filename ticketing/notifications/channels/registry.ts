// Every kind of channel: a line for its settings, a line for what it sends.
import { z } from 'zod'
import type { Attempt, Message, Outgoing, Render } from './channel.ts'
import { consoleSettings, renderConsole } from './console.ts'
import { emailSettings, renderEmail } from './email.ts'
import { pagerdutySettings, renderPagerduty } from './pagerduty.ts'
import { renderSlack, slackSettings } from './slack.ts'
import { renderTeams, teamsSettings } from './teams.ts'
import { renderWebhook, webhookSettings } from './webhook.ts'

export const channelSettings = z.discriminatedUnion('kind', [
  consoleSettings,
  emailSettings,
  pagerdutySettings,
  slackSettings,
  teamsSettings,
  webhookSettings,
])

export type ChannelSettings = z.output<typeof channelSettings>

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
