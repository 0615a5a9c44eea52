// Nagios: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './nagios.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('Nagios', () => {
  test('macros are known in all the spellings that scripts use', () => {
    const spellings = [
      { HOSTNAME: 'a', SERVICEDESC: 'b', NOTIFICATIONTYPE: 'PROBLEM', SERVICESTATE: 'WARNING' },
      { host_name: 'a', service_desc: 'b', notification_type: 'PROBLEM', service_state: 'WARNING' },
      {
        'host.name': 'a',
        'service.name': 'b',
        'notification.type': 'PROBLEM',
        'service.state': 'WARNING',
      },
    ]
    const events = spellings.map((body) => only(normalise('nagios', body)))
    expect(new Set(events.map(({ fingerprint }) => fingerprint)).size).toBe(1)
    for (const event of events) expect(event).toMatchObject({ severity: 'warning', name: 'b' })
  })

  test('a check is no service: it has a label of its own', () => {
    expect(only(normalise('nagios', fixture.fire)).labels).toEqual({
      host: 'db-1',
      check: 'Disk /var',
      ip: '10.1.0.21',
    })
  })
})
