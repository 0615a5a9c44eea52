// The server wants to know who asks: a token, kept for this tab.
import { signIn } from '../api/client.ts'

const submit = (event: SubmitEvent): void => {
  event.preventDefault()
  const form = event.currentTarget
  if (!(form instanceof HTMLFormElement)) return
  const token = String(new FormData(form).get('token') ?? '').trim()
  if (token !== '') signIn(token)
}

export const SignIn = () => (
  <main class="page" id="page">
    <form class="notice form" onSubmit={submit}>
      <h1>Sign in</h1>
      <p>This installation asks for a token. Its administrator hands them out.</p>
      <label>
        Token
        <input name="token" type="password" autocomplete="current-password" required />
      </label>
      <button type="submit" class="primary">
        Sign in
      </button>
    </form>
  </main>
)
