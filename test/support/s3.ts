// A throw-away S3 server (moto, from PyPI) on a free port.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { eventually, freePort, ROOT, start } from './processes.ts'

// As the adapter does it: the client's release is pinned.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

const PROGRAM = 'moto_server'
/** Where `.ci/run` puts it, and then wherever programs are. */
const PLACES = [join(ROOT, '.cache/moto/bin'), ...(process.env.PATH ?? '').split(delimiter)]

/** There exactly when the server is installed. */
export const S3_PROGRAM =
  PLACES.map((place) => join(place, PROGRAM)).find(existsSync) ?? join(PLACES[0]!, PROGRAM)

export interface TestS3 {
  readonly endpoint: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /**
   * From then on each request has to be signed with the key above, or none. Its check fails for
   * queries with a slash in them, listings for one; so it is on only where it is the point.
   */
  checkSignatures(on: boolean): Promise<void>
  stop(): Promise<unknown>
}

const USER = 'faultline'
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
})

/** The service is told by the scope of a signature, which nobody checks before there are users. */
const UNSIGNED =
  'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=x'

const askIam = async (endpoint: string, parameters: Record<string, string>): Promise<string> => {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: UNSIGNED },
    body: new URLSearchParams({ Version: '2010-05-08', ...parameters }),
  })
  if (!answer.ok) throw new Error(`${parameters.Action}: ${answer.status} ${await answer.text()}`)
  return answer.text()
}

const textOf = (xml: string, name: string): string =>
  new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)?.[1] ?? ''

export const startS3 = async (): Promise<TestS3> => {
  const port = await freePort()
  const endpoint = `http://127.0.0.1:${port}`
  const server = start(S3_PROGRAM, ['-H', '127.0.0.1', '-p', String(port)])
  try {
    await eventually('an S3 server', 60_000, async () => {
      if (server.child.exitCode !== null) throw new Error(server.output())
      await askIam(endpoint, { Action: 'CreateUser', UserName: USER })
      return true
    })
    const policy = { PolicyName: 'all', PolicyDocument: POLICY }
    await askIam(endpoint, { Action: 'PutUserPolicy', UserName: USER, ...policy })
    const key = await askIam(endpoint, { Action: 'CreateAccessKey', UserName: USER })
    const checkSignatures = async (on: boolean): Promise<void> => {
      // How many requests may still come unsigned.
      const body = on ? '0' : 'inf'
      await fetch(`${endpoint}/moto-api/reset-auth`, { method: 'POST', body })
    }
    return {
      endpoint,
      accessKeyId: textOf(key, 'AccessKeyId'),
      secretAccessKey: textOf(key, 'SecretAccessKey'),
      checkSignatures,
      stop: () => server.stop(),
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}
