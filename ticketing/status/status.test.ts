// What customers see and say, on the desk's own store: the status page and the rating form.
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, isoTime, MINUTE_MS } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import { createCommandGate } from '../commands/gate.ts'
import { notificationSettingsSchema } from '../notifications/settings.ts'
import type { DeskDatabase } from '../store/database.ts'
import { outbox } from '../store/schema.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { emptyDesk } from '../testing/empty.ts'
import { incidentOutput, outputs, START } from '../testing/records.ts'
import { ratingToken } from './rating-link.ts'
import { ratingRoutes } from './rating-routes.ts'
import { statusRoutes, styleRoutes } from './routes.ts'
import { type StatusPageSettings, statusPageSettingsSchema } from './settings.ts'

const KEY = 'a key of enough length'
const notifications = notificationSettingsSchema.parse({
  publicUrl: 'https://faultline.example',
  channels: { ops: { kind: 'webhook', url: 'https://ops.example', secrets: ['whsec_b25l'] } },
  rules: [{ name: 'all', events: ['opened'], channel: 'ops' }],
})

let database: DeskDatabase
let desk: DeskApp
let pages: FastifyInstance
let now: number
beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
afterEach(async () => {
  await pages.close()
  await desk.close()
})

const openPages = async (settings: Partial<StatusPageSettings> = {}) => {
  const clock = { now: () => now }
  const gate = createCommandGate({
    append: desk.append,
    result: desk.desk.result,
    after: () => () => {},
  })
  desk.desk.onApplied(gate.applied)
  let ids = 0
  pages = Fastify()
  await pages.register(styleRoutes)
  await pages.register(
    statusRoutes({ desk: desk.desk, settings: statusPageSettingsSchema.parse(settings), clock }),
  )
  const newId = () => `rating-${++ids}`
  const submit = gate.submit
  await pages.register(ratingRoutes({ desk: desk.desk, submit, clock, newId, key: KEY }))
}

beforeEach(async () => {
  await emptyDesk(database)
  const satisfaction = { key: KEY, validMs: DAY_MS }
  desk = await startDeskApp(database, { settings: { notifications, satisfaction } })
  now = START + MINUTE_MS
  await openPages()
  const payload = {
    cis: [
      { id: 'checkout', kind: 'service', name: 'Checkout <b>&', attributes: {} },
      { id: 'search', kind: 'service', name: 'Search', attributes: {} },
      { id: 'db1', kind: 'database', name: 'db1.internal', attributes: {} },
    ],
    relations: [{ from: 'search', to: 'db1', type: 'depends_on' }],
  }
  const url = '/api/v1/cis/import'
  expect((await desk.app.inject({ method: 'POST', url, payload })).statusCode).toBe(200)
})

const hit = (over = {}) => desk.say(outputs(START, incidentOutput(over)))
const statusOf = async () => {
  now += MINUTE_MS
  const { services } = (await pages.inject('/api/v1/status')).json()
  return Object.fromEntries(
    services.map(({ id, status }: { id: string; status: string }) => [id, status]),
  )
}

describe('the status page', () => {
  test('follows incidents by what they reach, and what is planned', async () => {
    expect(await statusOf()).toEqual({ checkout: 'operational', search: 'operational' })
    await hit()
    await hit({ id: 'i2', cis: ['db1'] })
    expect(await statusOf()).toEqual({ checkout: 'outage', search: 'degraded' })
    await desk.app.inject({ method: 'POST', url: '/api/v1/incidents/i1/resolve', payload: {} })
    await desk.app.inject({ method: 'POST', url: '/api/v1/incidents/i2/resolve', payload: {} })
    const window = {
      title: 'Upgrade',
      cis: ['db1'],
      startsAt: isoTime(START),
      endsAt: isoTime(START + HOUR_MS),
    }
    await desk.app.inject({ method: 'POST', url: '/api/v1/maintenance-windows', payload: window })
    expect(await statusOf()).toEqual({ checkout: 'operational', search: 'maintenance' })
    const search = (await pages.inject('/api/v1/status/search')).json()
    expect(search).toMatchObject({
      past: [{ step: 'resolved' }],
      maintenance: [window].map(({ cis: _, ...shown }) => shown),
    })
  })

  test('does not speak of what is muted', async () => {
    await hit({ muted: true })
    expect(await statusOf()).toMatchObject({ checkout: 'operational' })
  })

  test('shows no title of an incident unless it is told to', async () => {
    await hit({ title: 'db1.internal:5432 refuses' })
    for (const url of ['/api/v1/status', '/status', '/status/checkout'])
      expect((await pages.inject(url)).body).not.toContain('db1.internal')
    await pages.close()
    await openPages({ incidentTitles: true })
    expect((await pages.inject('/status/checkout')).body).toContain('db1.internal:5432 refuses')
  })

  test('is HTML without a script, and what people wrote stays text', async () => {
    await hit({ title: '<script>alert(1)</script>' })
    await pages.close()
    await openPages({ incidentTitles: true, title: 'A & "B"' })
    for (const url of ['/status', '/status/checkout', '/status/nothing']) {
      const answer = await pages.inject(url)
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
      expect(answer.body).not.toMatch(/<script|<b>&|style="|\son\w+=/)
      expect(answer.body).toContain('A &amp; &quot;B&quot;')
      expect(answer.body).toContain('<html lang="en">')
    }
    expect((await pages.inject('/status/nothing')).statusCode).toBe(404)
    const own = (await pages.inject('/status/checkout')).body
    expect(own).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect((await pages.inject('/status.css')).headers['content-type']).toContain('text/css')
  })

  test('looks the same as it did', async () => {
    await hit()
    expect((await pages.inject('/status')).body).toMatchSnapshot()
    expect((await pages.inject('/status/checkout')).body).toMatchSnapshot()
  })

  test('reads the store once, however many look', async () => {
    let reads = 0
    const counting = Fastify()
    const queries = {
      ...desk.desk.queries,
      serviceStates: (...asked: Parameters<typeof desk.desk.queries.serviceStates>) => {
        reads += 1
        return desk.desk.queries.serviceStates(...asked)
      },
    }
    const settings = statusPageSettingsSchema.parse({})
    await counting.register(
      statusRoutes({ desk: { queries }, settings, clock: { now: () => now } }),
    )
    await Promise.all(Array.from({ length: 50 }, () => counting.inject('/status')))
    expect(reads).toBe(1)
    await counting.close()
  })
})

describe('the rating', () => {
  const linkOf = async (): Promise<string> => {
    const sent: string[] = []
    const delivery = desk.desk.createDelivery(async (outgoing) => {
      if (outgoing.kind === 'http') sent.push(outgoing.body)
      return { kind: 'sent' }
    })
    await hit()
    await delivery.run(now)
    const url = '/api/v1/incidents/i1/resolve'
    await desk.app.inject({ method: 'POST', url, payload: {} })
    await delivery.run(now)
    expect(JSON.parse(sent[0]!).data.ratingLink).toBeUndefined()
    return new URL(JSON.parse(sent[1]!).data.ratingLink).pathname
  }
  const rate = (url: string, form: Record<string, string>) =>
    pages.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(form).toString(),
    })
  const facts = async () =>
    (await database.sql.select().from(outbox))
      .map(({ record }) => JSON.parse(record))
      .filter(({ action }) => action === 'rate')
      .map(({ fields, actor }) => [actor, fields.rating])

  test('comes from the link in the resolution, is a fact, and the last one holds', async () => {
    const link = await linkOf()
    const asked = await pages.inject(link)
    expect(asked.statusCode).toBe(200)
    expect(asked.headers['referrer-policy']).toBe('no-referrer')
    expect(asked.body).toMatchSnapshot()
    expect((await rate(link, { rating: '2', comment: ' slow ' })).statusCode).toBe(200)
    expect((await rate(link, { rating: '4', comment: '' })).body).toContain('You gave 4 of 5')
    const { rating } = (await desk.app.inject('/api/v1/incidents/i1')).json()
    expect(rating).toMatchObject({ rating: 4, by: 'customer' })
    expect(rating.comment).toBeUndefined()
    expect(await facts()).toEqual([
      ['customer', 2],
      ['customer', 4],
    ])
  })

  test('is not given by looking at the link, as mail scanners do', async () => {
    const link = await linkOf()
    await pages.inject(link)
    await pages.inject({ method: 'HEAD', url: link })
    expect(await facts()).toEqual([])
  })

  test.each(['0', '6', '2.5', 'five', ''])('of %j is refused', async (rating) => {
    const link = await linkOf()
    expect((await rate(link, { rating })).statusCode).toBe(409)
    expect(await facts()).toEqual([])
  })

  test('by a link of another key, another incident or nobody leads nowhere', async () => {
    const link = await linkOf()
    const [payload, signature] = link.slice('/rate/'.length).split('.')
    const other = Buffer.from(JSON.stringify(['i2', now + DAY_MS])).toString('base64url')
    for (const token of [
      ratingToken('another key of enough length', 'i1', now + DAY_MS),
      ratingToken(KEY, 'i-unknown', now + DAY_MS),
      `${other}.${signature}`,
      `${payload}.`,
      payload!,
      'x',
    ])
      for (const method of ['GET', 'POST'] as const) {
        const answer =
          method === 'GET'
            ? await pages.inject(`/rate/${token}`)
            : await rate(`/rate/${token}`, { rating: '5' })
        expect([token, answer.statusCode]).toEqual([token, 404])
      }
  })

  test('by a link that is too old is no longer taken', async () => {
    const link = await linkOf()
    now += 2 * DAY_MS
    expect((await rate(link, { rating: '5' })).statusCode).toBe(410)
    expect(await facts()).toEqual([])
  })

  test('is taken only so often: the log is not to be filled with second thoughts', async () => {
    const link = await linkOf()
    for (let nth = 1; nth <= 20; nth++)
      expect((await rate(link, { rating: '3' })).statusCode).toBe(200)
    const before = desk.commands.length
    expect((await rate(link, { rating: '1' })).statusCode).toBe(429)
    expect(desk.commands).toHaveLength(before)
    const url = '/api/v1/incidents/i1/rate'
    const again = await desk.app.inject({ method: 'POST', url, payload: { rating: 1 } })
    expect([again.statusCode, again.json().detail]).toEqual([422, 'rated 20 times already'])
  })

  test('of an incident that was opened again waits until it is over', async () => {
    const link = await linkOf()
    const url = '/api/v1/incidents/i1/reopen'
    await desk.app.inject({ method: 'POST', url, payload: {} })
    const answer = await rate(link, { rating: '1' })
    expect([answer.statusCode, answer.body]).toEqual([409, expect.stringContaining('reopened')])
  })
})
