// PagerDuty and what speaks its Events API v2.
import { z } from 'zod'
import { isoTime } from '../../../domain/time.ts'
import { headline, httpUrl, type Render } from './channel.ts'

export const pagerdutySettings = z.strictObject({
  kind: z.literal('pagerduty'),
  routingKey: z.string().min(1),
  url: httpUrl.exactOptional().describe("Default: PagerDuty's own"),
})
type PagerdutySettings = z.output<typeof pagerdutySettings>

const EVENTS_URL = 'https://events.pagerduty.com/v2/enqueue'
const SUMMARY_MAX = 1_024

const ACTIONS = { acknowledged: 'acknowledge', resolved: 'resolve' } as const

export const renderPagerduty: Render<PagerdutySettings> = (
  { routingKey, url = EVENTS_URL },
  message,
) => {
  const { event, incidentId, cis, severity, at, number, text, alertCount, link } = message
  const action = event === 'acknowledged' || event === 'resolved' ? ACTIONS[event] : 'trigger'
  return {
    kind: 'http',
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      routing_key: routingKey,
      event_action: action,
      dedup_key: incidentId,
      payload: {
        summary: headline(message).slice(0, SUMMARY_MAX),
        source: cis[0] ?? 'faultline',
        severity,
        timestamp: isoTime(at),
        custom_details: { number, text, alertCount },
      },
      ...(link === undefined ? {} : { links: [{ href: link, text: number }] }),
    }),
  }
}
