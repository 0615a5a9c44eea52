// A real OIDC provider on loopback, and a browser that walks between it and Faultline.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { Provider } from 'oidc-provider'
import { freePort } from './processes.ts'

export interface Account {
  readonly preferred_username: string
  readonly groups: readonly string[]
  readonly email?: string
  readonly name?: string
}

export interface TestProvider {
  readonly issuer: string
  /** By subject; may be changed between sign-ins. */
  readonly accounts: Map<string, Account>
  stop(): Promise<void>
}

export const CLIENT = { id: 'faultline', secret: 'a-client-secret-of-some-length' }

export const startProvider = async (redirectUri: () => string): Promise<TestProvider> => {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const accounts = new Map<string, Account>()
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        // Filled in below: Faultline's port is known only once it listens.
        redirect_uris: [redirectUri()],
      },
    ],
    pkce: { required: () => true },
    claims: {
      openid: ['sub', 'groups'],
      profile: ['name', 'preferred_username'],
      email: ['email'],
    },
    cookies: { keys: ['only for this test'] },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (_ctx, sub) => {
      const account = accounts.get(sub)
      return account && { accountId: sub, claims: async () => ({ sub, ...account }) }
    },
  })
  const server: Server = createServer(provider.callback())
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    issuer,
    accounts,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Cookies by host and port, as one profile of a browser keeps them. */
export const createTraveller = () => {
  const jars = new Map<string, Map<string, string>>()
  const jarOf = (url: URL): Map<string, string> => {
    const jar = jars.get(url.host) ?? new Map<string, string>()
    jars.set(url.host, jar)
    return jar
  }
  const traveller = {
    jarOf: (url: string) => jarOf(new URL(url)),
    async visit(address: string, form?: Readonly<Record<string, string>>): Promise<Response> {
      const url = new URL(address)
      const cookie = [...jarOf(url)].map(([name, value]) => `${name}=${value}`).join('; ')
      const response = await fetch(url, {
        redirect: 'manual',
        method: form === undefined ? 'GET' : 'POST',
        headers: { cookie, 'sec-fetch-site': 'cross-site' },
        ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
      })
      for (const line of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (name === undefined) continue
        if (value === '') jarOf(url).delete(name)
        else jarOf(url).set(name, value!)
      }
      return response
    },
    /** Follows redirects and fills in the provider's forms until `stop` says so. */
    async travel(address: string, subject: string, stop: (url: string) => boolean) {
      let url = address
      let form: Record<string, string> | undefined
      for (let steps = 0; steps < 20; steps++) {
        const response = await traveller.visit(url, form)
        form = undefined
        const location = response.headers.get('location')
        if (location !== null) {
          url = new URL(location, url).href
          if (stop(url)) return { url, response }
          continue
        }
        const page = await response.text()
        const [, action, prompt] =
          /action="([^"]+)"[\s\S]*?name="prompt" value="([^"]+)"/.exec(page) ?? []
        if (action === undefined) return { url, response, page }
        url = new URL(action, url).href
        form = { prompt: prompt!, login: subject, password: 'any' }
      }
      throw new Error(`still under way at ${url}`)
    },
  }
  return traveller
}
