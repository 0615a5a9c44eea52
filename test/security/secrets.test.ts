// Secrets in logs: what people and tools show to come in is written down nowhere.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  browserOf,
  type Composed,
  PASSWORD,
  startComposed,
  withAdmin,
} from '../support/composed.ts'

let composed: Composed
/** What must never be found again, by what it is. */
const secrets = new Map<string, string>()

const WRONG = 'a-wrong-password-8841'
const NEW = 'another secret 2290 horse'

beforeAll(async () => {
  composed = await startComposed()
  const admin = await withAdmin(composed)
  secrets.set('a password', PASSWORD)
  secrets.set('a session cookie', admin.jar.get('faultline')!)
  const made = await admin.ask('/api/v1/tokens', { body: { name: 'ci', roles: ['viewer'] } })
  secrets.set('an API token', made.json.token)
  const headers = { authorization: `Bearer ${made.json.token}` }
  await composed.ask('/api/v1/incidents', { headers })

  await browserOf(composed).signIn('root', WRONG)
  secrets.set('a wrong password', WRONG)
  await browserOf(composed).signIn('typed-into-the-name-field-7731', 'x')
  secrets.set('a password typed as the name', 'typed-into-the-name-field-7731')

  await admin.ask('/api/v1/session/password', { body: { current: PASSWORD, password: NEW } })
  secrets.set('a new password', NEW)

  const bearer = 'Bearer not-a-token-5512'
  await composed.ask('/api/v1/incidents', { headers: { authorization: bearer } })
  secrets.set('a token that is none', 'not-a-token-5512')
  for (const path of ['/api/v1/incidents', '/nope', '/webhooks/generic', '/api/v1/kpis'])
    await composed.ask(`${path}?token=in-the-url-6630&api_key=in-the-url-6630`)
  secrets.set('a token in a URL', 'in-the-url-6630')
  await composed.ask('/api/v1/session', { body: '{"name":"root","password":"malformed-9917' })
  secrets.set('a password in malformed JSON', 'malformed-9917')
  await composed.ask('/api/v1/session', {
    body: { name: 'root', password: 'unasked-3345', extra: 'unasked-3345' },
  })
  secrets.set('a password in a refused body', 'unasked-3345')
})
afterAll(() => composed?.stop())

const filesOf = (directory: string): string[] =>
  readdirSync(directory).flatMap((name) => {
    const path = join(directory, name)
    return statSync(path).isDirectory() ? filesOf(path) : [path]
  })

describe('secrets in logs', () => {
  test('the logs, at their most talkative, hold none', () => {
    expect(composed.logged()).toContain('a sign-in failed')
    for (const [what, secret] of secrets)
      expect([what, composed.logged().includes(secret)]).toEqual([what, false])
  })

  test('the data directory (log, desk, checkpoints) holds none', () => {
    const files = filesOf(composed.data).map((path) => readFileSync(path))
    expect(files.some((file) => file.includes('$scrypt$'))).toBe(true)
    for (const [what, secret] of secrets)
      expect([what, files.some((file) => file.includes(secret))]).toEqual([what, false])
  })

  test('no answer shows a hash', async () => {
    const admin = browserOf(composed)
    await admin.signIn('root', NEW)
    for (const path of ['/api/v1/users', '/api/v1/tokens', '/api/v1/audit', '/api/v1/audit/export'])
      expect((await admin.ask(path)).text).not.toMatch(/\$scrypt\$|"sha256"|passwordHash/)
  })

  test('metrics and readiness name nobody', async () => {
    for (const path of ['/metrics', '/readyz'])
      for (const [, secret] of secrets)
        expect((await composed.ask(path)).text).not.toContain(secret)
  })
})
