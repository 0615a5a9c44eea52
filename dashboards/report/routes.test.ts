// The weekly report's three forms, each as what it says it is.
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Facts } from '../../domain/ports/facts.ts'
import { openTestFacts } from '../../runtime/adapters/facts-chdb.fixture.ts'
import { migrateFacts } from '../schema.ts'
import { DEFAULT_FACT_SETTINGS } from '../settings.ts'
import { reportRoutes } from './routes.ts'

let facts: Facts
const app = Fastify()

beforeAll(async () => {
  facts = await openTestFacts()
  await migrateFacts(facts, DEFAULT_FACT_SETTINGS)
  await app.register(reportRoutes({ facts, clock: { now: () => 1_772_409_600_000 } }))
})
afterAll(async () => {
  await app.close()
  await facts.close()
})

describe('the weekly report', () => {
  test.each([
    ['html', 'text/html', /<!doctype html>/],
    ['markdown', 'text/markdown', /^# /],
    ['json', 'application/json', /"kpi":"incidents"/],
  ])('as %s', async (format, type, content) => {
    const answer = await app.inject(`/api/v1/reports/week?format=${format}`)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toContain(type)
    expect(answer.body).toMatch(content)
  })

  test('in a form that it does not have is refused', async () => {
    expect((await app.inject('/api/v1/reports/week?format=pdf')).statusCode).toBe(400)
  })
})
