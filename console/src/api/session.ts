// Who we are to the server, how one signs in there, and whether it asks at all.
import { signal } from '@preact/signals'
import { type Answer, forgetToken, get, send, signInNeeded } from './client.ts'

export interface Session {
  readonly authenticated: boolean
  readonly actor?: string
  readonly displayName?: string
  readonly by?: 'nothing' | 'token' | 'session'
  readonly roles: readonly string[]
  readonly teams: readonly string[]
  readonly limitedToTeams: boolean
  /** `open`: a single user's tool, where everybody on this machine may do everything. */
  readonly mode: 'open' | 'closed'
  readonly signIn: {
    readonly password: boolean
    readonly oidc?: { readonly title: string; readonly path: string }
  }
}

const PATH = '/api/v1/session'

/** Undefined until the server has said; older ones never do. */
export const session = signal<Session | undefined>(undefined)

export const readSession = async (): Promise<void> => {
  const answer = await get<Session>(PATH)
  if (answer.ok) session.value = answer.data
}

/** A session in a cookie that no script can read; a token kept for this tab would go before it. */
export const signInWithPassword = async (
  name: string,
  password: string,
): Promise<Answer<Session>> => {
  forgetToken()
  const answer = await send<Session>(PATH, {
    method: 'POST',
    body: JSON.stringify({ name, password }),
    headers: { accept: 'application/json', 'content-type': 'application/json' },
  })
  if (answer.ok) {
    session.value = answer.data
    signInNeeded.value = false
  }
  return answer
}

export const signOut = async (): Promise<void> => {
  forgetToken()
  await send(PATH, { method: 'DELETE' })
  location.assign('/')
}
