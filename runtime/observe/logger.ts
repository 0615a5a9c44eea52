// Structured logs (pino) on stderr, so that stdout stays for what was asked; secrets are redacted.
import { type DestinationStream, destination, type Logger, pino } from 'pino'

export type { Logger }

const SECRETS = [
  'authorization',
  'cookie',
  'password',
  'token',
  'secret',
  'routing_key',
  'apiKey',
  'x-api-key',
  'secretAccessKey',
]

/** Paths wherever they stand up to two levels down. */
const redactedPaths = SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`])

export const createLogger = (level: string, to: DestinationStream = destination(2)): Logger =>
  pino(
    {
      level,
      base: { service: 'faultline' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redactedPaths, censor: '[redacted]' },
      serializers: { err: pino.stdSerializers.err },
    },
    to,
  )

/** Credentials inside a URL, hidden: `kafka://user:secret@host` becomes `kafka://[redacted]@host`. */
export const withoutCredentials = (url: string): string =>
  url.replace(/\/\/[^/@]*@/, '//[redacted]@')
