// Integrations at the desk: tokens shown once, rotated with overlap, and dead letters once more.
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import Fastify from 'fastify'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createMemoryLog, type MemoryLog } from '../../domain/testing/memory-log.ts'
import { createIngestDesk } from '../../ingest/ingest-desk.ts'
import { defaultIngestSettings } from '../../ingest/settings.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import { integrationRoutes } from '../api/integrations.ts'
import { createCommandGate } from '../commands/gate.ts'
import { createDesk, type Desk } from '../desk.ts'
import type { DeskDatabase } from '../store/database.ts'
import { dumpDesk, emptyDesk } from '../testing/empty.ts'
import { from, START } from '../testing/records.ts'
import { createIntegrationDesk } from './queries.ts'

let database: DeskDatabase
let desk: Desk
let log: MemoryLog
let app: FastifyInstance
let now = START

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
afterEach(() => app.close())
beforeEach(async () => {
  await emptyDesk(database)
  now = START
  log = createMemoryLog()
  desk = createDesk({ database })
  const clock = { now: () => now }
  const commands: unknown[] = []
  const gate = createCommandGate({
    append: async (command) => {
      const offset = commands.push(command) - 1
      await desk.apply({ topic: 'commands', partition: 0, next: offset + 1 }, from(offset, command))
    },
    result: desk.result,
    after: () => () => {},
  })
  desk.onApplied(gate.applied)
  let ids = 0
  app = Fastify()
  app.decorateRequest('actor', 'ada')
  await app.register(
    integrationRoutes({
      desk,
      submit: gate.submit,
      clock,
      newId: () => `id-${++ids}`,
      after: () => () => {},
      ingest: createIngestDesk({ log, clock, settings: defaultIngestSettings }),
      newIngestToken: () => ({ text: `token-${++ids}`, sha256: sha256(`token-${ids}`) }),
    }),
  )
})

const call = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) => {
  const answer = await app.inject({
    method,
    url: `/api/v1/${url}`,
    ...(payload === undefined ? {} : { payload }),
  })
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() }
}
const make = async (more: object = {}) =>
  (await call('POST', 'integrations', { name: 'shop', ...more })).body
const keys = () => createIntegrationDesk(database.sql).ingestKeys(now)
const events = () =>
  log.records('events').flatMap((record) => (record.kind === 'events' ? record.events : []))

describe('an integration', () => {
  test('shows its token once: the store, the audit log and every view have a hash at most', async () => {
    const { id, token } = await make()
    expect(await keys()).toMatchObject([{ sha256: sha256(token), integration: { id } }])
    const shown = await call('GET', `integrations/${id}`)
    expect(shown.body.tokens).toEqual([
      { mark: sha256(token).slice(-8), createdAt: new Date(START).toISOString() },
    ])
    const everything = JSON.stringify([await dumpDesk(database), shown.body])
    expect(everything).not.toContain(token)
    expect(JSON.stringify(shown.body)).not.toContain(sha256(token))
  })

  test('rotated has two tokens for the overlap, and one after it', async () => {
    const { id, token: old } = await make()
    const { token } = (await call('POST', `integrations/${id}/rotate`, { overlapMinutes: 5 })).body
    expect((await keys()).map((key) => key.sha256)).toEqual([sha256(token), sha256(old)])
    now = START + 5 * 60_000
    expect((await keys()).map((key) => key.sha256)).toEqual([sha256(token)])
  })

  test('rotated without overlap has only the new token', async () => {
    const { id } = await make()
    const { token } = (await call('POST', `integrations/${id}/rotate`, { overlapMinutes: 0 })).body
    expect((await keys()).map((key) => key.sha256)).toEqual([sha256(token)])
  })

  test('disabled or deleted lets nobody in', async () => {
    const { id } = await make()
    expect((await call('PATCH', `integrations/${id}`, { disabled: true })).status).toBe(200)
    expect(await keys()).toEqual([])
    await call('PATCH', `integrations/${id}`, { disabled: false })
    expect(await keys()).toHaveLength(1)
    expect((await call('DELETE', `integrations/${id}`)).status).toBe(204)
    expect(await keys()).toEqual([])
    expect((await call('DELETE', `integrations/${id}`)).status).toBe(404)
  })

  test('takes its limits and mapping, and gives them to the edge', async () => {
    const mapping = { name: 'check', labels: { host: 'where' } }
    const { id } = await make({ source: 'generic', mapping, deliveriesPerMinuteMax: 7 })
    await call('PATCH', `integrations/${id}`, { source: null, newFingerprintsPerMinuteMax: 9 })
    const [key] = await keys()
    expect(key!.integration).toEqual({
      id,
      name: 'shop',
      mapping,
      deliveriesPerMinuteMax: 7,
      newFingerprintsPerMinuteMax: 9,
    })
  })

  test.each([
    ['a mapping that cannot be used', { mapping: { name: 'a[', labels: {} } }, 'mapping-invalid'],
    ['the name of another', {}, 'invalid'],
  ])('with %s is refused', async (_what, more, reason) => {
    await make()
    const answer = await call('POST', 'integrations', { name: 'shop', ...more })
    expect(answer).toMatchObject({ status: 422, body: { reason } })
  })

  test('tried out sends a mild event that is over by itself', async () => {
    const { id } = await make()
    const answer = await call('POST', `integrations/${id}/test`)
    expect(answer.body).toMatchObject({ status: 200, accepted: 1, integration: id })
    expect(events()).toMatchObject([{ severity: 'info', endsAt: START + 60_000 }])
  })
})

describe('a dry run', () => {
  test('says what would come of a body, and keeps nothing', async () => {
    const mapping = { items: 'list', name: 'check', labels: { host: 'where' } }
    const body = { list: [{ check: 'Disk', where: 'db-1' }, { where: 'db-2' }] }
    const answer = await call('POST', 'integrations/dry-run', { mapping, body })
    expect(answer.body).toMatchObject({
      events: [{ name: 'Disk', labels: { host: 'db-1' } }],
      refused: [{ index: 1, reason: 'name-missing' }],
    })
    expect([log.records('events'), log.records('dead-letters')]).toEqual([[], []])
  })

  test('says what is wrong with a mapping or a body', async () => {
    const wrong = { mapping: { name: '$', labels: {} }, body: {} }
    expect((await call('POST', 'integrations/dry-run', wrong)).body.detail).toMatch(/^name: \$ /)
    const text = { source: 'native', body: '{"name":' }
    expect((await call('POST', 'integrations/dry-run', text)).body.refused).toMatchObject([
      { reason: 'not-json' },
    ])
  })
})

describe('deliveries', () => {
  test('of several processes are one list, newest first, each failure once', async () => {
    const ring = (at: number, status: number) => {
      const report = { at, source: 's', status, bytes: 1, accepted: 0, refused: 1, reason: 'x' }
      return { key: 'int-1', recent: [report], failed: status === 200 ? [] : [report] }
    }
    const edge = createIntegrationDesk(database.sql)
    await edge.keepRings('one', START, [ring(START, 422)])
    await edge.keepRings('two', START, [ring(START + 1, 200)])
    await edge.keepRings('one', START, [ring(START + 2, 401)])
    const statuses = async (query: string) =>
      (await call('GET', query)).body.items.map(({ status }: { status: number }) => status)
    expect(await statuses('integrations/int-1/deliveries')).toEqual([401, 200])
    expect(await statuses('deliveries?failed=true')).toEqual([401])
    expect(await statuses('deliveries?source=s')).toEqual([])
  })

  test('of a process that is long gone are forgotten', async () => {
    const edge = createIntegrationDesk(database.sql)
    const ring = { key: 'source:s', recent: [], failed: [] }
    await edge.keepRings('gone', START, [ring])
    await edge.keepRings('here', START + 8 * 86_400_000, [ring])
    const { delivery_rings: rows } = await dumpDesk(database)
    expect(rows).toHaveLength(1)
  })
})

describe('a dead letter', () => {
  const letter = (more: object) => ({
    id: 'l1',
    at: START,
    source: 'alertmanager',
    reason: 'labels-missing',
    detail: 'd',
    payload: JSON.stringify({ status: 'firing', labels: { alertname: 'X' } }),
    ...more,
  })
  const put = (more: object) =>
    desk.apply({ topic: 'dead-letters', partition: 0, next: 1 }, from(0, letter(more)))
  const replay = (body: object = {}) => call('POST', 'dead-letters/l1/replay', body)

  test.each([
    ['one of a list', { place: '', payload: '{"labels":{"alertname":"X"}}' }],
    ['one of a field', { place: 'alerts' }],
    ['a whole delivery', { payload: '[{"labels":{"alertname":"X"}}]' }],
  ])('that was %s is offered again as its tool would send it', async (_what, more) => {
    await put(more)
    expect((await replay()).body).toMatchObject({ status: 200, accepted: 1 })
    expect(events()).toMatchObject([{ name: 'X' }])
    const { items } = (await desk.queries.listDeadLetters({}, 10)) as { items: object[] }
    expect(items).toMatchObject([{ replayable: true, replayed: { actor: 'ada', accepted: 1 } }])
  })

  test('may be read by another mapping', async () => {
    await put({ source: 'generic', payload: '{"check":"Disk","where":"db-1"}' })
    const mapping = { name: 'check', labels: { host: 'where' } }
    expect((await replay({ mapping })).body).toMatchObject({ source: 'generic', accepted: 1 })
    expect(events()).toMatchObject([{ name: 'Disk', labels: { host: 'db-1' } }])
  })

  test('that is refused again says why, and breeds no further letter', async () => {
    await put({ place: 'alerts', payload: '{}' })
    expect((await replay()).body).toMatchObject({ status: 422, reason: 'labels-missing' })
    expect(log.records('dead-letters')).toEqual([])
  })

  test.each([
    ['cut', { cut: true }],
    ['a record of the log', { position: { topic: 'events', partition: 0, offset: 1 } }],
  ])('that is %s cannot be offered again', async (_what, more) => {
    await put(more)
    expect(await replay()).toMatchObject({ status: 422, body: { reason: 'not-replayable' } })
  })

  test('that is not there is 404', async () => {
    expect((await replay()).status).toBe(404)
  })
})
