// Secrets in the configuration: taken from the environment or a file, and never shown again.
import { readFileSync } from 'node:fs'
import type { ScalarTag } from 'yaml'
import { withoutCredentials } from '../observe/logger.ts'
import { environment } from './environment.ts'

const tag = (name: string, read: (argument: string) => string | undefined): ScalarTag => ({
  tag: name,
  resolve: (argument, refuse) => {
    const value = argument === '' ? undefined : read(argument)
    if (value === undefined) refuse(`${name} ${argument}: there is nothing there`)
    return value
  },
})

const contents = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch {
    return undefined
  }
}

/** `password: !env SMTP_PASSWORD`, `password: !file /run/secrets/smtp` */
export const SECRET_TAGS: ScalarTag[] = [tag('!env', environment), tag('!file', contents)]

const HIDDEN = '[redacted]'
const SECRET_NAMES =
  /^(passwords?|secrets?|\w+Secret|routingKey|token|apiToken|apiKey|accessKeyId|secretAccessKey)$/

/** What a URL has after its host is what Slack, Teams and others take for a password. */
const withoutPath = (text: string): string => {
  if (!/^https?:/.test(text) || !URL.canParse(text)) return withoutCredentials(text)
  const { origin, pathname, search } = new URL(text)
  return pathname === '/' && search === '' ? origin : `${origin}/${HIDDEN}`
}

/** The same settings with every secret hidden, to be shown to people. */
export const withoutSecrets = (value: unknown, name = '', hidden = false): unknown => {
  const hide = hidden || SECRET_NAMES.test(name)
  if (typeof value === 'string') return hide ? HIDDEN : name === 'url' ? withoutPath(value) : value
  if (Array.isArray(value)) return value.map((each) => withoutSecrets(each, name, hide))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, withoutSecrets(each, key, hide)]),
  )
}
