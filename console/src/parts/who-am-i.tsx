// Who is signed in, with the way out; and a warning where nobody has to.
import { session, signOut } from '../api/session.ts'

export const WhoAmI = () => {
  const known = session.value
  if (known?.actor === undefined || known.by === 'nothing') return null
  const words = [known.roles.join(', '), known.limitedToTeams ? known.teams.join(', ') : '']
  return (
    <>
      <span class="zone" title={words.filter((word) => word !== '').join('; ')}>
        {known.displayName ?? known.actor}
      </span>
      <button type="button" class="quiet" onClick={() => void signOut()}>
        Sign out
      </button>
    </>
  )
}

export const OpenBanner = () =>
  session.value?.mode === 'open' ? (
    <p class="open-banner" role="status">
      Open to everybody on this machine: nobody has to sign in.{' '}
      <code>faultline users add NAME --role admin</code> changes that.
    </p>
  ) : null
