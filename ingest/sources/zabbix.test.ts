// Zabbix: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './zabbix.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('Zabbix', () => {
  test('the event id changes on recovery, trigger and host do not', () => {
    const fire = only(normalise('zabbix', fixture.fire))
    const otherHost = only(normalise('zabbix', { ...fixture.fire, host_name: 'web-2' }))
    const otherEvent = only(normalise('zabbix', { ...fixture.fire, event_id: '1' }))
    expect(otherEvent.fingerprint).toBe(fire.fingerprint)
    expect(otherHost.fingerprint).not.toBe(fire.fingerprint)
  })

  test('unexpanded macros count as absent', () => {
    const event = only(
      normalise('zabbix', { ...fixture.fire, host_ip: '{HOST.IP}', host: '*UNKNOWN*' }),
    )
    expect(event.labels).toEqual({ scope: 'performance', service: 'shop-web', host: 'web-1' })
    expect(event.link).toBeUndefined()
  })

  test('the name is the type: host and figures are out of it', () => {
    const event = only(normalise('zabbix', fixture.fire))
    expect(event.name).toBe('High CPU utilization (over #% for #m)')
    expect(event.summary).toBe('High CPU utilization on web-1 (over 90% for 5m)')
  })

  test('tags come as a list, as its text, or as {EVENT.TAGS}', () => {
    const forms = [[{ tag: 'a', value: 'b' }], '[{"tag":"a","value":"b"}]', 'a:b, plain']
    for (const event_tags of forms) {
      const { event_tags_json: _, ...rest } = fixture.fire
      expect(only(normalise('zabbix', { ...rest, event_tags })).labels).toMatchObject({ a: 'b' })
    }
  })

  test('local times are read at the configured offset', () => {
    const east = createTestNormaliser({ utcOffsetMinutes: { zabbix: 60 } })
    const [here, there] = [normalise, east].map((n) => only(n('zabbix', fixture.fire)).startsAt)
    expect(here! - there!).toBe(3_600_000)
  })
})
