// JSON over HTTP with a login, as both ServiceNow and Jira have it.
import { type Http, type HttpRequest, mayRecover, OutboundError } from '../outbound.ts'

/** @throws OutboundError, naming neither query nor login, where the answer is not 2xx */
export type Ask = <T>(method: HttpRequest['method'], path: string, body?: object) => Promise<T>

export const withoutSlash = (url: string): string => url.replace(/\/+$/, '')

const REASON_MAX = 300

/** What the other desk says of a refusal: ServiceNow's `error`, Jira's `errorMessages`, `errors`. */
const reasonOf = (body: string): string => {
  try {
    const { error, errorMessages = [], errors = {} } = JSON.parse(body)
    const said = [error?.message, error?.detail, ...errorMessages, ...Object.values(errors)]
    const text = said.filter((each) => typeof each === 'string' && each !== '').join('; ')
    return text === '' ? '' : `: ${text.slice(0, REASON_MAX)}`
  } catch {
    return ''
  }
}

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
      const reason = reasonOf(answer.body)
      throw new OutboundError(what + reason, mayRecover(answer.status), answer.retryAfterMs)
    }
    try {
      return (answer.body === '' ? undefined : JSON.parse(answer.body)) as T
    } catch {
      // A sign-in page of a proxy, or an instance that sleeps.
      throw new OutboundError(`${desk.name} answered ${method} with what is not JSON`, true)
    }
  }
}
