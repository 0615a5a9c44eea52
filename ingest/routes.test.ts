// The edge's routes: each sender is answered in its own words, and only for what is durable.
import { describe, expect, test } from 'vitest'
import { createTestEdge, NOW } from './testing/edge.ts'

const EVENTS = '/api/v1/events'
const event = (host: string) => ({ name: 'DiskFull', severity: 'error', labels: { host } })
const trigger = {
  routing_key: 'R',
  event_action: 'trigger',
  payload: { summary: 'Disk full on db-1', source: 'db-1', severity: 'critical' },
}

describe('2xx means durable', () => {
  test.each([
    [EVENTS, event('a')],
    ['/api/v2/alerts', [{ labels: { alertname: 'X' } }]],
    ['/v2/enqueue', trigger],
    ['/v2/alerts', { message: 'x' }],
    [
      '/v1/logs',
      {
        resourceLogs: [
          { scopeLogs: [{ logRecords: [{ severityNumber: 17, body: { stringValue: 'x' } }] }] },
        ],
      },
    ],
    ['/webhooks/zabbix', { trigger_id: '1', event_value: '1', event_name: 'x', host_name: 'y' }],
    ['/api/v1/changes', { ci: 'a', summary: 'b' }],
  ])('%s answers 503 with Retry-After while the log takes nothing', async (url, body) => {
    const edge = createTestEdge()
    edge.log.unavailable = true
    const refused = await edge.post(url, body)
    expect(refused.statusCode).toBe(503)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(refused.json()).toMatchObject({ reason: 'log-unavailable' })
    edge.log.unavailable = false
    expect((await edge.post(url, body)).statusCode).toBeLessThan(300)
    expect(edge.log.records('events').length).toBeGreaterThan(0)
  })

  test('a refusal that cannot be kept as a dead letter is 503 as well', async () => {
    const edge = createTestEdge()
    edge.log.unavailable = true
    expect((await edge.post(EVENTS, '{')).statusCode).toBe(503)
  })

  test('beyond the bytes that may wait for the log the answer is 503', async () => {
    const edge = createTestEdge({ limits: { waitingBytesMax: 100 } })
    const body = Buffer.from(JSON.stringify(event('a'.repeat(40))))
    const answers = await Promise.all(
      [1, 2, 3].map(() => edge.intake.take({ source: 'native', body })),
    )
    expect(answers.map(({ kind }) => kind)).toEqual(['taken', 'refused', 'refused'])
    expect(answers[1]).toMatchObject({ status: 503, reason: 'overloaded' })
    expect((await edge.post(EVENTS, event('d'))).statusCode).toBe(200)
  })
})

describe('POST /api/v2/alerts', () => {
  const at = (ms: number) => new Date(NOW + ms).toISOString()
  test.each([
    ['in the past resolves', { endsAt: at(-1_000) }, 'resolved', NOW - 1_000],
    ['now resolves', { endsAt: at(0) }, 'resolved', NOW],
    ['in the future is the expiry', { endsAt: at(240_000) }, 'firing', NOW + 240_000],
    ['absent expires after the resolve timeout', {}, 'firing', NOW + 300_000],
    ['of year 1 as well', { endsAt: '0001-01-01T00:00:00Z' }, 'firing', NOW + 300_000],
    ['of year 9999 means never', { endsAt: '9999-12-31T23:59:59Z' }, 'firing', undefined],
  ])('endsAt %s', async (_what, times, status, endsAt) => {
    const edge = createTestEdge()
    const alert = { labels: { alertname: 'X' }, startsAt: at(-60_000), ...times }
    const response = await edge.post('/api/v2/alerts', [alert])
    expect(response.statusCode).toBe(200)
    expect(edge.events()).toMatchObject([{ status, name: 'X' }])
    expect(edge.events()[0]!.endsAt).toBe(endsAt)
  })

  test('HA pairs and both ways in share one fingerprint', async () => {
    const edge = createTestEdge()
    const labels = { alertname: 'X', service: 'shop' }
    await edge.post('/api/v2/alerts', [
      { labels: { ...labels, prometheus_replica: 'a' } },
      { labels: { ...labels, prometheus_replica: 'b' } },
    ])
    const alerts = [{ status: 'firing', labels, startsAt: at(-1_000) }]
    await edge.post('/webhooks/alertmanager', { version: '4', alerts })
    expect(new Set(edge.events().map(({ fingerprint }) => fingerprint)).size).toBe(1)
  })
})

describe('POST /api/v1/events', () => {
  test('takes NDJSON, and lists the line that is no JSON', async () => {
    const edge = createTestEdge()
    const lines = `${JSON.stringify(event('a'))}\n\n{oops\r\n${JSON.stringify(event('b'))}\n`
    const response = await edge.post(EVENTS, lines, { 'content-type': 'application/x-ndjson' })
    expect(response.statusCode).toBe(207)
    expect(response.json()).toMatchObject({
      accepted: 2,
      refused: [{ index: 1, reason: 'not-json' }],
    })
  })

  test('an empty list is taken; an empty body is not JSON', async () => {
    const edge = createTestEdge()
    expect((await edge.post(EVENTS, [])).json()).toMatchObject({ accepted: 0 })
    expect((await edge.post(EVENTS, '')).json()).toMatchObject({ reason: 'not-json', offset: 0 })
  })

  test('integers beyond 2^53 keep every digit', async () => {
    const edge = createTestEdge()
    const ids = ['9007199254740993', '9007199254740992', '-9007199254740993']
    for (const id of ids)
      await edge.post(EVENTS, `{"name":"X","labels":{"order":${id},"f":0.12345678901234567}}`)
    expect(edge.events().map(({ labels }) => labels.order)).toEqual(ids)
    expect(new Set(edge.events().map(({ fingerprint }) => fingerprint)).size).toBe(3)
  })

  test('a batch larger than a record becomes several, each with its own id', async () => {
    const edge = createTestEdge({ limits: { recordBytesMax: 2_000 } })
    const events = Array.from({ length: 50 }, (_, i) => event(`web-${i}`))
    await edge.post(EVENTS, events)
    const records = edge.log.records('events')
    expect(records.length).toBeGreaterThan(2)
    const deliveryIds = records.map((record) => record.kind === 'events' && record.deliveryId)
    expect(new Set(deliveryIds).size).toBe(records.length)
    expect(edge.events().map(({ labels }) => labels.host)).toEqual(
      events.map(({ labels }) => labels.host),
    )
  })
})

describe('scopes', () => {
  const scope = { labels: ['tenant'], bySource: { zabbix: 'acme' }, fallback: 'shared' }
  test('labels name the scope; sources without them go where they are told', async () => {
    const edge = createTestEdge({ scope })
    await edge.post(EVENTS, [
      { name: 'X', labels: { tenant: 'acme' } },
      { name: 'Y', labels: { tenant: 'other' } },
      { name: 'Z' },
    ])
    const zabbix = { trigger_id: '1', event_value: '1', event_name: 'x', host_name: 'y' }
    await edge.post('/webhooks/zabbix', zabbix)
    const scopes = edge.log
      .records('events')
      .map((record) => record.kind === 'events' && `${record.source} ${record.scope}`)
    expect(scopes.sort()).toEqual(['native acme', 'native other', 'native shared', 'zabbix acme'])
  })
})

describe('POST /v2/enqueue', () => {
  test('answers 202 with a dedup key that a resolve can use', async () => {
    const edge = createTestEdge()
    const answer = await edge.post('/v2/enqueue', trigger)
    expect(answer.statusCode).toBe(202)
    const { dedup_key, status, message } = answer.json()
    expect({ status, message }).toEqual({ status: 'success', message: 'Event processed' })
    await edge.post('/v2/enqueue', { routing_key: 'R', event_action: 'resolve', dedup_key })
    const [fire, resolve] = edge.events()
    expect(resolve).toMatchObject({ status: 'resolved', fingerprint: fire!.fingerprint })
  })

  test('an event that PagerDuty would not take is answered with 400', async () => {
    const edge = createTestEdge()
    const answer = await edge.post('/v2/enqueue', { event_action: 'resolve' })
    expect(answer.json()).toMatchObject({ status: 400, reason: 'identity-missing' })
  })
})

describe('Opsgenie’s alert API', () => {
  const alias = 'disk full/db-1'
  test('creates, acknowledges and closes by alias', async () => {
    const edge = createTestEdge()
    const created = await edge.post('/v2/alerts', { message: 'Disk full', alias, priority: 'P1' })
    expect(created.statusCode).toBe(202)
    expect(created.json()).toMatchObject({ result: 'Request will be processed' })
    const path = `/v2/alerts/${encodeURIComponent(alias)}`
    expect((await edge.post(`${path}/acknowledge?identifierType=alias`, {})).statusCode).toBe(202)
    expect((await edge.post(`${path}/close?identifierType=alias`, {})).statusCode).toBe(202)
    const deleted = await edge.app.inject({ method: 'DELETE', url: path })
    expect(deleted.statusCode).toBe(202)
    const [fire, ...ends] = edge.events()
    expect(ends.map(({ status }) => status)).toEqual(['resolved', 'resolved'])
    for (const end of ends) expect(end.fingerprint).toBe(fire!.fingerprint)
  })
})

describe('POST /v1/logs', () => {
  test('counts what it rejects as a partial success', async () => {
    const edge = createTestEdge()
    const logRecords = [
      { severityNumber: 17, body: { stringValue: 'boom' } },
      { severityNumber: 17 },
    ]
    const answer = await edge.post('/v1/logs', { resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ partialSuccess: { rejectedLogRecords: 1 } })
    expect(edge.events()).toHaveLength(1)
  })

  test('garbage in place of protobuf is answered with 400', async () => {
    const edge = createTestEdge()
    const headers = { 'content-type': 'application/x-protobuf' }
    const answer = await edge.post('/v1/logs', Buffer.from([0xff, 0xff, 1]), headers)
    expect(answer.json()).toMatchObject({ status: 400, reason: 'not-protobuf' })
  })
})

describe('POST /webhooks/:source', () => {
  test('an unknown source is 404, and its name does not become a metric', async () => {
    const edge = createTestEdge()
    const answer = await edge.post('/webhooks/nosuchtool', {})
    expect(answer.json()).toMatchObject({ status: 404, reason: 'source-unknown' })
    expect(edge.refused).toEqual(['unknown source-unknown'])
  })

  test.each([
    ['text/plain; charset=UTF-8', '{"name":"X"}'],
    ['application/json', '\ufeff{"name":"X"}'],
    ['', '{"name":"X"}'],
    ['json', '{"name":"X"}'],
    ['application/x-www-form-urlencoded', '{"name":"X"}'],
    ['application/x-www-form-urlencoded', `payload=${encodeURIComponent('{"name":"X"}')}`],
    ['application/x-www-form-urlencoded', 'name=X&summary=a+b'],
  ])('JSON is taken as "%s": %s', async (type, body) => {
    const edge = createTestEdge()
    const answer = await edge.post('/webhooks/native', body, { 'content-type': type })
    expect(answer.statusCode).toBe(200)
    expect(edge.events()).toMatchObject([{ name: 'X' }])
  })

  test('JSON in the query of a GET is taken', async () => {
    const edge = createTestEdge()
    const message = encodeURIComponent(JSON.stringify({ name: 'X' }))
    const url = `/webhooks/native?message=${message}`
    expect((await edge.app.inject({ method: 'GET', url })).statusCode).toBe(200)
    expect(edge.events()).toMatchObject([{ name: 'X' }])
  })

  test('CloudEvents in binary mode carry their attributes in headers', async () => {
    const edge = createTestEdge()
    const headers = {
      'ce-specversion': '1.0',
      'ce-type': 'shop.alert.firing',
      'ce-source': '/monitors',
      'ce-subject': 'orders-db',
      'ce-id': '1',
    }
    await edge.post('/webhooks/cloudevents', { name: 'Lag' }, headers)
    await edge.post('/webhooks/cloudevents', { name: 'Lag' }, { ...headers, 'ce-id': '2' })
    const [first, second] = edge.events()
    expect(first).toMatchObject({ name: 'Lag', labels: { service: 'orders-db' } })
    expect(second!.fingerprint).toBe(first!.fingerprint)
    expect(second!.id).not.toBe(first!.id)
  })
})

describe('POST /api/v1/changes', () => {
  test('a change reaches every partition, since any scope may need it', async () => {
    const edge = createTestEdge()
    const change = { id: 'c-1', ci: 'checkout', type: 'Deployment', summary: 'v42', startedAt: NOW }
    expect((await edge.post('/api/v1/changes', change)).json()).toMatchObject({ accepted: 1 })
    const records = edge.log.records('events')
    expect(records).toHaveLength(4)
    const expected = { ...change, type: 'deployment' }
    for (const record of records)
      expect(record).toEqual({ kind: 'change', at: NOW, change: expected })
  })

  test('the desk is told, by one command however often the same is sent', async () => {
    const edge = createTestEdge()
    const change = { id: 'c-1', ci: 'checkout', type: 'deployment', summary: 'v42', startedAt: NOW }
    for (const _ of [1, 2]) await edge.post('/api/v1/changes', change)
    const commands = edge.log.records('commands')
    expect(commands[0]).toMatchObject({ action: 'change.report', target: 'c-1', body: change })
    expect(new Set(commands.map(({ id }) => id)).size).toBe(1)
  })

  test('what is no change is listed, and its neighbours are taken', async () => {
    const edge = createTestEdge()
    const changes = [
      { ci: 'a', summary: 'b' },
      { ci: 'a' },
      { ci: 'a', summary: 'b', startedAt: '2026-02-30T00:00:00Z' },
    ]
    const answer = await edge.post('/api/v1/changes', changes)
    expect(answer.statusCode).toBe(207)
    expect(answer.json()).toMatchObject({
      accepted: 1,
      refused: [
        { index: 1, reason: 'field-invalid' },
        { index: 2, reason: 'time-invalid' },
      ],
    })
  })

  test('a change without an id keeps the same one when it is sent again', async () => {
    const edge = createTestEdge()
    for (const _ of [1, 2]) await edge.post('/api/v1/changes', { ci: 'a', summary: 'b' })
    const ids = edge.log
      .records('events')
      .map((record) => record.kind === 'change' && record.change.id)
    expect(new Set(ids).size).toBe(1)
  })
})
