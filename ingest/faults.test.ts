// The bad inputs that the edge must stand, one test a rule, numbered as in the list of faults.
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { hash64 } from '../domain/hash.ts'
import { createTestEdge, NOW } from './testing/edge.ts'

const alert = (labels: Record<string, unknown>, more: object = {}) => ({
  labels: { alertname: 'DiskFull', severity: 'warning', ...labels },
  startsAt: new Date(NOW - 60_000).toISOString(),
  ...more,
})
const event = (more: object = {}) => ({
  name: 'DiskFull',
  severity: 'warning',
  labels: { host: 'db-1' },
  ...more,
})
const EVENTS = '/api/v1/events'
const ALERTS = '/api/v2/alerts'

describe('fault 1: truncated JSON', () => {
  test('is answered with 400 and its byte offset; nothing is taken', async () => {
    const edge = createTestEdge()
    const whole = JSON.stringify([event({ summary: 'größer' })])
    const cut = Buffer.from(whole).subarray(0, -3)
    const response = await edge.post(EVENTS, cut)
    expect(response.statusCode).toBe(400)
    expect(response.headers['content-type']).toContain('application/problem+json')
    expect(response.json()).toMatchObject({ reason: 'not-json', offset: cut.length })
    expect(edge.events()).toEqual([])
    expect(edge.log.records('dead-letters')).toMatchObject([{ reason: 'not-json' }])
    expect(edge.refused).toEqual(['native not-json'])
  })

  test('names the place of a fault in the middle in bytes, not characters', async () => {
    const edge = createTestEdge()
    const response = await edge.post(EVENTS, '{"name":"ü", oops}')
    expect(response.json()).toMatchObject({ offset: Buffer.byteLength('{"name":"ü", ') })
  })
})

describe('fault 2: one bad alert among a thousand', () => {
  test('is listed and the other 999 are taken; the same call again has the same ids', async () => {
    const edge = createTestEdge()
    const events = Array.from({ length: 1_000 }, (_, i) => event({ labels: { host: `web-${i}` } }))
    events[417] = event({ labels: { host: { deep: 1 } } })
    const first = await edge.post(EVENTS, events)
    expect(first.statusCode).toBe(207)
    expect(first.json()).toMatchObject({
      accepted: 999,
      refusedCount: 1,
      refused: [{ index: 417, reason: 'label-not-text', detail: 'host' }],
    })
    const ids = edge.events().map(({ id }) => id)
    expect(new Set(ids).size).toBe(999)
    const again = await edge.post(EVENTS, events)
    expect(again.json()).toEqual(first.json())
    expect(
      edge
        .events()
        .slice(999)
        .map(({ id }) => id),
    ).toEqual(ids)
  })

  test('earns an Alertmanager client the 400, though the others are stored', async () => {
    const edge = createTestEdge()
    const response = await edge.post(ALERTS, [alert({}), { labels: {} }, alert({ host: 'b' })])
    expect(response.statusCode).toBe(400)
    expect(response.json()).toMatchObject({ accepted: 2, refused: [{ index: 1 }] })
    expect(edge.events()).toHaveLength(2)
  })
})

describe('fault 3: __proto__, constructor and toString as label names', () => {
  test('are labels like any other, and touch no prototype', async () => {
    const edge = createTestEdge()
    const body = `[{"name":"X","labels":{"__proto__":"p","constructor":"c","toString":"t","host":"a"}},
      {"name":"X","labels":{"__proto__":"q","constructor":"c","toString":"t","host":"a"}},
      {"name":"X","labels":{"host":"a"}}]`
    const response = await edge.post(EVENTS, body)
    expect(response.statusCode).toBe(200)
    const [first, second, neighbour] = edge.events()
    expect(Object.entries(first!.labels)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
      ['toString', 't'],
      ['host', 'a'],
    ])
    expect(new Set([first, second, neighbour].map((e) => e!.fingerprint)).size).toBe(3)
    expect(({} as Record<string, unknown>).p).toBeUndefined()
    expect(Object.keys(neighbour!.labels)).toEqual(['host'])
  })

  test('as fields of an event are no fields of it', async () => {
    const edge = createTestEdge()
    const response = await edge.post(EVENTS, '{"__proto__":{"name":"X"},"labels":{"host":"a"}}')
    expect(response.statusCode).toBe(422)
    expect(edge.refused).toEqual(['native name-missing'])
  })
})

describe('fault 4: duplicate keys', () => {
  test('the last wins, and the fingerprint is of the value that won', async () => {
    const edge = createTestEdge()
    await edge.post(EVENTS, '{"name":"X","labels":{"host":"a","host":"b"}}')
    await edge.post(EVENTS, '{"name":"X","labels":{"host":"b"}}')
    const [twice, once] = edge.events()
    expect(twice!.labels).toEqual({ host: 'b' })
    expect(twice!.fingerprint).toBe(once!.fingerprint)
  })
})

describe('fault 5: nesting deeper than 32', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
  test.each([33, 5_000, 1_000_000])(
    '%d levels are refused before they are parsed',
    async (depth) => {
      const edge = createTestEdge()
      const response = await edge.post(EVENTS, nested(depth))
      expect(response.statusCode).toBe(400)
      expect(response.json()).toMatchObject({ reason: 'too-deep', offset: 32 })
      expect(edge.events()).toEqual([])
    },
  )

  test('brackets inside strings are text', async () => {
    const edge = createTestEdge()
    const summary = `say \\"${'[{'.repeat(100)}`
    const response = await edge.post(EVENTS, `{"name":"X","summary":"${summary}"}`)
    expect(response.statusCode).toBe(200)
  })
})

describe('fault 6: a body over the limit', () => {
  test('is answered with 413, also where no length was announced', async () => {
    const edge = createTestEdge({ limits: { bodyBytesMax: 1_000 } })
    const large = JSON.stringify(event({ summary: 'x'.repeat(2_000) }))
    const announced = await edge.post(EVENTS, large)
    expect(announced.statusCode).toBe(413)
    expect(announced.json()).toMatchObject({ reason: 'too-large' })
    await edge.app.listen({ host: '127.0.0.1', port: 0 })
    try {
      const address = edge.app.server.address()
      const port = typeof address === 'object' ? address?.port : 0
      const chunks = new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(500).fill(0x20)),
      })
      const request = { method: 'POST', body: chunks, duplex: 'half' } as RequestInit
      const endless = await fetch(`http://127.0.0.1:${port}${EVENTS}`, request)
      expect(endless.status).toBe(413)
    } finally {
      await edge.app.close()
    }
  })

  test('more alerts than a delivery may have are answered with 413', async () => {
    const edge = createTestEdge({ limits: { alertsPerDeliveryMax: 10 } })
    const response = await edge.post(
      EVENTS,
      Array.from({ length: 11 }, () => event()),
    )
    expect(response.statusCode).toBe(413)
    expect(response.json()).toMatchObject({ reason: 'too-many-alerts' })
    expect(edge.events()).toEqual([])
  })
})

describe('fault 7: gzip', () => {
  test('a gzip body is taken', async () => {
    const edge = createTestEdge()
    const body = gzipSync(JSON.stringify(event()))
    const response = await edge.post(EVENTS, body, { 'content-encoding': 'gzip' })
    expect(response.statusCode).toBe(200)
    expect(edge.events()).toHaveLength(1)
  })

  /** Says that it is small, as only the last four bytes do. */
  const lying = (bomb: Buffer): Buffer => {
    const copy = Buffer.from(bomb)
    copy.writeUInt32LE(10, copy.length - 4)
    return copy
  }
  const zeros = gzipSync(Buffer.alloc(100 * 1024 * 1024, 0x20))
  /** 50 times smaller than what it holds, so that no ratio gives it away. */
  const dense = gzipSync(
    Buffer.concat(
      Array.from({ length: 200_000 }, (_, i) =>
        Buffer.from(
          `{"name":"DiskFull","labels":{"host":"db-${hash64(`${i}`)}"},${' '.repeat(400)}}`,
        ),
      ),
    ),
  )

  test.each([
    ['of zeros that admits its size', zeros],
    ['of zeros that lies about it', lying(zeros)],
    ['dense enough to pass for text', lying(dense)],
  ])('a bomb %s is refused with 413, for under 10 ms of CPU', async (_what, body) => {
    const edge = createTestEdge()
    await edge.app.ready()
    const costs: number[] = []
    for (let i = 0; i < 10; i++) {
      const before = process.cpuUsage()
      const response = await edge.post(EVENTS, body, { 'content-encoding': 'gzip' })
      const { user, system } = process.cpuUsage(before)
      costs.push((user + system) / 1_000)
      expect(response.statusCode).toBe(413)
      expect(response.json()).toMatchObject({ reason: 'too-large' })
    }
    // The least of several: what else the process did at that moment does not count.
    expect(Math.min(...costs)).toBeLessThan(10)
    expect(edge.events()).toEqual([])
  })

  test('what is many times its compressed size is no bomb while it is small', async () => {
    const edge = createTestEdge()
    const summary = ' '.repeat(500_000)
    const body = gzipSync(JSON.stringify(event({ summary })))
    expect(body.length * 100).toBeLessThan(summary.length)
    const response = await edge.post(EVENTS, body, { 'content-encoding': 'gzip' })
    expect(response.statusCode).toBe(200)
  })

  test('broken gzip is 400 and an unknown encoding 415', async () => {
    const edge = createTestEdge()
    const broken = await edge.post(EVENTS, 'plain', { 'content-encoding': 'gzip' })
    expect(broken.json()).toMatchObject({ status: 400, reason: 'encoding-broken' })
    const unknown = await edge.post(EVENTS, 'plain', { 'content-encoding': 'br' })
    expect(unknown.json()).toMatchObject({ status: 415, reason: 'encoding-unsupported' })
  })
})

describe('fault 8: labels beyond their limits', () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`l${i}`, 'v']))
  test.each([
    ['10,000 labels', { labels: many }, 'labels-too-many'],
    ['a value of 1 MiB', { labels: { a: 'x'.repeat(1024 * 1024) } }, 'label-value-too-long'],
    ['a value of 1,025 bytes', { labels: { a: 'ü'.repeat(513) } }, 'label-value-too-long'],
    ['a name of 129 bytes', { labels: { [`a${'ü'.repeat(64)}`]: '1' } }, 'label-name-too-long'],
    ['an empty label name', { labels: { '': '1' } }, 'label-name-empty'],
    ['an empty name', { name: ' ' }, 'name-missing'],
    ['labels that are a list', { labels: ['a'] }, 'field-invalid'],
    ['no labels for Alertmanager', undefined, 'labels-missing'],
  ])('%s: refused with its reason', async (_what, fields, reason) => {
    const edge = createTestEdge()
    const response =
      fields === undefined
        ? await edge.post('/webhooks/alertmanager', { alerts: [{ status: 'firing', labels: {} }] })
        : await edge.post(EVENTS, event(fields))
    expect(response.statusCode).toBe(422)
    expect(response.json()).toMatchObject({ reason, refused: [{ index: 0, reason }] })
    expect(edge.log.records('dead-letters')).toMatchObject([{ reason, index: 0 }])
  })

  test('exactly at the limits they are taken', async () => {
    const edge = createTestEdge()
    const labels = Object.fromEntries(
      Array.from({ length: 64 }, (_, i) => [String(i).padStart(128, 'n'), 'v'.repeat(1_024)]),
    )
    expect((await edge.post(EVENTS, event({ labels }))).statusCode).toBe(200)
    expect(Object.keys(edge.events()[0]!.labels)).toHaveLength(64)
  })
})

describe('fault 9: label values that differ only by Unicode form, case or outer space', () => {
  const values = ['caf\u00e9', 'cafe\u0301', 'CAF\u00c9', 'caf\u00e9 ']
  const fingerprints = async (foldLabelText: boolean) => {
    const edge = createTestEdge({ foldLabelText })
    for (const host of values) await edge.post(EVENTS, event({ labels: { host } }))
    expect(edge.events().map(({ labels }) => labels.host)).toEqual(values)
    return new Set(edge.events().map(({ fingerprint }) => fingerprint)).size
  }
  test('are distinct by default', async () => expect(await fingerprints(false)).toBe(4))
  test('are one with foldLabelText', async () => expect(await fingerprints(true)).toBe(1))
})

describe('fault 10: odd text', () => {
  test('invalid UTF-8 is answered with 400', async () => {
    const edge = createTestEdge()
    const bytes = Buffer.from('{"name":"X?"}')
    bytes[10] = 0xff
    const response = await edge.post(EVENTS, bytes)
    expect(response.json()).toMatchObject({ status: 400, reason: 'not-utf8' })
  })

  test('lone surrogates, NUL and bidi marks are kept and never collide', async () => {
    const edge = createTestEdge()
    const texts = ['\\ud800', '\\udc00', '\\ufffd', '\\u0000', '\\u202e', '']
    for (const text of texts)
      await edge.post(EVENTS, `{"name":"X","labels":{"host":"a${text}b","site":"1"}}`)
    const kept = edge.events()
    expect(kept.map(({ labels }) => labels.host)).toEqual(
      texts.map((text) => JSON.parse(`"a${text}b"`)),
    )
    expect(new Set(kept.map(({ fingerprint }) => fingerprint)).size).toBe(texts.length)
  })

  test('a NUL does not let a name run into its value', async () => {
    const edge = createTestEdge()
    await edge.post(EVENTS, '{"name":"X","labels":{"a\\u0000b":"c"}}')
    await edge.post(EVENTS, '{"name":"X","labels":{"a":"b\\u0000c"}}')
    const [first, second] = edge.events()
    expect(first!.fingerprint).not.toBe(second!.fingerprint)
  })
})

describe('fault 11: impossible times', () => {
  const at = (text: string) => Date.parse(text)
  test.each([
    ['in 2099', '2099-01-01T00:00:00Z', NOW, ['start-clamped']],
    ['in year 1', '0001-01-01T00:00:00Z', NOW, ['start-missing']],
    ['in 1970', '1970-01-02T00:00:00Z', NOW, ['start-clamped']],
    ['on 30 February', '2026-02-30T00:00:00Z', NOW, ['start-clamped']],
    ['no time at all', 'yesterday', NOW, ['start-clamped']],
    ['inside the skew bound', '2026-03-02T12:04:59Z', at('2026-03-02T12:04:59Z'), undefined],
    ['beyond the skew bound', '2026-03-02T12:05:01Z', NOW, ['start-clamped']],
  ])('a start %s', async (_what, startsAt, expected, flags) => {
    const edge = createTestEdge()
    const body = { alerts: [{ status: 'firing', ...alert({}), startsAt }] }
    expect((await edge.post('/webhooks/alertmanager', body)).statusCode).toBe(200)
    expect(edge.events()[0]!.startsAt).toBe(expected)
    expect(edge.events()[0]!.flags).toEqual(flags)
  })

  test.each([
    ['30 February decides nothing', '2026-02-30T00:00:00Z'],
    ['an end before the start', '2026-03-01T00:00:00Z'],
  ])('%s, so the Alertmanager API refuses it', async (_what, endsAt) => {
    const edge = createTestEdge()
    const response = await edge.post(ALERTS, [alert({}, { endsAt })])
    expect(response.json()).toMatchObject({ status: 400, reason: 'time-invalid' })
  })

  test('an end before the start is clamped where the tool says that it is resolved', async () => {
    const edge = createTestEdge()
    const ended = { status: 'resolved', ...alert({}), endsAt: '2026-03-01T00:00:00Z' }
    await edge.post('/webhooks/alertmanager', { alerts: [ended] })
    expect(edge.events()).toMatchObject([{ endsAt: NOW, flags: ['end-clamped'] }])
  })

  test.each([NOW / 1e3, NOW, NOW * 1e3, `${NOW}000000`, NOW / 1e3 + 0.5])(
    'the epoch %s is read in its own unit',
    async (startsAt) => {
      const edge = createTestEdge()
      await edge.post(EVENTS, event({ startsAt }))
      expect(Math.floor(edge.events()[0]!.startsAt / 1e3)).toBe(NOW / 1e3)
    },
  )
})

describe('fault 12: a sender’s clock', () => {
  test.each([
    ['10 minutes fast', 600_000, NOW],
    ['10 minutes slow', -600_000, NOW - 600_000],
  ])(
    '%s never starts an event after its receipt plus the skew bound',
    async (_w, off, expected) => {
      const edge = createTestEdge()
      await edge.post(EVENTS, event({ startsAt: NOW + off }))
      expect(edge.events()[0]!.startsAt).toBe(expected)
      const [batch] = edge.log.records('events')
      expect(batch).toMatchObject({ receivedAt: NOW })
    },
  )
})

describe('faults 13 and 14: our clock, and the order of arrival', () => {
  test('the edge keeps no state, so neither a jump of the clock nor the order changes an event', async () => {
    const fire = { ...event({ startsAt: NOW - 5_000 }), status: 'firing' }
    const resolve = { ...event({ startsAt: NOW - 5_000, endsAt: NOW - 1_000 }), status: 'resolved' }
    const [there, back] = [createTestEdge(), createTestEdge()]
    for (const body of [fire, resolve]) await there.post(EVENTS, body)
    for (const body of [resolve, fire]) await back.post(EVENTS, body)
    expect(back.events().reverse()).toEqual(there.events())
    expect(new Set(there.events().map(({ fingerprint }) => fingerprint)).size).toBe(1)
  })
})
