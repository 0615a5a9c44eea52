// ServiceNow events: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './servicenow.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('ServiceNow events', () => {
  test('a message key names the condition; severity 0 clears it', () => {
    const [record] = fixture.fire.records
    const keyed = (severity: string) =>
      only(normalise('servicenow', { ...record, message_key: 'k', node: severity, severity }))
    expect(keyed('0')).toMatchObject({ status: 'resolved', fingerprint: keyed('1').fingerprint })
  })
})
