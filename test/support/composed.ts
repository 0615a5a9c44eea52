// The whole program in this process, as `faultline serve` composes it, and browsers to talk to it.
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { Writable } from 'node:stream'
import { loadConfig } from '../../runtime/config/load.ts'
import type { ConfigInput } from '../../runtime/config/schema.ts'
import { createLogger } from '../../runtime/observe/logger.ts'
import type { RoleName } from '../../runtime/roles/role.ts'
import { serve } from '../../runtime/serve.ts'
import { removeDirectory, scratchDirectory } from './processes.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly cookies: readonly string[]
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks at, it looks at by name
  readonly json: any
}

export interface Ask {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Composed {
  readonly url: string
  readonly open: boolean
  readonly data: string
  /** Every route of the desk. */
  readonly routes: readonly string[]
  /** All that was logged. */
  logged(): string
  /** Lets the installation's clock go on. */
  passTime(ms: number): void
  /** The path is sent as it is written: `fetch` would tidy `..` away. */
  ask(path: string, ask?: Ask): Promise<Answer>
  stop(): Promise<void>
}

export const PASSWORD = 'correct horse battery staple'

const send = async (url: string, path: string, ask: Ask): Promise<Answer> => {
  const { body, headers = {} } = ask
  const method = ask.method ?? (body === undefined ? 'GET' : 'POST')
  const { hostname, port } = new URL(url)
  const json =
    body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
  const request = httpRequest({
    hostname,
    port,
    path,
    method,
    agent: false,
    headers: {
      ...(json === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }),
      ...headers,
    },
  })
  request.end(json)
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage]
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    cookies: response.headers['set-cookie'] ?? [],
    text,
    get json() {
      return JSON.parse(text)
    },
  }
}

export const startComposed = async (
  config: ConfigInput = {},
  roles: readonly RoleName[] = ['ingest', 'correlator', 'ticketing'],
): Promise<Composed> => {
  const data = scratchDirectory('security')
  const began = Date.now()
  let passed = 0
  let logged = ''
  const routes: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk)
      done()
    },
  })
  const faultline = await serve({
    config: loadConfig(undefined, {
      ...config,
      listen: { port: 0, ...config.listen },
      data,
      // As slow as it must be for guessers would be too slow for tests.
      auth: { ...config.auth, passwords: { costLog2: 10, ...config.auth?.passwords } },
    }),
    roles,
    logger: createLogger('trace', sink),
    clock: { now: () => began + Math.floor(performance.now() - startedAt) + passed },
    failed: (error) => {
      throw error
    },
    onRoute: (name) => routes.push(name),
  })
  return {
    url: faultline.url,
    open: faultline.open,
    data,
    routes,
    logged: () => logged,
    passTime: (ms) => {
      passed += ms
    },
    ask: (path, ask = {}) => send(faultline.url, path, ask),
    stop: async () => {
      await faultline.stop()
      removeDirectory(data)
    },
  }
}

const startedAt = performance.now()

/** One person's browser: keeps its cookies, and says where its requests come from. */
export const browserOf = (composed: Composed) => {
  const jar = new Map<string, string>()
  const browser = {
    jar,
    async ask(path: string, ask: Ask = {}): Promise<Answer> {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
      const answer = await composed.ask(path, {
        ...ask,
        headers: {
          'sec-fetch-site': 'same-origin',
          ...(cookie === '' ? {} : { cookie }),
          ...ask.headers,
        },
      })
      for (const line of answer.cookies) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (name === undefined) continue
        if (value === '') jar.delete(name)
        else jar.set(name, value!)
      }
      return answer
    },
    signIn: (name: string, password = PASSWORD) =>
      browser.ask('/api/v1/session', { body: { name, password } }),
  }
  return browser
}

export type Browser = ReturnType<typeof browserOf>

/** Makes the first admin, so that the installation closes, and signs them in. */
export const withAdmin = async (composed: Composed): Promise<Browser> => {
  const body = { name: 'root', roles: ['admin'], password: PASSWORD }
  const { status, text } = await composed.ask('/api/v1/users', { body })
  if (status !== 201) throw new Error(`no admin: ${status} ${text}`)
  const browser = browserOf(composed)
  const signedIn = await browser.signIn('root')
  if (signedIn.status !== 200) throw new Error(`no sign-in: ${signedIn.text}`)
  return browser
}

/** Somebody else, made by an admin and signed in. */
export const withUser = async (
  composed: Composed,
  admin: Browser,
  user: { name: string; roles: readonly string[]; teams?: string[]; limitedToTeams?: boolean },
): Promise<Browser> => {
  const made = await admin.ask('/api/v1/users', { body: { ...user, password: PASSWORD } })
  if (made.status !== 201) throw new Error(`no ${user.name}: ${made.text}`)
  const browser = browserOf(composed)
  const { status, text } = await browser.signIn(user.name)
  if (status !== 200) throw new Error(`${user.name} cannot sign in: ${text}`)
  return browser
}
