// What must never reach a log line.
import { describe, expect, test } from 'vitest'
import { createLogger, withoutCredentials } from './logger.ts'

describe('the logs', () => {
  test('secrets are redacted wherever they stand', () => {
    const lines: string[] = []
    const logger = createLogger('info', { write: (line) => void lines.push(line) })
    logger.info({
      authorization: 'Bearer s3cr3t',
      req: { headers: { authorization: 'Bearer s3cr3t', 'x-api-key': 's3cr3t' } },
      body: { routing_key: 's3cr3t', kept: 'visible' },
    })
    expect(lines.join('')).not.toContain('s3cr3t')
    expect(lines.join('')).toContain('visible')
  })

  test('a URL is shown without its credentials', () => {
    expect(withoutCredentials('postgres://me:pass@db:5432/x')).toBe(
      'postgres://[redacted]@db:5432/x',
    )
  })
})
