// Signatures: the same incident under other ids and serial numbers is the same incident.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alertsOf, closedIncident } from './problems.fixture.ts'
import { identityOf, roleOf } from './roles.ts'
import { DEFAULT_PATTERN_SETTINGS } from './settings.ts'
import { signatureOf } from './signature.ts'

describe('roles and identities', () => {
  test.each([
    ['payments-db', 'payments-db', 'payments-db'],
    ['lon2-r3-n05', 'lon2-r3-n05', 'lon#-r#-n#'],
    ['web-7d9f8b6c5d-x2k9p', 'web-*-*', 'web-*-*'],
    ['ip-10-0-3-17', 'ip-10-0-3-17', 'ip-#-#-#-#'],
    ['web01.example.com', 'web01.example.com', 'web#.example.com'],
    ['550e8400e29b41d4', '550e8400e29b41d4', '#e#e#b#d#'],
    ['kafka-core', 'kafka-core', 'kafka-core'],
  ])('%s lives on as %s and is there as %s', (name, identity, role) => {
    expect(identityOf(name)).toBe(identity)
    expect(roleOf(name)).toBe(role)
  })
})

describe('an incident signature', () => {
  const sign = (cause: string, lines: readonly string[], nameOf = (ci: string) => ci) =>
    signatureOf(closedIncident('I', 0, cause, lines), nameOf, DEFAULT_PATTERN_SETTINGS)

  test('is its cause, the alert types there, CI roles with alert types, and what came first', () => {
    const { terms, ...rest } = sign('db-3', ['DbSlowQueries@db-3', 'HighErrorRate@web-1'])
    expect(terms.map(([term]) => term)).toEqual([
      'at-cause:DbSlowQueries',
      'cause:db-#',
      'DbSlowQueries@db-#',
      'HighErrorRate@web-#',
      'first:DbSlowQueries',
    ])
    expect(rest).toEqual({
      causeTypes: ['DbSlowQueries'],
      names: ['DbSlowQueries', 'HighErrorRate'],
      causeRole: 'db-#',
      solitary: false,
    })
  })

  test('names what the cause shows in another incident, where it is quiet in this one', () => {
    const incident = closedIncident('I', 0, 'host-7', ['HighErrorRate@web-1'])
    const elsewhere = alertsOf(['HostDown@host-7', 'Late@host-8'])
    const typesOf = (more: object) =>
      signatureOf({ ...incident, ...more }, (ci) => ci, DEFAULT_PATTERN_SETTINGS).causeTypes
    // The only CI that alerts is the cause, unless a person says otherwise.
    expect(typesOf({ elsewhere, confirmedCause: 'host-7' })).toEqual(['HostDown'])
    expect(typesOf({ elsewhere })).toEqual(['HighErrorRate'])
  })

  test('does not change when hosts are renumbered or CIs get other ids', () => {
    const serial = fc.integer({ min: 1, max: 99_999 })
    const expected = sign('id-a', ['HostDown@id-a', 'Slow@id-b'], (id) =>
      id === 'id-a' ? 'rack1-host1' : 'web-1',
    )
    fc.assert(
      fc.property(serial, serial, serial, fc.uuid(), fc.uuid(), (r, h, w, a, b) => {
        fc.pre(a !== b)
        const nameOf = (id: string) => (id === a ? `rack${r}-host${h}` : `web-${w}`)
        expect(sign(a, [`HostDown@${a}`, `Slow@${b}`], nameOf)).toEqual(expected)
      }),
    )
  })

  test('does not depend on the order in which alerts are listed', () => {
    const alerts = alertsOf(['A@x', 'B@y', 'C@x', 'A@z', 'B'])
    const of = (list: typeof alerts) =>
      signatureOf({ ...closedIncident('I', 0, 'x', []), alerts: list }, (ci) => ci, {
        ...DEFAULT_PATTERN_SETTINGS,
      })
    const expected = of(alerts)
    fc.assert(
      fc.property(fc.shuffledSubarray(alerts, { minLength: alerts.length }), (list) => {
        expect(of(list)).toEqual(expected)
      }),
    )
  })

  test('is bounded however large the incident is', () => {
    const lines = Array.from({ length: 5_000 }, (_, i) => `Type${i}x@ci${i}`)
    const { terms, names, causeTypes } = sign('ci1', lines)
    expect(terms.length).toBeLessThanOrEqual(DEFAULT_PATTERN_SETTINGS.termsMax)
    expect(names.length + causeTypes.length).toBeLessThanOrEqual(24)
  })
})
