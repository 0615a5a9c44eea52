// What an integration may send, how often, and what beyond it: limits with a behaviour each.
import { describe, expect, test } from 'vitest'
import type { DeliveryReport, Integration } from '../domain/integration.ts'
import { createDeliveryRings } from './delivery-rings.ts'
import { createIntake } from './intake.ts'
import { createDeliveryRates } from './rates.ts'
import { createTestEdge, NOW } from './testing/edge.ts'

const integration = (more: Partial<Integration> = {}): Integration => ({
  id: 'int-1',
  name: 'shop',
  deliveriesPerMinuteMax: 2,
  newFingerprintsPerMinuteMax: 1_000,
  ...more,
})
const body = (value: unknown) => Buffer.from(JSON.stringify(value))
const event = (host: string) => ({ name: 'DiskFull', labels: { host } })

const intakeOf = () => {
  const edge = createTestEdge()
  const reports: [string, DeliveryReport][] = []
  const intake = createIntake({
    log: edge.log,
    clock: { now: () => NOW },
    settings: edge.intake.settings,
    report: (sender, report) => reports.push([sender, report]),
  })
  const take = (source: string, value: unknown, of: Integration | undefined, receivedAt = NOW) => {
    const key = of === undefined ? undefined : { sha256: '', name: of.name, integration: of }
    return intake.take({ source, body: body(value), key, receivedAt })
  }
  return { ...edge, take, reports }
}

describe('an integration', () => {
  test('that delivers too often is told to wait, and is let in again as its minute fills', async () => {
    const { take } = intakeOf()
    const send = (receivedAt: number) => take('native', event('a'), integration(), receivedAt)
    expect([(await send(NOW)).kind, (await send(NOW)).kind]).toEqual(['taken', 'taken'])
    expect(await send(NOW)).toMatchObject({
      status: 429,
      reason: 'rate-limited',
      retryAfterSeconds: 30,
    })
    expect((await send(NOW + 30_000)).kind).toBe('taken')
    expect((await send(NOW + 30_001)).kind).toBe('refused')
  })

  test.each(['alertmanager', 'grafana'])(
    'is answered with 503 where its sender gives up on 429 (%s)',
    async (source) => {
      const { take } = intakeOf()
      const one = integration({ deliveriesPerMinuteMax: 1 })
      await take(source, [{ labels: { alertname: 'X' } }], one)
      expect(await take(source, [], one)).toMatchObject({ status: 503, reason: 'rate-limited' })
    },
  )

  test('does not slow down another one, nor whoever needs no key', async () => {
    const { take } = intakeOf()
    const one = integration({ deliveriesPerMinuteMax: 1 })
    await take('native', event('a'), one)
    expect((await take('native', event('a'), one)).kind).toBe('refused')
    expect((await take('native', event('a'), integration({ id: 'int-2' }))).kind).toBe('taken')
    expect((await take('native', event('a'), undefined)).kind).toBe('taken')
  })

  test('of one source may send as no other', async () => {
    const { take } = intakeOf()
    const one = integration({ source: 'zabbix' })
    expect(await take('native', event('a'), one)).toMatchObject({
      status: 403,
      reason: 'source-not-allowed',
    })
  })

  test('fault 23: beyond its own budget of new fingerprints folds by name, others keep theirs', async () => {
    const { take, events } = intakeOf()
    const hosts = Array.from({ length: 10 }, (_, i) => event(`h${i}`))
    await take('native', hosts, integration({ newFingerprintsPerMinuteMax: 3 }))
    await take('native', hosts, integration({ id: 'int-2' }))
    const flagged = events().map(({ flags = [] }) => flags.includes('budget-coarsened'))
    expect(flagged.filter(Boolean)).toHaveLength(7)
    expect(flagged.slice(10)).toEqual(Array(10).fill(false))
  })

  test('with a mapping has any JSON read by it', async () => {
    const { take, events } = intakeOf()
    const mapping = { name: 'check', labels: { host: 'where' } }
    await take('generic', { check: 'Disk', where: 'db-1' }, integration({ mapping }))
    expect(events()).toMatchObject([{ name: 'Disk', labels: { host: 'db-1' } }])
  })

  test('with a mapping that can no longer be used is told so', async () => {
    const { take } = intakeOf()
    const mapping = { name: 'a[', labels: {} }
    expect(await take('generic', {}, integration({ mapping }))).toMatchObject({
      status: 422,
      reason: 'mapping-invalid',
    })
  })

  test('whose key stands in the body is known, limited and reported as by a header', async () => {
    const { take: _, reports, ...edge } = intakeOf()
    const one = integration({ source: 'pagerduty' })
    const intake = createIntake({
      log: edge.log,
      clock: { now: () => NOW },
      settings: edge.intake.settings,
      report: (sender, report) => reports.push([sender, report]),
    })
    const key = { sha256: '', name: one.name, integration: one }
    const send = (source: string) =>
      intake.take({
        source,
        body: body({ event_action: 'acknowledge' }),
        keyInside: () => ({ kind: 'admitted', key }),
      })
    expect((await send('pagerduty')).kind).toBe('taken')
    expect(await send('native')).toMatchObject({ status: 403 })
    expect(reports.map(([sender]) => sender)).toEqual(['int-1', 'int-1'])
  })
})

test('fault 6: who has shown no key yet gets no large body parsed', async () => {
  const { intake, log } = createTestEdge()
  const large = body({ routing_key: 'x', padding: 'x'.repeat(600_000) })
  let asked = 0
  const keyInside = () => {
    asked += 1
    return undefined
  }
  const result = await intake.take({ source: 'pagerduty', body: large, keyInside })
  expect([result, asked, log.records('dead-letters')]).toMatchObject([{ status: 413 }, 0, []])
})

describe('what became of deliveries', () => {
  test('is told of each, with the reason why it failed', async () => {
    const { take, reports } = intakeOf()
    await take('native', [event('a'), {}], integration())
    await take('native', [{}], undefined)
    await take('nagios-xi', {}, undefined)
    expect(reports).toMatchObject([
      ['int-1', { status: 207, accepted: 1, refused: 1, reason: 'name-missing' }],
      ['source:native', { status: 422, accepted: 0, refused: 1, reason: 'name-missing' }],
      ['source:unknown', { status: 404, reason: 'source-unknown' }],
    ])
  })

  test('is kept for the newest, and failures longer; only what changed is handed on', () => {
    const rings = createDeliveryRings(2)
    const report = (at: number, status = 200) =>
      rings.note('int-1', {
        at,
        source: 's',
        status,
        bytes: 1,
        accepted: 1,
        refused: 0,
        detail: 'x'.repeat(400),
      })
    report(0, 422)
    for (let at = 1; at <= 30; at++) report(at)
    const [ring] = rings.drain()
    expect(ring!.recent).toHaveLength(25)
    expect(ring!.recent.at(-1)).toMatchObject({ at: 30 })
    expect(ring!.failed).toMatchObject([{ at: 0, status: 422 }])
    expect(ring!.failed[0]!.detail).toHaveLength(300)
    expect(rings.drain()).toEqual([])
  })

  test('of ever new senders is bounded: the first is forgotten', () => {
    const rings = createDeliveryRings(2)
    const report = { at: 0, source: 's', status: 200, bytes: 1, accepted: 1, refused: 0 }
    for (const key of ['a', 'b', 'c']) rings.note(key, report)
    expect(rings.drain().map(({ key }) => key)).toEqual(['b', 'c'])
  })
})

describe('rates', () => {
  test('never fill beyond a minute’s worth, nor run backwards with the clock', () => {
    const rates = createDeliveryRates(10)
    const one = integration({ deliveriesPerMinuteMax: 60 })
    const passed = (now: number) =>
      Array.from({ length: 100 }, () => rates.waitMs(one, now)).filter((wait) => wait === 0).length
    expect(passed(0)).toBe(60)
    expect(passed(3_600_000)).toBe(60)
    expect(passed(0)).toBe(0)
    expect(passed(3_601_000)).toBe(1)
  })
})
