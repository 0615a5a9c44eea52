// Claims become users: what is taken from them, and what keeps somebody out.
import { describe, expect, test } from 'vitest'
import { authSchema } from '../config/auth-schema.ts'
import { userOfClaims } from './oidc-claims.ts'

const config = authSchema.parse({
  oidc: {
    issuer: 'https://id.example',
    clientId: 'faultline',
    roles: { sre: 'responder', leads: 'admin' },
    teams: { 'team-db': 'db' },
    limitedToTeams: true,
  },
}).oidc!
const CLAIMS = { sub: '7', preferred_username: 'Ada', groups: ['sre', 'team-db'] }

describe('the claims of an identity provider', () => {
  test('name, roles and teams are mapped; what is not mapped is nothing', () => {
    expect(userOfClaims(config, { ...CLAIMS, name: ' Ada L. ', email: 'ada@x.example' })).toEqual({
      name: 'ada',
      external: 'https://id.example 7',
      displayName: 'Ada L.',
      email: 'ada@x.example',
      roles: ['responder'],
      teams: ['db'],
      limitedToTeams: true,
    })
  })

  test.each([
    ['no subject', { ...CLAIMS, sub: undefined }, /sub/],
    ['no name', { ...CLAIMS, preferred_username: undefined }, /preferred_username/],
    ['a name with a colon', { ...CLAIMS, preferred_username: 'token:ci' }, /name/],
    ['a name that is a list', { ...CLAIMS, preferred_username: ['ada'] }, /name/],
    ['no group', { ...CLAIMS, groups: undefined }, /no role/],
    ['a group of another name', { ...CLAIMS, groups: ['SRE'] }, /no role/],
    [
      'a group named like a member of all objects',
      { ...CLAIMS, groups: ['constructor'] },
      /no role/,
    ],
    ['groups that are no texts', { ...CLAIMS, groups: [1, null, {}] }, /no role/],
  ])('%s keeps somebody out', (_what, claims, said) => {
    expect(userOfClaims(config, claims)).toMatch(said)
  })

  test('one word does as a list of one', () => {
    expect(userOfClaims(config, { ...CLAIMS, groups: 'sre' })).toMatchObject({
      roles: ['responder'],
    })
  })

  test('an admin is never limited to teams', () => {
    const groups = ['leads', 'sre', 'team-db']
    expect(userOfClaims(config, { ...CLAIMS, groups })).toMatchObject({
      roles: ['admin', 'responder'],
      limitedToTeams: false,
    })
  })

  test('the default role is for who has none, if there is one', () => {
    const open = { ...config, defaultRole: 'viewer' as const }
    expect(userOfClaims(open, { ...CLAIMS, groups: [] })).toMatchObject({ roles: ['viewer'] })
    expect(userOfClaims(open, CLAIMS)).toMatchObject({ roles: ['responder'] })
  })

  test('an address that is none is left out', () => {
    expect(userOfClaims(config, { ...CLAIMS, email: 'a b@c' })).toMatchObject({ email: null })
  })
})
