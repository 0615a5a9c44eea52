// Slack, by an incoming webhook.
import { z } from 'zod'
import { headline, httpUrl, type Render } from './channel.ts'

export const slackSettings = z.strictObject({ kind: z.literal('slack'), url: httpUrl })
type SlackSettings = z.output<typeof slackSettings>

const TEXT_MAX = 2_900

/** The three characters that Slack's markup is made of; links and mentions come from us alone. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').slice(0, TEXT_MAX)

export const renderSlack: Render<SlackSettings> = ({ url }, message) => {
  const head = escaped(headline(message))
  const title = message.link === undefined ? head : `<${message.link}|${head}>`
  const facts = `${message.alertCount} alerts · ${message.cis.slice(0, 5).join(', ')}`
  const rate = message.ratingLink === undefined ? '' : ` · <${message.ratingLink}|How did we do?>`
  return {
    kind: 'http',
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      text: head,
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: `*${title}*\n${escaped(message.text)}` } },
        { type: 'context', elements: [{ type: 'mrkdwn', text: escaped(facts) + rate }] },
      ],
    }),
  }
}
