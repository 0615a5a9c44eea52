// The server wants to know who asks: a name and password, another site's word, or a token.
import { useEffect, useState } from 'preact/hooks'
import { signIn } from '../api/client.ts'
import { readSession, session, signInWithPassword } from '../api/session.ts'
import { path } from '../router.ts'

const fieldsOf = (event: SubmitEvent): FormData | undefined => {
  event.preventDefault()
  const form = event.currentTarget
  return form instanceof HTMLFormElement ? new FormData(form) : undefined
}

const takeToken = (event: SubmitEvent): void => {
  const token = String(fieldsOf(event)?.get('token') ?? '').trim()
  if (token === '') return
  signIn(token)
  void readSession()
}

const TokenForm = () => (
  <form class="form" onSubmit={takeToken}>
    <label>
      Token
      <input name="token" type="password" autocomplete="off" required />
    </label>
    <button type="submit" class="primary">
      Sign in
    </button>
  </form>
)

const PasswordForm = () => {
  const [refusal, setRefusal] = useState('')
  const submit = async (event: SubmitEvent): Promise<void> => {
    const fields = fieldsOf(event)
    setRefusal('')
    const answer = await signInWithPassword(
      String(fields?.get('name') ?? ''),
      String(fields?.get('password') ?? ''),
    )
    if (!answer.ok) setRefusal(answer.refusal.detail)
  }
  return (
    <form class="form" onSubmit={(event) => void submit(event)}>
      <label>
        Name
        <input name="name" autocomplete="username" autocapitalize="none" required />
      </label>
      <label>
        Password
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <p role="alert">{refusal}</p>
      <button type="submit" class="primary">
        Sign in
      </button>
    </form>
  )
}

const TOKEN_WORDS = 'This installation asks for a token. Its administrator hands them out.'

export const SignIn = () => {
  useEffect(() => void readSession(), [])
  const { password = false, oidc } = session.value?.signIn ?? {}
  const others = password || oidc !== undefined
  return (
    <main class="page" id="page">
      <div class="notice">
        <h1>Sign in</h1>
        {oidc !== undefined && (
          <p>
            <a href={`${oidc.path}?to=${encodeURIComponent(path.value)}`} data-leaves>
              Sign in with {oidc.title}
            </a>
          </p>
        )}
        {password && <PasswordForm />}
        {others ? (
          <details>
            <summary>With an API token</summary>
            <TokenForm />
          </details>
        ) : (
          <>
            <p>{TOKEN_WORDS}</p>
            <TokenForm />
          </>
        )}
      </div>
    </main>
  )
}
