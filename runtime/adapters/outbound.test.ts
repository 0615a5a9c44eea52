// What leaves: where connections may go, how long they may take, what each answer means (FAULTS 18, 34).
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { OutboundError } from '../../ticketing/outbound.ts'
import { createLogger } from '../observe/logger.ts'
import { createSend } from './notify-send.ts'
import { createOutboundGuard } from './outbound-guard.ts'
import { createOutboundHttp, retryAfterMs } from './outbound-http.ts'

const clock = { now: () => Date.UTC(2026, 2, 2, 9) }
const logger = createLogger('silent')
let servers: Server[] = []
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  servers = []
})

const serve = async (answer: RequestListener): Promise<{ port: number; asked: () => number }> => {
  let asked = 0
  const server = createServer((request, response) => {
    asked += 1
    answer(request, response)
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, asked: () => asked }
}

/** Names resolve as told: what DNS says is the attacker's choice. */
const names =
  (addresses: Record<string, string[]>): NonNullable<Parameters<typeof createOutboundGuard>[1]> =>
  (host, _options, callback) => {
    const found = addresses[host] ?? []
    callback(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }

const httpWith = (
  allow: string[] = [],
  dns: Record<string, string[]> = {},
  over: { timeoutMs?: number; signal?: AbortSignal } = {},
) =>
  createOutboundHttp({
    guard: createOutboundGuard(allow, names(dns)),
    clock,
    timeoutMs: 2_000,
    ...over,
  })

const post = (url: string) => ({ kind: 'http', url, headers: {}, body: '{}' }) as const
const sendWith = (...args: Parameters<typeof httpWith>) =>
  createSend({ http: httpWith(...args), logger })

describe('FAULTS 18: a target inside is refused at connect', () => {
  test.each([
    ['127.0.0.1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['169.254.169.254', 'linkLocal'],
    ['100.64.0.1', 'carrierGradeNat'],
    ['224.0.0.1', 'multicast'],
    ['0.0.0.0', 'unspecified'],
    ['::1', 'loopback'],
    ['fd00::1', 'uniqueLocal'],
    ['fe80::1', 'linkLocal'],
    ['ff02::1', 'multicast'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:10.0.0.1', 'private'],
    ['64:ff9b::7f00:1', 'rfc6052'],
    ['2002:7f00:1::', '6to4'],
  ])('%s, named or as it is (%s)', async (address, kind) => {
    const http = httpWith([], { 'hook.example': [address] })
    const literal = address.includes(':') ? `[${address}]` : address
    for (const host of ['hook.example', literal])
      await expect(http({ method: 'GET', url: `http://${host}/`, headers: {} })).rejects.toThrow(
        `is ${kind}; see desk.outbound.allow`,
      )
  })

  test.each(['http://2130706433/', 'http://0x7f.1/', 'http://127.1/'])(
    'however it is written: %s',
    async (url) => {
      await expect(httpWith()({ method: 'GET', url, headers: {} })).rejects.toThrow('loopback')
    },
  )

  test('one address inside among public ones is enough', async () => {
    const http = httpWith([], { 'mixed.example': ['93.184.216.34', '10.0.0.1'] })
    await expect(
      http({ method: 'GET', url: 'http://mixed.example/', headers: {} }),
    ).rejects.toThrow('mixed.example is 10.0.0.1, which is private')
  })

  test('a name that changes its mind is judged by the address that is connected to', async () => {
    const { port, asked } = await serve((_request, response) => response.end('ok'))
    const answers = ['127.0.0.1', '127.0.0.2', '10.0.0.1']
    const guard = createOutboundGuard(['127.0.0.1'], (_host, _options, callback) => {
      callback(null, [{ address: answers.shift() ?? '10.0.0.1', family: 4 }])
    })
    const http = createOutboundHttp({ guard, clock, timeoutMs: 2_000 })
    const ask = () => http({ method: 'GET', url: `http://rebind.example:${port}/`, headers: {} })
    expect((await ask()).status).toBe(200)
    await expect(ask()).rejects.toThrow('127.0.0.2')
    // One look-up a request: nothing between the check and the connection asks again.
    expect([answers, asked()]).toEqual([['10.0.0.1'], 1])
  })

  test('a redirect to one is not followed', async () => {
    const inside = await serve((_request, response) => response.end('secret'))
    const outside = await serve((_request, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${inside.port}/` }).end(),
    )
    const result = await sendWith(['127.0.0.1'])(post(`http://127.0.0.1:${outside.port}/`))
    expect(result).toMatchObject({ kind: 'failed', retry: false })
    expect(JSON.stringify(result)).toContain('redirects are not followed')
    expect(inside.asked()).toBe(0)
  })

  test('is a failure of the notification that no retry helps, and says why', async () => {
    expect(await sendWith()(post('http://127.0.0.1:9/hook?token=s3cret'))).toEqual({
      kind: 'failed',
      detail: 'blocked: 127.0.0.1 is loopback; see desk.outbound.allow',
      retry: false,
    })
  })

  test('unless the configuration allows it, and only that', async () => {
    const { port } = await serve((_request, response) => response.end('ok'))
    const dns = { 'hook.example': ['127.0.0.1'] }
    const url = `http://hook.example:${port}/`
    expect(await sendWith(['127.0.0.0/8'], dns)(post(url))).toEqual({ kind: 'sent' })
    expect(await sendWith(['10.0.0.0/8', '::1'], dns)(post(url))).toMatchObject({ retry: false })
  })
})

describe('FAULTS 34: an answer', () => {
  test.each([
    [200, true, undefined],
    [202, true, undefined],
    [301, false, false],
    [400, false, false],
    [404, false, false],
    [410, false, false],
    [408, false, true],
    [429, false, true],
    [500, false, true],
    [503, false, true],
  ])('%d: taken %s, to be tried again %s', async (status, taken, retry) => {
    const { port } = await serve((_request, response) => response.writeHead(status).end())
    const result = await sendWith(['127.0.0.1'])(post(`http://127.0.0.1:${port}/`))
    expect(result.kind).toBe(taken ? 'sent' : 'failed')
    if (result.kind === 'failed') expect(result.retry).toBe(retry)
  })

  test('429 says how long to wait', async () => {
    const { port } = await serve((_request, response) =>
      response.writeHead(429, { 'retry-after': '120' }).end(),
    )
    const result = await sendWith(['127.0.0.1'])(post(`http://127.0.0.1:${port}/`))
    expect(result).toMatchObject({ retry: true, retryAfterMs: 120_000 })
  })

  test.each([
    ['3', 3_000],
    ['Mon, 02 Mar 2026 09:01:00 GMT', 60_000],
    ['Mon, 02 Mar 2026 08:00:00 GMT', 0],
    ['99999999', 86_400_000],
    ['soon', undefined],
    [undefined, undefined],
  ])('Retry-After: %s is %s ms', (header, ms) => {
    expect(retryAfterMs(header, clock.now())).toBe(ms)
  })

  test.each([
    ['never begins', () => {}],
    ['never ends', (_request, response) => response.write('…')],
  ] satisfies [string, RequestListener][])(
    'that %s is a failure after the deadline',
    async (_what, answer) => {
      const { port } = await serve(answer)
      const send = sendWith(['127.0.0.1'], {}, { timeoutMs: 150 })
      expect(await send(post(`http://127.0.0.1:${port}/secret`))).toEqual({
        kind: 'failed',
        detail: `127.0.0.1:${port}: no answer within 150 ms`,
        retry: true,
      })
    },
  )

  test('that would fill the memory is cut off', async () => {
    const { port } = await serve((_request, response) => {
      response.end(Buffer.alloc(5 * 1024 * 1024))
    })
    const url = `http://127.0.0.1:${port}/`
    await expect(httpWith(['127.0.0.1'])({ method: 'GET', url, headers: {} })).rejects.toThrow(
      'too long',
    )
  })

  test('that never comes because nobody listens is tried again', async () => {
    const { port } = await serve(() => {})
    servers.pop()?.close()
    const result = await sendWith(['127.0.0.1'])(post(`http://127.0.0.1:${port}/`))
    expect(result).toMatchObject({ kind: 'failed', retry: true })
  })

  test('is not waited for once the process stops', async () => {
    const stop = new AbortController()
    const { port } = await serve(() => stop.abort())
    const http = httpWith(['127.0.0.1'], {}, { signal: stop.signal })
    const asking = http({ method: 'GET', url: `http://127.0.0.1:${port}/`, headers: {} })
    await expect(asking).rejects.toBeInstanceOf(OutboundError)
  })
})
