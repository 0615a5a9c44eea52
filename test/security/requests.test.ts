// What a hostile request may try: headers, mass assignment, injection, paths that lead elsewhere.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Browser,
  type Composed,
  PASSWORD,
  startComposed,
  withAdmin,
} from '../support/composed.ts'

let composed: Composed
let admin: Browser

beforeAll(async () => {
  composed = await startComposed({}, ['ingest', 'correlator', 'ticketing', 'facts'])
  admin = await withAdmin(composed)
})
afterAll(() => composed?.stop())

describe('headers', () => {
  test.each(['/healthz', '/api/v1/session', '/api/v1/incidents', '/docs/', '/nope'])(
    '%s may be framed by nobody, sniffed by nobody, and leaks no referrer',
    async (path) => {
      const { headers } = await composed.ask(path)
      expect(headers['x-frame-options']).toBe('SAMEORIGIN')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['referrer-policy']).toBe('no-referrer')
      expect(headers['cross-origin-opener-policy']).toBe('same-origin')
      expect(headers['x-powered-by']).toBeUndefined()
      expect(headers['access-control-allow-origin']).toBeUndefined()
    },
  )

  test('CSP: pages run their own scripts only, and none that stand in the page', async () => {
    const policy = String((await composed.ask('/healthz')).headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("base-uri 'none'")
    expect(policy).toContain("form-action 'self'")
    expect(policy).not.toMatch(/unsafe|\*/)
  })
})

describe('mass assignment', () => {
  const user = { name: 'mallory', roles: ['viewer'], password: PASSWORD }
  test.each<object>([
    { passwordHash: '$scrypt$ln=1,r=1,p=1$aaaa$aaaa' },
    { external: 'https://id.example 1' },
    { version: 9 },
    { createdAt: 0 },
    { id: 'root' },
    { constructor: 1 },
  ])('a user is not made with %j', async (extra) => {
    const { status } = await admin.ask('/api/v1/users', { body: { ...user, ...extra } })
    expect(status).toBe(400)
    expect((await admin.ask('/api/v1/users/mallory')).status).toBe(404)
  })

  test.each([{ passwordHash: '$scrypt$x' }, { name: 'x' }, { external: 'x' }, { version: 1 }])(
    'a user is not changed by %j',
    async (body) => {
      const answer = await admin.ask('/api/v1/users/root', { method: 'PATCH', body })
      expect(answer.status).toBe(400)
    },
  )

  test.each([{ sha256: 'a'.repeat(64) }, { createdBy: 'root' }, { revokedAt: null }])(
    'a token is not made with %j',
    async (extra) => {
      const body = { name: 'x', roles: ['viewer'], ...extra }
      expect((await admin.ask('/api/v1/tokens', { body })).status).toBe(400)
    },
  )

  test.each([{ roles: ['admin'] }, { actor: 'root' }])(
    'a sign-in does not bring along %j',
    async (extra) => {
      const body = { name: 'root', password: PASSWORD, ...extra }
      expect((await composed.ask('/api/v1/session', { body })).status).toBe(400)
    },
  )

  test('nobody is made an admin by whoever is none', async () => {
    const made = await admin.ask('/api/v1/tokens', { body: { name: 'low', roles: ['responder'] } })
    const headers = { authorization: `Bearer ${made.json.token}` }
    for (const [path, body, method] of [
      ['/api/v1/users', { ...user, roles: ['admin'] }, 'POST'],
      ['/api/v1/users/root', { roles: ['viewer'] }, 'PATCH'],
      ['/api/v1/tokens', { name: 'y', roles: ['admin'] }, 'POST'],
    ] as const)
      expect((await composed.ask(path, { method, body, headers })).status).toBe(403)
  })
})

const SQL_PROBES = [
  "' OR '1'='1",
  "'; DROP TABLE incidents; --",
  "') UNION SELECT id, password_hash FROM users --",
  '%',
  '_',
  "\\' OR 1=1 --",
  '{x:String}',
  '$$; select pg_sleep(5); $$',
]

describe('SQL injection', () => {
  const PARAMETERS = [
    '/api/v1/incidents?q=',
    '/api/v1/incidents?team=',
    '/api/v1/incidents?scope=',
    '/api/v1/alerts?q=',
    '/api/v1/alerts?incident=',
    '/api/v1/cis?q=',
    '/api/v1/tasks?assignee=',
    '/api/v1/requests?requester=',
    '/api/v1/audit?target=',
    '/api/v1/incidents/',
    '/api/v1/users/',
    '/api/v1/cis/',
  ]
  test.each(PARAMETERS)('%s takes any text as a value', async (path) => {
    for (const probe of SQL_PROBES) {
      const { status, text } = await admin.ask(path + encodeURIComponent(probe))
      expect([200, 400, 404]).toContain(status)
      if (status === 200) expect(JSON.parse(text).items ?? []).toEqual([])
    }
    expect((await admin.ask('/api/v1/session')).json.actor).toBe('root')
  })

  test('a cursor made up by somebody is refused or finds nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...SQL_PROBES), fc.integer(), async (id, key) => {
        const cursor = Buffer.from(JSON.stringify([key, id])).toString('base64url')
        const { status } = await admin.ask(`/api/v1/incidents?cursor=${cursor}`)
        expect([200, 400]).toContain(status)
      }),
      { numRuns: 20 },
    )
  })
})

describe('ClickHouse injection', () => {
  const PROBES = [
    ...SQL_PROBES,
    'severity) FROM events; DROP TABLE events; --',
    '(SELECT * FROM system.users)',
    "url('http://127.0.0.1:1/')",
    "file('/etc/passwd')",
    'constructor',
    '__proto__',
    'toString',
  ]
  const kpis = async (): Promise<string[]> =>
    (await admin.ask('/api/v1/kpis')).json.items.map(({ id }: { id: string }) => id)

  test('no KPI takes a dimension, range or limit that is not one of its own', async () => {
    const [id] = await kpis()
    for (const probe of PROBES.map(encodeURIComponent)) {
      for (const query of [`by=${probe}`, `from=${probe}`, `to=${probe}`]) {
        const { status } = await admin.ask(`/api/v1/kpis/${id}?${query}`)
        expect([query, status]).toEqual([query, 400])
      }
      expect((await admin.ask(`/api/v1/kpis/${id}/rows?limit=${probe}`)).status).not.toBe(200)
      expect((await admin.ask(`/api/v1/kpis/${probe}`)).status).toBe(404)
    }
  })

  test('every KPI still answers afterwards', async () => {
    for (const id of await kpis())
      expect([id, (await admin.ask(`/api/v1/kpis/${id}`)).status]).toEqual([id, 200])
  })

  test('text of alerts reaches the facts as text', async () => {
    const name = "'); DROP TABLE events; --"
    const body = { name, severity: 'critical', labels: { host: "a' OR 1=1 --" } }
    expect((await admin.ask('/api/v1/events', { body })).status).toBe(200)
    expect((await admin.ask('/api/v1/kpis/events')).status).toBe(200)
  })
})

describe('path traversal', () => {
  test.each([
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/package.json',
    '/assets/../../../package.json',
    '/assets/..%5c..%5cpackage.json',
    '/docs/static/../../../../package.json',
    '/docs/static/%2e%2e%2f%2e%2e%2f%2e%2e%2fpackage.json',
    '//etc/passwd',
    '/etc/passwd%00.html',
    '/secret.txt',
  ])('%s gives no file of the machine', async (path) => {
    writeFileSync(join(composed.data, 'secret.txt'), 'the data directory')
    const { text, status } = await composed.ask(path)
    expect(text).not.toMatch(/"devDependencies"|root:x:0|the data directory/)
    expect([400, 403, 404]).toContain(status)
  })
})
