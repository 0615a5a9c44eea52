// The weekly report's three forms, each as what it says it is.
import { createHash } from 'node:crypto'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Facts } from '../../domain/ports/facts.ts'
import { openTestFacts } from '../../runtime/adapters/facts-chdb.fixture.ts'
import { migrateFacts } from '../schema.ts'
import { DEFAULT_FACT_SETTINGS } from '../settings.ts'
import { reportRoutes } from './routes.ts'

/** A Wednesday. */
const NOW = Date.UTC(2026, 2, 4, 12)

let facts: Facts
const app = Fastify()

beforeAll(async () => {
  facts = await openTestFacts()
  await migrateFacts(facts, DEFAULT_FACT_SETTINGS)
  await app.register(reportRoutes({ facts, clock: { now: () => NOW } }))
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

  test('lets a browser apply its own style under the policy, and run or fetch nothing', async () => {
    const { headers, body } = await app.inject('/api/v1/reports/week')
    const style = /<style>([^<]*)<\/style>/.exec(body)?.[1] ?? ''
    const digest = createHash('sha256').update(style).digest('base64')
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${digest}'; frame-ancestors 'none'`,
    )
  })

  test('of this week ends now, and says so', async () => {
    const text = (await app.inject('/api/v1/reports/week?week=this&format=markdown')).body
    expect(text).toMatch(/^# Week of 2026-03-02 to 2026-03-0\d \(UTC\), so far/)
  })

  test('in a form that it does not have is refused', async () => {
    expect((await app.inject('/api/v1/reports/week?format=pdf')).statusCode).toBe(400)
  })
})
