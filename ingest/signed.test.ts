// The same delivery again: harmless where nothing is signed, refused as a replay where it is.
import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createSignedDeliveries } from './signed.ts'
import { createTestEdge, NOW } from './testing/edge.ts'

const EVENTS = '/api/v1/events'
const event = (more: object = {}) => ({ name: 'DiskFull', labels: { host: 'db-1' }, ...more })

describe('fault 15: the same unsigned delivery again', () => {
  test('is answered with 2xx, with the same delivery id and event ids, so that it changes nothing', async () => {
    const edge = createTestEdge()
    const body = [event(), event({ labels: { host: 'db-2' } })]
    const answers = [await edge.post(EVENTS, body), await edge.post(EVENTS, body)]
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200])
    const [first, second] = edge.log.records('events')
    expect(second).toEqual(first)
  })

  test('another source or other content has other ids', async () => {
    const edge = createTestEdge()
    await edge.post(EVENTS, event())
    await edge.post(EVENTS, event({ summary: 'again' }))
    const [first, second] = edge.events()
    expect(first!.id).not.toBe(second!.id)
    expect(first!.fingerprint).toBe(second!.fingerprint)
  })
})

describe('fault 15: the same signed delivery again', () => {
  const URL = '/webhooks/grafana'
  const secrets = { grafana: ['g', 'old'], native: ['n'] }
  const body = JSON.stringify({ alerts: [{ status: 'firing', labels: { alertname: 'X' } }] })
  const hmac = (secret: string, text: string) =>
    createHmac('sha256', secret).update(text).digest('hex')
  const signed = (secret = 'g', time = String(NOW / 1_000)) => ({
    'x-grafana-alerting-signature': hmac(secret, `${time}:${body}`),
    'x-grafana-alerting-timestamp': time,
  })

  test('is refused as a replay, in whatever case its signature is written', async () => {
    const edge = createTestEdge({}, { secrets })
    expect((await edge.post(URL, body, signed())).statusCode).toBe(200)
    const shouted = signed()['x-grafana-alerting-signature'].toUpperCase()
    for (const headers of [signed(), { ...signed(), 'x-grafana-alerting-signature': shouted }]) {
      const again = await edge.post(URL, body, headers)
      expect(again.json()).toMatchObject({ status: 409, reason: 'replay' })
    }
    expect(edge.events()).toHaveLength(1)
    expect(edge.refused).toEqual(['grafana replay', 'grafana replay'])
  })

  test('signed anew by its sender, at another time, is another delivery', async () => {
    const edge = createTestEdge({}, { secrets })
    await edge.post(URL, body, signed())
    const later = signed('g', String(NOW / 1_000 + 1))
    expect((await edge.post(URL, body, later)).statusCode).toBe(200)
  })

  test('is taken after the log refused it the first time, so that a retry loses nothing', async () => {
    const edge = createTestEdge({}, { secrets })
    edge.log.unavailable = true
    expect((await edge.post(URL, body, signed())).statusCode).toBe(503)
    edge.log.unavailable = false
    expect((await edge.post(URL, body, signed())).statusCode).toBe(200)
    expect(edge.events()).toHaveLength(1)
  })

  test('side by side with itself is taken once', async () => {
    const edge = createTestEdge({}, { secrets })
    const answers = await Promise.all([1, 2, 3].map(() => edge.post(URL, body, signed())))
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409])
    expect(edge.events()).toHaveLength(1)
  })

  test('a signature without a time counts for the whole window', async () => {
    const edge = createTestEdge({}, { secrets })
    const text = JSON.stringify(event())
    const headers = { 'x-hub-signature-256': `sha256=${hmac('n', text)}` }
    const send = async () => (await edge.post('/webhooks/native', text, headers)).statusCode
    expect([await send(), await send()]).toEqual([200, 409])
  })
})

describe('what is remembered of signed deliveries', () => {
  const taken = { kind: 'taken', deliveryId: 'd', accepted: 1, refusals: [], dropped: 0 } as const
  const take = async () => ({ ...taken, payload: undefined })

  test('is forgotten after the window, and the oldest first where they are too many', async () => {
    const signed = createSignedDeliveries(1_000, 2)
    const kinds: [string, number, string][] = [
      ['a', 0, 'taken'],
      ['a', 1_000, 'refused'],
      ['a', 1_001, 'taken'],
      ['b', 1_002, 'taken'],
      ['c', 1_003, 'taken'],
      ['b', 1_004, 'refused'],
      ['a', 1_005, 'taken'],
    ]
    for (const [id, now, kind] of kinds)
      expect([id, now, (await signed.once(id, now, take)).kind]).toEqual([id, now, kind])
  })

  test('what throws is not remembered', async () => {
    const signed = createSignedDeliveries(1_000, 2)
    const failing = signed.once('a', 0, () => Promise.reject(new Error('disk full')))
    await expect(failing).rejects.toThrow('disk full')
    expect((await signed.once('a', 0, take)).kind).toBe('taken')
  })
})
