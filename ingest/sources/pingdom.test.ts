// Pingdom: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './pingdom.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('Pingdom', () => {
  test('a transaction check that fails is firing', () => {
    const failing = { ...fixture.fire, check_type: 'TRANSACTION', current_state: 'FAILING' }
    expect(only(normalise('pingdom', failing)).status).toBe('firing')
  })
})
