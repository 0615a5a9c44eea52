// Uptime Kuma: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './uptime-kuma.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('Uptime Kuma', () => {
  test('the monitor’s host comes from its URL where it has no host name', () => {
    expect(only(normalise('uptime-kuma', fixture.fire)).labels).toMatchObject({
      host: 'shop.example',
      team: 'web',
    })
  })
})
