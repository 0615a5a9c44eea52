// Users, tokens and the audit log from the command line: first admin, lost password, tampered export.
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FaultlineProcess, startFaultline } from '../../test/support/faultline.ts'
import { ROOT, removeDirectory, scratchDirectory } from '../../test/support/processes.ts'
import { verifyExport } from './audit-export.ts'

interface Result {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const directory = scratchDirectory('people-cli')
const data = join(directory, 'data')
const MAIN = join(ROOT, 'runtime/cli/main.ts')

const faultline = (args: readonly string[], input = ''): Promise<Result> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', MAIN, ...args],
      { cwd: ROOT },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
    child.stdin?.end(input)
  })

let running: FaultlineProcess
let password: string
let token: string

beforeAll(async () => {
  const offline = ['--data', data, '--json']
  const added = await faultline(['users', 'add', 'root', '--role', 'admin', ...offline])
  expect([added.code, added.stderr]).toEqual([0, ''])
  password = JSON.parse(added.stdout).password
  const made = await faultline(['tokens', 'add', 'cli', '--role', 'admin', ...offline])
  token = JSON.parse(made.stdout).token
  running = await startFaultline({ data })
}, 180_000)
afterAll(async () => {
  await running?.stop()
  removeDirectory(directory)
})

const online = (...args: string[]) => faultline([...args, '--url', running.url, '--token', token])
const signIn = async (name: string, secret: string): Promise<number> =>
  (await running.post('/api/v1/session', { name, password: secret })).status

describe('the first admin, made in the data directory', () => {
  test('signs in at the first start, which is closed to everybody else', async () => {
    expect(running.output()).not.toContain('OPEN TO EVERYBODY')
    expect((await fetch(`${running.url}/api/v1/incidents`)).status).toBe(401)
    expect(await signIn('root', password)).toBe(200)
  })

  test('is not made again while Faultline runs: the log is in use', async () => {
    const args = ['users', 'set', 'root', '--new-password', '--data', data]
    const { code, stderr } = await faultline(args)
    expect(code).toBe(1)
    expect(stderr).toMatch(/in use/)
  })

  test('its password stands neither on the command line nor in the log', () => {
    expect(password).toMatch(/^[\w-]{20}$/)
    expect(running.output()).not.toContain(password)
  })
})

describe('users and tokens of a running Faultline', () => {
  test('are added, listed, changed and revoked', async () => {
    const added = await faultline(
      [
        ...['users', 'add', 'eve', '--role', 'responder', '--team', 'db', '--limited'],
        ...['--password-stdin', '--url', running.url, '--token', token],
      ],
      'a password from standard input\n',
    )
    expect([added.code, added.stderr]).toEqual([0, ''])
    expect(await signIn('eve', 'a password from standard input')).toBe(200)
    expect((await online('users', 'list')).stdout).toMatch(/eve +responder +db \(only\) +password/)
    expect((await online('users', 'set', 'eve', '--disable')).code).toBe(0)
    expect(await signIn('eve', 'a password from standard input')).toBe(401)

    const made = JSON.parse((await online('tokens', 'add', 'ci', '--ingest', '--json')).stdout)
    const listed = JSON.parse((await online('tokens', 'list', '--json')).stdout)
    const { id } = listed.items.find(({ name }: { name: string }) => name === 'ci')
    expect(JSON.stringify(listed)).not.toContain(made.token)
    expect((await online('tokens', 'revoke', id)).stdout).toBe('ci is revoked\n')
  }, 180_000)

  test.each([
    [['users', 'add', 'Eve', '--role', 'viewer'], 2, /lower-case/],
    [['users', 'add', 'eve2', '--role', 'king'], 2, /viewer, responder/],
    [['users', 'set', 'root', '--disable'], 1, /last admin/],
  ])('%j exits with %d and says why', { timeout: 120_000 }, async (args, code, said) => {
    const result = await online(...args)
    expect(result.stderr).toMatch(said)
    expect([result.code, result.stdout]).toEqual([code, ''])
  })
})

describe('the audit log', () => {
  let exported = ''

  test('verified and noted, holds; noted otherwise, does not', { timeout: 120_000 }, async () => {
    const { code, stdout } = await online('audit', 'verify')
    expect(code).toBe(0)
    const [, noted] = /noted elsewhere: (\d+:[0-9a-f]{64})/.exec(stdout) ?? []
    expect((await online('audit', 'verify', '--noted', noted!)).code).toBe(0)
    const wrong = noted!.replace(/:.*/, `:${'0'.repeat(64)}`)
    expect((await online('audit', 'verify', '--noted', wrong)).code).toBe(1)
  })

  test('exported, is verified without us; tampered with, shows where', async () => {
    const file = join(directory, 'audit.ndjson')
    exported = (await online('audit', 'export')).stdout
    writeFileSync(file, exported)
    const whole = await faultline(['audit', 'verify', '--file', file, '--json'])
    const { intact, entries } = JSON.parse(whole.stdout)
    const lines = exported.trimEnd().split('\n')
    expect([intact, entries]).toEqual([true, lines.length])
    const swapped = [lines[0]!, lines[2]!, lines[1]!, ...lines.slice(3)]
    const tampered: [number, string[]][] = [
      [2, lines.map((line, at) => (at === 1 ? line.replace('operator', 'somebody') : line))],
      [3, lines.filter((_, at) => at !== 1)],
      [3, swapped],
      [2, [lines[0]!, 'nonsense', ...lines.slice(2)]],
    ]
    for (const [sequence, text] of tampered) {
      const { broken } = await verifyExport(Readable.from(text))
      expect(broken).toMatchObject({ sequence, detail: expect.any(String) })
    }
    const short = await verifyExport(Readable.from(lines.slice(0, 2)), {
      sequence: 3,
      hash: 'x',
    })
    expect(short.broken).toMatchObject({ sequence: 3 })
    writeFileSync(file, `${swapped.join('\n')}\n`)
    expect((await faultline(['audit', 'verify', '--file', file])).code).toBe(1)
  }, 180_000)

  test('has before and after of each change of users and tokens, and no secret', () => {
    const entries = exported
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(JSON.parse(line).entry))
    const of = (action: string) => entries.filter((entry) => entry.action === action)
    expect(of('user.create')[0]).toMatchObject({
      actor: 'operator',
      target: 'root',
      outcome: 'applied',
      after: { roles: ['admin'], password: expect.stringMatching(/^set/) },
    })
    expect(of('user.update')[0]).toMatchObject({
      actor: 'token:cli',
      before: { disabled: false },
      after: { disabled: true },
    })
    expect(of('token.revoke')[0]).toMatchObject({ before: { revokedAt: null } })
    expect(of('session.open')[0]).toMatchObject({ actor: 'root', after: { via: 'password' } })
    expect(exported).not.toMatch(/\$scrypt\$|sha256|flt_/)
  })
})
