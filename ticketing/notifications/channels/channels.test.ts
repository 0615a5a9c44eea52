// What each channel sends, as its receiver documents it, and that no text can break out of it.
import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { START } from '../../testing/records.ts'
import type { Message, Outgoing } from './channel.ts'
import { CHANNEL_KINDS, type ChannelSettings, render } from './registry.ts'

const SETTINGS: { readonly [K in ChannelSettings['kind']]: ChannelSettings } = {
  console: { kind: 'console' },
  email: { kind: 'email', from: 'desk@example', to: ['ops@example'] },
  pagerduty: { kind: 'pagerduty', routingKey: 'R0UT1NG' },
  slack: { kind: 'slack', url: 'https://slack.example/hook' },
  teams: { kind: 'teams', url: 'https://teams.example/hook' },
  webhook: { kind: 'webhook', url: 'https://hook.example', secrets: ['whsec_b25l', 'whsec_dHdv'] },
}
const message: Message = {
  event: 'opened',
  incidentId: 'i1',
  number: 'INC-1',
  title: 'Checkout is slow',
  status: 'new',
  priority: 'P2',
  severity: 'critical',
  scope: 'default',
  text: 'A new incident',
  at: START,
  cis: ['checkout', 'db1'],
  alertCount: 3,
  link: 'https://faultline.example/incidents/i1',
}
const send = (kind: ChannelSettings['kind'], over: Partial<Message> = {}): Outgoing =>
  render(SETTINGS[kind], { ...message, ...over }, { id: 'n1', at: START + 1_500 })
const bodyOf = (outgoing: Outgoing) =>
  outgoing.kind === 'http' ? JSON.parse(outgoing.body) : outgoing

describe.each(CHANNEL_KINDS)('%s', (kind) => {
  test('sends what its receiver expects', () => {
    const outgoing = send(kind)
    expect(
      outgoing.kind === 'http' ? { ...outgoing, body: JSON.parse(outgoing.body) } : outgoing,
    ).toMatchSnapshot()
  })
})

describe('text that people or tools wrote', () => {
  test('makes no link or mention in Slack', () => {
    const [section] = bodyOf(send('slack', { title: '<!channel> & <http://x|y>' })).blocks
    expect(section.text.text).toContain('&lt;!channel&gt; &amp; &lt;http://x|y&gt;')
  })

  test('makes no Markdown in Teams', () => {
    const card = bodyOf(send('teams', { text: '[click](http://x) **now**' })).attachments[0].content
    expect(card.body[1].text).toBe('\\[click\\]\\(http://x\\) \\*\\*now\\*\\*')
  })

  test('makes no header in a mail', () => {
    expect(bodyOf(send('email', { title: 'a\r\nBcc: eve@example' })).subject).not.toMatch(/[\r\n]/)
  })
})

test('a webhook is signed with each secret over id, time and body', () => {
  const outgoing = send('webhook')
  if (outgoing.kind !== 'http') throw new Error('a webhook is HTTP')
  const { headers, body } = outgoing
  const by = (key: string) =>
    `v1,${createHmac('sha256', key).update(`n1.${headers['webhook-timestamp']}.${body}`).digest('base64')}`
  expect(headers['webhook-signature']).toBe(`${by('one')} ${by('two')}`)
})

test.each([
  ['opened', 'trigger'],
  ['sla-breach', 'trigger'],
  ['acknowledged', 'acknowledge'],
  ['resolved', 'resolve'],
] as const)('PagerDuty hears %s as %s of the same incident', (event, action) => {
  expect(bodyOf(send('pagerduty', { event }))).toMatchObject({
    event_action: action,
    dedup_key: 'i1',
  })
})
