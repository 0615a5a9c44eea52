// Roles: every route has its row in the decision table, and the server obeys it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasPermissionRow, permissionOf } from '../../runtime/http/permissions.ts'
import { PEOPLE_ROLES } from '../../ticketing/people/roles.ts'
import {
  type Browser,
  type Composed,
  startComposed,
  withAdmin,
  withUser,
} from '../support/composed.ts'

let composed: Composed
let admin: Browser
const browsers = new Map<string, Browser>()

beforeAll(async () => {
  composed = await startComposed({}, ['ingest', 'correlator', 'ticketing', 'facts'])
  expect(composed.open).toBe(true)
  expect(composed.logged()).toContain('OPEN TO EVERYBODY ON THIS MACHINE')
  admin = await withAdmin(composed)
  for (const role of PEOPLE_ROLES)
    browsers.set(role, await withUser(composed, admin, { name: `a-${role}`, roles: [role] }))
})
afterAll(() => composed?.stop())

const askRoute = (route: string, headers: Record<string, string> = {}) => {
  const [method = '', path = ''] = route.split(' ')
  return { path: path.replaceAll(/:\w+/g, 'nothing'), ask: { method, headers } }
}

/** Each route once; a stream never ends. */
const probed = () => [...new Set(composed.routes)].filter((route) => !route.endsWith('/stream'))

const AT_ONCE = 8

/** @returns what `ask` says of each route, without what it says nothing of */
const overRoutes = async (
  routes: readonly string[],
  ask: (route: string) => Promise<string | undefined>,
): Promise<string[]> => {
  const said: string[] = []
  for (let from = 0; from < routes.length; from += AT_ONCE)
    for (const each of await Promise.all(routes.slice(from, from + AT_ONCE).map(ask)))
      if (each !== undefined) said.push(each)
  return said
}

describe('the decision table', () => {
  test('has a row for every route of the composed server', () => {
    expect(composed.routes.length).toBeGreaterThan(80)
    expect(composed.routes.filter((route) => !hasPermissionRow(route))).toEqual([])
  })

  test('a route without a row would be for admins alone', () => {
    expect(permissionOf('POST', '/api/v1/thought-of-tomorrow')).toEqual({
      roles: ['admin'],
      limit: 'refused',
    })
  })

  test('whoever shows nothing gets 401 from every route that is not for anyone', async () => {
    const wrong = await overRoutes(probed(), async (route) => {
      const [method = '', url = ''] = route.split(' ')
      const { path, ask } = askRoute(route)
      const { status } = await composed.ask(path, ask)
      const isPublic = permissionOf(method, url).roles === 'anyone'
      return (status !== 401) === isPublic ? undefined : `${route}: ${status}`
    })
    expect(wrong).toEqual([])
  }, 120_000)

  test.each(PEOPLE_ROLES)(
    '%s is let in by exactly the rows that name it',
    async (role) => {
      const routes = probed().filter((route) => !route.endsWith('/session'))
      const wrong = await overRoutes(routes, async (route) => {
        const [method = '', url = ''] = route.split(' ')
        const { path, ask } = askRoute(route)
        const { status } = await browsers.get(role)!.ask(path, ask)
        const { roles } = permissionOf(method, url)
        const allowed = roles === 'anyone' || roles.includes(role)
        return (status !== 403) === allowed && status !== 401 ? undefined : `${route}: ${status}`
      })
      expect(wrong).toEqual([])
    },
    120_000,
  )
})

describe('an installation reachable from elsewhere', () => {
  const oidc = { issuer: 'https://id.example', clientId: 'faultline' }
  test.each([
    [{}, /auth\.tokens/],
    [{ oidc }, /publicUrl/],
  ])('does not start with auth %j', async (auth, said) => {
    await expect(startComposed({ listen: { host: '0.0.0.0' }, auth })).rejects.toThrow(said)
  })
})

describe('addresses of users', () => {
  test('are for admins', async () => {
    const body = { email: 'viewer@example.com' }
    await admin.ask('/api/v1/users/a-viewer', { method: 'PATCH', body })
    expect((await admin.ask('/api/v1/users')).text).toContain('viewer@example.com')
    const seen = await browsers.get('responder')!.ask('/api/v1/users')
    expect(seen.json.items.map(({ name }: { name: string }) => name)).toContain('a-viewer')
    expect(seen.text).not.toContain('viewer@example.com')
  })
})

describe('an installation with an admin', () => {
  test('is closed: senders need a token too', async () => {
    const body = { name: 'X', severity: 'critical', labels: { host: 'a' } }
    expect((await composed.ask('/api/v1/events', { body })).status).toBe(401)
  })

  test('cannot lose its last admin, so it never opens again by itself', async () => {
    const disabled = await admin.ask('/api/v1/users/a-admin', {
      method: 'PATCH',
      body: { disabled: true },
    })
    expect(disabled.status).toBe(200)
    for (const body of [{ disabled: true }, { roles: ['viewer'] }]) {
      const answer = await admin.ask('/api/v1/users/root', { method: 'PATCH', body })
      expect([answer.status, answer.json.detail]).toEqual([422, 'root is the last admin'])
    }
    expect((await composed.ask('/api/v1/incidents')).status).toBe(401)
  })
})

describe('an API token', () => {
  const make = async (body: object) => (await admin.ask('/api/v1/tokens', { body })).json
  const use = (token: string, path: string, ask = {}) =>
    composed.ask(path, { ...ask, headers: { authorization: `Bearer ${token}` } })

  test('does what its roles do and no more, is shown once, and ends when revoked', async () => {
    const { token, id } = await make({ name: 'reader', roles: ['viewer'] })
    expect(token).toMatch(/^flt_[0-9a-f]{56}$/)
    expect((await use(token, '/api/v1/incidents')).status).toBe(200)
    expect((await use(token, '/api/v1/tokens')).status).toBe(403)
    expect((await use(token, '/api/v1/events', { body: { name: 'X' } })).status).toBe(403)
    expect((await admin.ask('/api/v1/tokens')).text).not.toContain(token)
    await admin.ask(`/api/v1/tokens/${id}`, { method: 'DELETE' })
    expect((await use(token, '/api/v1/incidents')).status).toBe(401)
  })

  test('for ingest sends alerts and reads nothing', async () => {
    const { token } = await make({ name: 'sender', roles: [], ingest: true })
    const body = { name: 'X', severity: 'critical', labels: { host: 'a' } }
    expect((await use(token, '/api/v1/events', { body })).status).toBe(200)
    expect((await use(token, '/api/v1/incidents')).status).toBe(403)
  })

  test('ends by itself when its time is over', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
    const { token } = await make({ name: 'short', roles: ['viewer'], expiresAt })
    expect((await use(token, '/api/v1/incidents')).status).toBe(200)
    composed.passTime(3_700_000)
    expect((await use(token, '/api/v1/incidents')).status).toBe(401)
  })

  test.each([
    { name: 'x', roles: ['viewer'], expiresAt: '2019-01-01T00:00:00Z' },
    { name: 'x', roles: ['viewer'], expiresAt: '2099-01-01T00:00:00Z' },
    { name: 'x', roles: ['emperor'] },
    { name: 'x', roles: [] },
    { name: 'x', roles: ['admin'], teams: ['db'] },
  ])('%j is refused', async (body) => {
    expect([400, 422]).toContain((await admin.ask('/api/v1/tokens', { body })).status)
  })
})
