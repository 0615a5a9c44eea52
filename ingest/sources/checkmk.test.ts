// Checkmk: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './checkmk.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('Checkmk', () => {
  test('CRIT and the time of the state change are understood', () => {
    expect(only(normalise('checkmk', fixture.fire))).toMatchObject({
      severity: 'critical',
      startsAt: 1_772_452_200_000,
    })
  })
})
