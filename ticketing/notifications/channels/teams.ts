// Microsoft Teams, by a Workflows webhook that posts an adaptive card.
import { z } from 'zod'
import { headline, httpUrl, type Render } from './channel.ts'

export const teamsSettings = z.strictObject({ kind: z.literal('teams'), url: httpUrl })
type TeamsSettings = z.output<typeof teamsSettings>

/** Cards read a little Markdown: what people wrote is to stay what it is. */
const escaped = (text: string): string => text.replace(/[\\`*_{}[\]()#+!~|<>-]/g, '\\$&')

export const renderTeams: Render<TeamsSettings> = ({ url }, message) => {
  const { text, alertCount, cis, priority, link, ratingLink } = message
  const links = [
    ['Open', link],
    ['How did we do?', ratingLink],
  ].filter(([, url]) => url !== undefined)
  const facts = [
    { title: 'Priority', value: priority },
    { title: 'Alerts', value: String(alertCount) },
    { title: 'CIs', value: escaped(cis.slice(0, 5).join(', ')) },
  ]
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      { type: 'TextBlock', weight: 'Bolder', wrap: true, text: escaped(headline(message)) },
      { type: 'TextBlock', wrap: true, text: escaped(text) },
      { type: 'FactSet', facts },
    ],
    ...(links.length === 0
      ? {}
      : { actions: links.map(([title, url]) => ({ type: 'Action.OpenUrl', title, url })) }),
  }
  return {
    kind: 'http',
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'message',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
    }),
  }
}
