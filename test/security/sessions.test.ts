// Signing in: cookies, forged requests, planted cookies, guessed passwords, and how sessions end.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../domain/time.ts'
import { sha256Hex } from '../../runtime/http/identity.ts'
import {
  type Browser,
  browserOf,
  type Composed,
  PASSWORD,
  startComposed,
  withAdmin,
  withUser,
} from '../support/composed.ts'

let composed: Composed
let admin: Browser
let eve: Browser

beforeAll(async () => {
  composed = await startComposed()
  admin = await withAdmin(composed)
  eve = await withUser(composed, admin, { name: 'eve', roles: ['responder'] })
})
afterAll(() => composed?.stop())

/** Time passes in these tests, and counted failures with it. */
beforeEach(async () => {
  composed.passTime(16 * MINUTE_MS)
  admin = browserOf(composed)
  await admin.signIn('root')
  eve = browserOf(composed)
  await eve.signIn('eve')
})

const whoAmI = async (browser: Browser) => (await browser.ask('/api/v1/session')).json

describe('cookie flags', () => {
  test('the session cookie is kept from scripts and from other sites', async () => {
    const { cookies, headers } = await browserOf(composed).signIn('eve')
    expect(cookies).toHaveLength(1)
    expect(cookies[0]).toMatch(/^faultline=[\w-]{43}; /)
    for (const flag of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=43200'])
      expect(cookies[0]).toContain(flag)
    expect(headers['cache-control']).toBe('no-store')
  })

  test('who am I names person, roles and end, and never the secret', async () => {
    const answer = await eve.ask('/api/v1/session')
    expect(answer.json).toMatchObject({
      authenticated: true,
      actor: 'eve',
      by: 'session',
      roles: ['responder'],
      mode: 'closed',
      signIn: { password: true },
    })
    expect(answer.text).not.toContain(eve.jar.get('faultline'))
  })
})

describe('behind TLS, with a sign-in required from the first moment', () => {
  let remote: Composed
  const token = 'a-token-of-the-configuration'
  beforeAll(async () => {
    remote = await startComposed({
      listen: { publicUrl: 'https://faultline.example' },
      auth: { required: true, tokens: [{ name: 'operator', sha256: sha256Hex(token) }] },
    })
  })
  afterAll(() => remote?.stop())

  test('nobody comes in unnamed, and cookies travel over TLS from this very host only', async () => {
    expect(remote.open).toBe(false)
    expect((await remote.ask('/api/v1/incidents')).status).toBe(401)
    const made = await remote.ask('/api/v1/users', {
      body: { name: 'ada', roles: ['admin'], password: PASSWORD },
      headers: { authorization: `Bearer ${token}` },
    })
    expect(made.status).toBe(201)
    const browser = browserOf(remote)
    const [cookie] = (await browser.signIn('ada')).cookies
    expect(cookie).toMatch(/^__Host-faultline=[\w-]{43}; /)
    for (const flag of ['Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/'])
      expect(cookie).toContain(flag)
    expect(cookie).not.toContain('Domain')
    expect((await browser.ask('/api/v1/tokens')).status).toBe(200)
  })
})

describe('CSRF', () => {
  const forged: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    {},
  ]
  test.each(forged)('a write with the cookie alone is refused (%j)', async (headers) => {
    const cookie = `faultline=${admin.jar.get('faultline')}`
    const answer = await composed.ask('/api/v1/teams', {
      body: { id: 'forged', title: 'Forged' },
      headers: { cookie, ...headers },
    })
    expect([answer.status, answer.json.reason]).toEqual([403, 'cross-site'])
    expect((await admin.ask('/api/v1/teams')).text).not.toContain('forged')
  })

  test('another site cannot sign anybody in as somebody else (login CSRF)', async () => {
    const answer = await composed.ask('/api/v1/session', {
      body: { name: 'eve', password: PASSWORD },
      headers: { 'sec-fetch-site': 'cross-site' },
    })
    expect([answer.status, answer.cookies]).toEqual([403, []])
  })

  test('a form cannot be posted: only JSON is read', async () => {
    const answer = await admin.ask('/api/v1/teams', {
      body: 'id=forged&title=Forged',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(answer.status).toBe(415)
  })
})

describe('session fixation', () => {
  test('a cookie planted before the sign-in is worth nothing after it', async () => {
    const planted = 'A'.repeat(43)
    const browser = browserOf(composed)
    browser.jar.set('faultline', planted)
    await browser.signIn('eve')
    expect(browser.jar.get('faultline')).not.toBe(planted)
    const attacker = browserOf(composed)
    attacker.jar.set('faultline', planted)
    expect(await whoAmI(attacker)).toMatchObject({ authenticated: false })
  })

  test('signing in again ends the session before it', async () => {
    const before = eve.jar.get('faultline')!
    await eve.signIn('eve')
    expect(eve.jar.get('faultline')).not.toBe(before)
    const old = browserOf(composed)
    old.jar.set('faultline', before)
    expect(await whoAmI(old)).toMatchObject({ authenticated: false })
  })
})

describe('a session ends', () => {
  test('when its owner signs out, on the server and not only in the browser', async () => {
    const kept = eve.jar.get('faultline')!
    await eve.ask('/api/v1/session', { method: 'DELETE' })
    expect(eve.jar.has('faultline')).toBe(false)
    eve.jar.set('faultline', kept)
    expect((await eve.ask('/api/v1/incidents')).status).toBe(401)
  })

  test('after two hours without a request, not while it is used', async () => {
    for (let hour = 0; hour < 3; hour++) {
      composed.passTime(HOUR_MS + 30 * MINUTE_MS)
      expect((await eve.ask('/api/v1/incidents')).status).toBe(200)
      await touched()
    }
    composed.passTime(2 * HOUR_MS + 1)
    expect((await eve.ask('/api/v1/incidents')).status).toBe(401)
  })

  test('after twelve hours, used or not', async () => {
    for (let hour = 0; hour < 11; hour++) {
      composed.passTime(HOUR_MS)
      expect((await eve.ask('/api/v1/incidents')).status).toBe(200)
      await touched()
    }
    composed.passTime(HOUR_MS)
    expect((await eve.ask('/api/v1/incidents')).status).toBe(401)
  })

  test('when its user is disabled', async () => {
    const patch = (disabled: boolean) =>
      admin.ask('/api/v1/users/eve', { method: 'PATCH', body: { disabled } })
    await patch(true)
    expect((await eve.ask('/api/v1/incidents')).status).toBe(401)
    expect((await eve.signIn('eve')).status).toBe(401)
    await patch(false)
    expect((await eve.ask('/api/v1/incidents')).status).toBe(401)
  })

  test('everywhere else when the password is changed', async () => {
    const other = browserOf(composed)
    await other.signIn('eve')
    const change = (current: string, password: string) =>
      eve.ask('/api/v1/session/password', { body: { current, password } })
    expect((await change('not the password', 'another horse battery')).status).toBe(401)
    expect((await change(PASSWORD, 'short')).status).toBe(400)
    expect((await change(PASSWORD, 'another horse battery')).status).toBe(204)
    expect((await eve.ask('/api/v1/incidents')).status).toBe(200)
    expect((await other.ask('/api/v1/incidents')).status).toBe(401)
    expect((await other.signIn('eve')).status).toBe(401)
    expect((await other.signIn('eve', 'another horse battery')).status).toBe(200)
    await admin.ask('/api/v1/users/eve', { method: 'PATCH', body: { password: PASSWORD } })
  })

  test('when its owner opens the twenty-first after it', async () => {
    const first = eve
    for (let further = 0; further < 20; further++) {
      expect((await first.ask('/api/v1/incidents')).status).toBe(200)
      await browserOf(composed).signIn('eve')
    }
    expect((await first.ask('/api/v1/incidents')).status).toBe(401)
  })

  test('roles taken away count at once', async () => {
    const patch = (roles: string[]) =>
      admin.ask('/api/v1/users/eve', { method: 'PATCH', body: { roles } })
    expect((await eve.ask('/api/v1/dead-letters')).status).toBe(200)
    await patch(['viewer'])
    expect((await eve.ask('/api/v1/dead-letters')).status).toBe(403)
    await patch(['responder'])
  })
})

/** The use of a session is written down by the log: any later command comes after it. */
let teams = 0
const touched = async () => {
  const body = { id: `team-${++teams}`, title: 'A team' }
  expect((await admin.ask('/api/v1/teams', { body })).status).toBe(201)
}

describe('brute force', () => {
  test('ten wrong passwords lock the name for that address, for a while', async () => {
    const guesser = browserOf(composed)
    const statuses: number[] = []
    for (let guess = 0; guess < 12; guess++)
      statuses.push((await guesser.signIn('eve', `wrong number ${guess}`)).status)
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429])
    const locked = await guesser.signIn('eve')
    expect(locked.status).toBe(429)
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(0)
    composed.passTime(15 * MINUTE_MS)
    expect((await guesser.signIn('eve')).status).toBe(200)
  })

  test('guesses at one time count as many', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 30 }, (_, guess) =>
        browserOf(composed).signIn('eve', `wrong at once ${guess}`),
      ),
    )
    expect(statuses.filter(({ status }) => status === 401)).toHaveLength(10)
    expect(statuses.filter(({ status }) => status === 429)).toHaveLength(20)
  })

  test('fifty failures from one address lock it for every name', async () => {
    for (let guess = 0; guess < 50; guess++) await browserOf(composed).signIn(`user${guess}`, 'x')
    expect((await browserOf(composed).signIn('eve')).status).toBe(429)
  })

  test('a right password is no failure, however often', async () => {
    for (let visit = 0; visit < 15; visit++)
      expect((await browserOf(composed).signIn('eve')).status).toBe(200)
  })

  test('an unknown name, a disabled one and a wrong password answer the same', async () => {
    const answers = await Promise.all([
      browserOf(composed).signIn('nobody-of-that-name'),
      browserOf(composed).signIn('eve', 'a wrong password'),
      browserOf(composed).signIn("' or 1=1 --"),
    ])
    for (const { status, text } of answers) expect([status, text]).toEqual([401, answers[0]!.text])
  })
})

describe('a live stream', () => {
  test('ends by itself, so that whoever was signed out meanwhile is asked again', async () => {
    const cookie = `faultline=${eve.jar.get('faultline')}`
    const open = () => fetch(`${composed.url}/api/v1/stream`, { headers: { cookie } })
    const response = await open()
    await eve.ask('/api/v1/session', { method: 'DELETE' })
    composed.passTime(5 * MINUTE_MS)
    // Reads to the end: a stream that never ended would never get there.
    expect(await response.text()).toContain('retry:')
    expect((await open()).status).toBe(401)
  })
})
