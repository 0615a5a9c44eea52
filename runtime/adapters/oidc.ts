// One OIDC provider: authorization code flow with PKCE, state and nonce (openid-client).
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
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
   * @returns the claims of a checked ID token
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
      ...(insecure ? { execute: [allowInsecureRequests] } : {}),
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
      const tokens = await authorizationCodeGrant(await discovered(), current, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      })
      return { ...tokens.claims() }
    },
  }
}
