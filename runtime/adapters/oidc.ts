// One OIDC provider: authorization code flow with PKCE, state and nonce (openid-client).
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import type { OidcConfig } from '../config/auth-schema.ts'
import { isLoopback } from '../http/access.ts'

/** What must be remembered between sending a browser away and its coming back. */
export interface OidcErrand {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

export interface OidcProvider {
  /** Where to send the browser. */
  begin(redirectUri: string): Promise<{ readonly url: string; readonly errand: OidcErrand }>
  /**
   * @param current the URL that the browser came back to, as the provider knows it
   * @returns the claims of a checked ID token, and of the user info beside it
   * @throws Error where anything does not hold: state, nonce, code, signature, audience, time
   */
  finish(current: URL, errand: OidcErrand): Promise<Readonly<Record<string, unknown>>>
}

const TIMEOUT_S = 10

export const createOidcProvider = (config: OidcConfig): OidcProvider => {
  const issuer = new URL(config.issuer)
  // Plain HTTP only to a provider on this very machine, for trying it out.
  const insecure = issuer.protocol === 'http:' && isLoopback(issuer.hostname)
  let found: Promise<Configuration> | undefined
  /** Asked for at the first sign-in, so that a provider that is away does not stop the start. */
  const discovered = (): Promise<Configuration> => {
    found ??= discovery(issuer, config.clientId, config.clientSecret, undefined, {
      timeout: TIMEOUT_S,
      // The ID token's signature is checked too, not only the connection that brought it.
      execute: [enableNonRepudiationChecks, ...(insecure ? [allowInsecureRequests] : [])],
    }).catch((error) => {
      found = undefined
      throw error
    })
    return found
  }
  return {
    async begin(redirectUri) {
      const errand = {
        state: randomState(),
        nonce: randomNonce(),
        verifier: randomPKCECodeVerifier(),
      }
      const url = buildAuthorizationUrl(await discovered(), {
        redirect_uri: redirectUri,
        scope: config.scope,
        state: errand.state,
        nonce: errand.nonce,
        code_challenge: await calculatePKCECodeChallenge(errand.verifier),
        code_challenge_method: 'S256',
      })
      return { url: url.href, errand }
    },
    async finish(current, { state, nonce, verifier }) {
      const provider = await discovered()
      const tokens = await authorizationCodeGrant(provider, current, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (claims === undefined || provider.serverMetadata().userinfo_endpoint === undefined)
        return { ...claims }
      // Many providers name groups there only. What the ID token says wins.
      const info = await fetchUserInfo(provider, tokens.access_token, claims.sub)
      return { ...info, ...claims }
    },
  }
}
