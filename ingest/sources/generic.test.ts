// The generic source: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser } from '../testing/fixtures.ts'
import fixture from './generic.fixture.json' with { type: 'json' }

describe('The generic source', () => {
  test('without a mapping everything is refused, with the reason', () => {
    const unmapped = createTestNormaliser({ generic: undefined })
    expect(unmapped('generic', fixture.fire)).toMatchObject({
      refusals: [{ reason: 'mapping-missing' }],
    })
  })

  test('paths reach own fields only', () => {
    const sly = createTestNormaliser({
      generic: { name: 'constructor.name', labels: { a: '__proto__.x' } },
    })
    expect(sly('generic', { x: 1 })).toMatchObject({ refusals: [{ reason: 'name-missing' }] })
  })
})
