// Grafana: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './grafana.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('Grafana', () => {
  test('a legacy alert is its rule: "ok" has no series to tell it by', () => {
    const fire = only(normalise('grafana', fixture.legacyFire))
    const resolve = only(normalise('grafana', fixture.legacyResolve))
    expect(fire.labels).toMatchObject({ host: 'db-1', team: 'data' })
    expect(resolve.fingerprint).toBe(fire.fingerprint)
  })

  test('no data is a firing alert', () => {
    const noData = { ...fixture.legacyResolve, state: 'no_data' }
    expect(only(normalise('grafana', noData))).toMatchObject({ status: 'firing' })
  })
})
