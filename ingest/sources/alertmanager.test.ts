// Alertmanager: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './alertmanager.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('Alertmanager', () => {
  test('the webhook and the API make the same event of the same alert', () => {
    const pushed = only(normalise('alertmanager', fixture.apiResolve))
    const hooked = only(normalise('alertmanager', fixture.resolve))
    expect(hooked.fingerprint).toBe(pushed.fingerprint)
    expect(hooked).toMatchObject({ startsAt: pushed.startsAt, endsAt: pushed.endsAt })
  })

  const fingerprint = (labels: Record<string, string>) =>
    only(normalise('alertmanager', [{ labels: { alertname: 'X', ...labels } }])).fingerprint

  test.each([
    ['replicas of one HA pair', { prometheus_replica: 'a' }, { prometheus_replica: 'b' }],
    ['a severity that rises', { severity: 'warning' }, { severity: 'critical' }],
    ['pods of one Deployment', { pod: 'web-6d5f7c9b84-x2kqz' }, { pod: 'web-7f8b9d6c5-9h4nw' }],
    ['pods of one DaemonSet', { pod: 'node-exporter-x7k2p' }, { pod: 'node-exporter-9vbzd' }],
    [
      'addresses of a pod that restarts',
      { pod: 'web-6d5f7c9b84-x2kqz', instance: '10.2.3.4:8080' },
      { pod: 'web-6d5f7c9b84-4n8tz', instance: '10.9.9.9:8080' },
    ],
    ['empty labels', { site: '' }, {}],
    ['labels in another order', { a: '1', b: '2' }, { b: '2', a: '1' }],
  ])('%s are one condition', (_what, one, other) => {
    expect(fingerprint(one as Record<string, string>)).toBe(
      fingerprint(other as Record<string, string>),
    )
  })

  test.each([
    ['ordinals of a StatefulSet', { pod: 'db-0' }, { pod: 'db-1' }],
    ['hosts', { instance: '10.2.3.4:9100' }, { instance: '10.2.3.5:9100' }],
    ['swapped values', { a: 'x', b: 'y' }, { a: 'y', b: 'x' }],
    ['services', { service: 'shop-worker' }, { service: 'shop-admin' }],
    ['pods of two workloads', { pod: 'my-worker-admin' }, { pod: 'my-worker-login' }],
  ])('%s are two', (_what, one, other) => {
    expect(fingerprint(one as Record<string, string>)).not.toBe(
      fingerprint(other as Record<string, string>),
    )
  })

  test('alerts that the sender left out are told, not lost silently', () => {
    const body = { ...fixture.fire, truncatedAlerts: 3 }
    expect(normalise('alertmanager', body)).toMatchObject({
      events: [{ name: 'TargetDown' }],
      drops: ['truncated-by-sender'],
    })
  })
})
