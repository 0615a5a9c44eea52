// The KPI API over HTTP, on the real engine with the known estate.
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Facts } from '../domain/ports/facts.ts'
import { parseTime } from '../domain/range.ts'
import { openTestFacts } from '../runtime/adapters/facts-chdb.fixture.ts'
import { dimensionsOf } from './kpis/query.ts'
import { KPIS } from './kpis/registry.ts'
import type { KpiDetail, KpiList, KpiRows } from './kpis/schemas.ts'
import { kpiRoutes } from './routes.ts'
import { buildEstate, WEEK_END } from './testing/estate.fixture.ts'
import { loadEstate } from './testing/load.fixture.ts'
import { COST_PER_MINUTE } from './testing/oracle.fixture.ts'

let facts: Facts
let app: FastifyInstance
let away = false

beforeAll(async () => {
  facts = await openTestFacts()
  await loadEstate(facts, buildEstate(), { costPerMinute: COST_PER_MINUTE })
  const sometimes: Facts = {
    ...facts,
    query: (sql, parameters) =>
      away ? Promise.reject(new Error('connection refused')) : facts.query(sql, parameters),
  }
  app = fastify()
  await app.register(kpiRoutes({ facts: sometimes, clock: { now: () => WEEK_END } }))
})
afterAll(async () => {
  await app.close()
  await facts.close()
})

const get = async <T>(url: string) => {
  const answer = await app.inject(url)
  return { status: answer.statusCode, type: answer.headers['content-type'], body: answer.json<T>() }
}

describe('GET /api/v1/kpis', () => {
  test('gives every KPI with its meaning and its figure over the last week', async () => {
    const { status, body } = await get<KpiList>('/api/v1/kpis')
    expect(status).toBe(200)
    expect(body.items.map(({ id }) => id)).toEqual(KPIS.map(({ id }) => id))
    const noise = body.items.find(({ id }) => id === 'noise-reduction')
    expect(noise).toMatchObject({
      title: 'Noise reduction',
      formula: '1 - incidents / events',
      population: 'events received and incidents opened in the range',
      unit: 'ratio',
      good: 'up',
      from: '2026-03-02T00:00:00.000Z',
      to: '2026-03-09T00:00:00.000Z',
    })
    expect(noise?.value).toBe(1 - noise!.values.incidents! / noise!.values.events!)
  })

  test('an empty range has no ratio and no mean, rather than a zero', async () => {
    const { body } = await get<KpiList>('/api/v1/kpis?from=2030-01-01&to=2030-01-02')
    const values = Object.fromEntries(body.items.map(({ id, value }) => [id, value]))
    expect(values).toMatchObject({ events: 0, incidents: 0, 'noise-reduction': null, mttr: null })
  })
})

describe('GET /api/v1/kpis/:id', () => {
  test('groups by a dimension, the largest population first', async () => {
    const { body } = await get<KpiDetail>('/api/v1/kpis/mttr?by=priority')
    const groups = body.groups!
    expect(groups.map(({ key }) => key).sort()).toEqual(['P1', 'P2', 'P3', 'P4'])
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(body.count)
    expect(groups.map(({ count }) => count)).toEqual(
      groups.map(({ count }) => count).sort((a, b) => b - a),
    )
    expect(groups[0]!.value).toBe(groups[0]!.values.mean)
  })

  test('groups by day in order of time', async () => {
    const { body } = await get<KpiDetail>(
      '/api/v1/kpis/events?by=day&from=2026-03-03&to=2026-03-05',
    )
    expect(body.groups!.map(({ key }) => key)).toEqual([
      '2026-03-03T00:00:00.000Z',
      '2026-03-04T00:00:00.000Z',
    ])
  })

  test.each(KPIS)('$id is answered by every dimension that it offers', async (kpi) => {
    for (const by of dimensionsOf(kpi))
      expect((await get(`/api/v1/kpis/${kpi.id}?by=${by}`)).status, by).toBe(200)
  })

  test('drills down to the rows beneath, newest first', async () => {
    const { body } = await get<KpiRows>('/api/v1/kpis/incidents/rows?limit=5')
    expect(body.items).toHaveLength(5)
    const opened = body.items.map((row) => String(row.opened_at))
    expect(opened).toEqual([...opened].sort().reverse())
    expect(opened[0]).toMatch(/^2026-03-08T\d\d:\d\d:\d\d\.000Z$/)
  })
})

describe('bad questions', () => {
  test.each([
    ['/api/v1/kpis/nonsense', 404],
    ['/api/v1/kpis/mttr?by=nonsense', 400],
    ["/api/v1/kpis/mttr?by=priority'--", 400],
    ['/api/v1/kpis/mttr?by=constructor', 400],
    ['/api/v1/kpis?from=yesterday', 400],
    ['/api/v1/kpis?to=2026-02-30', 400],
    ['/api/v1/kpis?from=2026-03-02&to=2026-03-01', 400],
    ['/api/v1/kpis?from=1900-01-01&to=2026-03-01', 400],
    ['/api/v1/kpis/nonsense/rows', 404],
    ['/api/v1/kpis/events/rows?limit=9999', 400],
  ])('%s is refused with %d and says what is wrong', async (url, expected) => {
    const { status, type, body } = await get<{ detail: string; status: number }>(url)
    expect(status).toBe(expected)
    expect(type).toContain('application/problem+json')
    expect(body.status).toBe(expected)
    expect(body.detail.length).toBeGreaterThan(10)
  })

  test('while the engine is away the answer is 503, and the reason stays inside', async () => {
    away = true
    const { status, body } = await get('/api/v1/kpis')
    away = false
    expect(status).toBe(503)
    expect(JSON.stringify(body)).not.toContain('connection refused')
  })
})

test.each([
  ['2026-03-01', Date.UTC(2026, 2, 1)],
  ['2026-03-01T10:00Z', Date.UTC(2026, 2, 1, 10)],
  ['2026-03-01T10:00:00.5+02:00', Date.UTC(2026, 2, 1, 8, 0, 0, 500)],
  ['2024-02-29', Date.UTC(2024, 1, 29)],
  ['2026-02-29', undefined],
  ['2026-13-01', undefined],
  ['2026-03-01T25:00Z', undefined],
  ['2026-03-01T10:00', undefined],
  ['1772409600000', undefined],
  ['', undefined],
])('the time %j is read as %j', (text, expected) => {
  expect(parseTime(text)).toBe(expected)
})
