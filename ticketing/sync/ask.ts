// JSON over HTTP with a login, as both ServiceNow and Jira have it.
import { type Http, type HttpRequest, mayRecover, OutboundError } from '../outbound.ts'

/** @throws OutboundError, naming neither query nor login, where the answer is not 2xx */
export type Ask = <T>(method: HttpRequest['method'], path: string, body?: object) => Promise<T>

export const withoutSlash = (url: string): string => url.replace(/\/+$/, '')

export const createAsk = (
  http: Http,
  desk: {
    readonly name: string
    /** With the path that every request shares. */
    readonly base: string
    readonly user: string
    readonly password: string
  },
): Ask => {
  const login = Buffer.from(`${desk.user}:${desk.password}`).toString('base64')
  const headers = {
    accept: 'application/json',
    'content-type': 'application/json',
    authorization: `Basic ${login}`,
  }
  return async <T>(method: HttpRequest['method'], path: string, body?: object): Promise<T> => {
    const text = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await http({ method, url: `${desk.base}/${path}`, headers, ...text })
    if (answer.status < 200 || answer.status >= 300) {
      const what = `${desk.name} answered ${answer.status} to ${method} ${path.split(/[/?]/)[0]}`
      throw new OutboundError(what, mayRecover(answer.status), answer.retryAfterMs)
    }
    try {
      return (answer.body === '' ? undefined : JSON.parse(answer.body)) as T
    } catch {
      // A sign-in page of a proxy, or an instance that sleeps.
      throw new OutboundError(`${desk.name} answered ${method} with what is not JSON`, true)
    }
  }
}
