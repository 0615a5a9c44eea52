// Signing in by OIDC against a real provider: who comes in, as whom, and what is tried in between.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { safePath } from '../../runtime/http/oidc-routes.ts'
import {
  type Browser,
  browserOf,
  type Composed,
  PASSWORD,
  startComposed,
} from '../support/composed.ts'
import { CLIENT, createTraveller, startProvider, type TestProvider } from '../support/oidc.ts'
import { freePort } from '../support/processes.ts'

let provider: TestProvider
let composed: Composed
let admin: Browser
let callback: string

beforeAll(async () => {
  const port = await freePort()
  callback = `http://127.0.0.1:${port}/auth/oidc/callback`
  provider = await startProvider(() => callback)
  composed = await startComposed({
    listen: { port },
    auth: {
      oidc: {
        issuer: provider.issuer,
        clientId: CLIENT.id,
        clientSecret: CLIENT.secret,
        title: 'the test provider',
        roles: { sre: 'responder', bosses: 'admin' },
        teams: { 'team-db': 'db' },
      },
    },
  })
  provider.accounts.set('s-1', {
    preferred_username: 'Grace',
    name: 'Grace H.',
    email: 'grace@example.com',
    groups: ['sre', 'team-db', 'constructor'],
  })
  provider.accounts.set('s-2', { preferred_username: 'boss', groups: ['bosses'] })
  provider.accounts.set('s-3', { preferred_username: 'nobody', groups: ['cleaning'] })
  admin = await signedIn('s-2')
})
afterAll(async () => {
  await composed?.stop()
  await provider?.stop()
})

const isCallback = (url: string): boolean => url.startsWith(callback)

/** Walks up to the callback, and hands back who walked. */
const walk = async (subject: string, to = '') => {
  const traveller = createTraveller()
  const start = `${composed.url}/auth/oidc/start${to}`
  const arrived = await traveller.travel(start, subject, isCallback)
  return { traveller, back: arrived.url }
}

const signedIn = async (subject: string): Promise<Browser> => {
  const { traveller, back } = await walk(subject)
  const response = await traveller.visit(back)
  if (response.status !== 302) throw new Error(`${response.status}: ${await response.text()}`)
  const browser = browserOf(composed)
  for (const [name, value] of traveller.jarOf(composed.url)) browser.jar.set(name, value)
  return browser
}

const refusal = async (response: Response) => {
  expect(response.status).toBe(403)
  expect(response.headers.getSetCookie().some((line) => /^faultline=[\w-]/.test(line))).toBe(false)
  return ((await response.json()) as { detail: string }).detail
}

describe('a sign-in by OIDC', () => {
  test('makes a session with the roles and teams that the claims map to', async () => {
    const grace = await signedIn('s-1')
    expect((await grace.ask('/api/v1/session')).json).toMatchObject({
      actor: 'grace',
      displayName: 'Grace H.',
      roles: ['responder'],
      teams: ['db'],
      signIn: { oidc: { title: 'the test provider', path: '/auth/oidc/start' } },
    })
    expect((await grace.ask('/api/v1/dead-letters')).status).toBe(200)
    expect((await grace.ask('/api/v1/tokens')).status).toBe(403)
    expect((await admin.ask('/api/v1/users/grace')).json).toMatchObject({
      signsInBy: 'oidc',
      email: 'grace@example.com',
    })
  })

  test('sends the browser with PKCE, state and nonce, each new every time', async () => {
    const ways = await Promise.all(
      [1, 2].map(async () => {
        const response = await createTraveller().visit(`${composed.url}/auth/oidc/start`)
        const [cookie] = response.headers.getSetCookie()
        expect(cookie).toMatch(/^faultline-oidc=.*HttpOnly; SameSite=Lax/)
        return new URL(response.headers.get('location')!).searchParams
      }),
    )
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(ways[0]!.get(name)).toMatch(/^[\w-]{43}$/)
      expect(ways[0]!.get(name)).not.toBe(ways[1]!.get(name))
    }
    expect(ways[0]!.get('code_challenge_method')).toBe('S256')
    expect(ways[0]!.get('redirect_uri')).toBe(callback)
  })

  test('takes roles away that the provider no longer vouches for', async () => {
    await signedIn('s-1')
    const account = provider.accounts.get('s-1')!
    provider.accounts.set('s-1', { ...account, groups: ['cleaning'] })
    const { traveller, back } = await walk('s-1')
    expect(await refusal(await traveller.visit(back))).toContain('no role')
    provider.accounts.set('s-1', { ...account, groups: ['bosses'] })
    const promoted = await signedIn('s-1')
    expect((await promoted.ask('/api/v1/session')).json.roles).toEqual(['admin'])
    provider.accounts.set('s-1', account)
    await signedIn('s-1')
    expect((await promoted.ask('/api/v1/tokens')).status).toBe(403)
  })

  test('keeps out whoever has no role here, and whoever is disabled', async () => {
    const { traveller, back } = await walk('s-3')
    expect(await refusal(await traveller.visit(back))).toContain('no role')
    await signedIn('s-1')
    await admin.ask('/api/v1/users/grace', { method: 'PATCH', body: { disabled: true } })
    const again = await walk('s-1')
    expect(await refusal(await again.traveller.visit(again.back))).toContain('disabled')
    await admin.ask('/api/v1/users/grace', { method: 'PATCH', body: { disabled: false } })
  })

  test('does not take over a local user of the same name', async () => {
    const body = { name: 'local.admin', roles: ['admin'], password: PASSWORD }
    expect((await admin.ask('/api/v1/users', { body })).status).toBe(201)
    provider.accounts.set('s-4', { preferred_username: 'Local.Admin', groups: ['sre'] })
    const { traveller, back } = await walk('s-4')
    expect(await refusal(await traveller.visit(back))).toContain('belongs to somebody else')
    expect((await admin.ask('/api/v1/users/local.admin')).json.roles).toEqual(['admin'])
  })
})

describe('what is tried in between', () => {
  test('a callback that this browser did not begin (forged sign-in)', async () => {
    const { back } = await walk('s-1')
    expect(await refusal(await createTraveller().visit(back))).toContain('not begun')
  })

  test('somebody else’s code in one’s own errand', async () => {
    const victim = await walk('s-2')
    const attacker = await walk('s-1')
    const mixed = new URL(attacker.back)
    mixed.searchParams.set('code', new URL(victim.back).searchParams.get('code')!)
    expect(await refusal(await attacker.traveller.visit(mixed.href))).toContain('not be confirmed')
  })

  test.each(['state', 'code', 'iss'])('a callback with another %s', async (name) => {
    const { traveller, back } = await walk('s-1')
    const forged = new URL(back)
    forged.searchParams.set(name, 'https://evil.example')
    expect(await refusal(await traveller.visit(forged.href))).toContain('not be confirmed')
  })

  test('the same callback a second time', async () => {
    const { traveller, back } = await walk('s-1')
    const jar = new Map(traveller.jarOf(composed.url))
    expect((await traveller.visit(back)).status).toBe(302)
    expect(await refusal(await traveller.visit(back))).toContain('not begun')
    // Also where the cookie was kept, the provider knows the code as used.
    for (const [key, value] of jar) traveller.jarOf(composed.url).set(key, value)
    expect(await refusal(await traveller.visit(back))).toContain('not be confirmed')
  })

  test.each(['', '{}', 'null', '[]', 'nonsense'])(
    'an errand cookie that reads %j',
    async (text) => {
      const { traveller, back } = await walk('s-1')
      const cookie = Buffer.from(text).toString('base64url')
      traveller.jarOf(composed.url).set('faultline-oidc', cookie)
      expect(await refusal(await traveller.visit(back))).toContain('not begun')
    },
  )

  test('a denial at the provider', async () => {
    const { traveller, back } = await walk('s-1')
    const denied = new URL(back)
    denied.searchParams.delete('code')
    denied.searchParams.set('error', 'access_denied')
    expect(await refusal(await traveller.visit(denied.href))).toContain('not be confirmed')
  })

  test('leads back to a path of ours and nowhere else', async () => {
    const { traveller, back } = await walk('s-1', '?to=/incidents/INC-1?x=1')
    expect((await traveller.visit(back)).headers.get('location')).toBe('/incidents/INC-1?x=1')
    const evil = await walk('s-1', '?to=//evil.example')
    expect((await evil.traveller.visit(evil.back)).headers.get('location')).toBe('/')
  })

  test.each([
    ['/incidents/INC-1', '/incidents/INC-1'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example', '/'],
    ['/a\r\nset-cookie: x=1', '/'],
    ['javascript:alert(1)', '/'],
    [['/a', '/b'], '/'],
    [undefined, '/'],
  ])('safePath(%j) is %s', (wanted, expected) => {
    expect(safePath(wanted)).toBe(expected)
  })

  test('no code, token or secret of it is in the logs', async () => {
    const { traveller, back } = await walk('s-1')
    await traveller.visit(back)
    await traveller.visit(back)
    const logged = composed.logged()
    expect(logged).toContain('an OIDC sign-in failed')
    for (const secret of [new URL(back).searchParams.get('code')!, CLIENT.secret])
      expect(logged).not.toContain(secret)
  })
})

test('with OIDC configured nobody comes in unnamed, from the first moment on', async () => {
  expect(composed.open).toBe(false)
  expect((await composed.ask('/api/v1/incidents')).status).toBe(401)
})
