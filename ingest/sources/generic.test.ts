// The generic source: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './generic.fixture.json' with { type: 'json' }

describe('The generic source', () => {
  test('without a mapping everything is refused, with the reason', () => {
    const unmapped = createTestNormaliser({ generic: undefined })
    expect(unmapped('generic', fixture.fire)).toMatchObject({
      refusals: [{ reason: 'mapping-missing' }],
    })
  })

  test('expressions reach where dotted paths do not', () => {
    const generic = {
      name: "join(': ', [app, check])",
      severity: "tags[?key=='level'].value | [0]",
      summary: 'not_null(message, title)',
      labels: { host: 'hosts[0]."full name"' },
    }
    const normalise = createTestNormaliser({ generic })
    const body = {
      app: 'shop',
      check: 'disk',
      title: 'disk is full',
      tags: [{ key: 'level', value: 'critical' }],
      hosts: [{ 'full name': 'db-1' }],
    }
    expect(only(normalise('generic', body))).toMatchObject({
      name: 'shop: disk',
      severity: 'critical',
      summary: 'disk is full',
      labels: { host: 'db-1' },
    })
  })

  test('a mapping of the configuration that cannot be used is said at the start', () => {
    const generic = { name: 'constructor.name', labels: { a: 'b[' } }
    expect(() => createTestNormaliser({ generic })).toThrow(/^ingest\.generic\.name: /)
  })
})
