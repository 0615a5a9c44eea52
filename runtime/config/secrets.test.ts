// Secrets come from outside the file, and no output of ours repeats them.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { loadConfig } from './load.ts'
import { withoutSecrets } from './secrets.ts'

afterEach(() => vi.unstubAllEnvs())

const write = (name: string, text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'faultline-secrets-')), name)
  writeFileSync(path, text)
  return path
}

const CONFIG = (password: string) => `
postgres: { url: 'postgres://desk:s3cret-pg@db/desk' }
senders: { secrets: { grafana: [s3cret-sender] } }
desk:
  notifications:
    smtp: { host: mail.example, user: desk, password: ${password} }
    channels:
      chat: { kind: slack, url: !env CHAT_URL }
      hook: { kind: webhook, url: 'https://hook.example', secrets: [whsec_czNjcmV0] }
      pager: { kind: pagerduty, routingKey: s3cret-routing }
`

test('a secret is read from the environment or from a file', () => {
  vi.stubEnv('CHAT_URL', 'https://hooks.slack.example/services/s3cret-path')
  const path = write('smtp', 's3cret-smtp\n')
  const { notifications } = loadConfig(write('faultline.yaml', CONFIG(`!file ${path}`))).desk
  expect(notifications.smtp?.password).toBe('s3cret-smtp')
  expect(notifications.channels.chat).toMatchObject({
    url: 'https://hooks.slack.example/services/s3cret-path',
  })
})

test.each(['!env FAULTLINE_NOT_THERE', '!file /not/there'])(
  '%s that leads nowhere is refused',
  (tag) => {
    vi.stubEnv('CHAT_URL', 'https://hooks.slack.example/x')
    expect(() => loadConfig(write('faultline.yaml', CONFIG(tag)))).toThrow('there is nothing there')
  },
)

test('what is shown of a configuration holds no secret, and all else', () => {
  vi.stubEnv('CHAT_URL', 'https://hooks.slack.example/services/s3cret-path')
  const config = loadConfig(write('faultline.yaml', CONFIG('s3cret-smtp')))
  const shown = JSON.stringify(withoutSecrets(config))
  expect(shown).not.toMatch(/s3cret|czNjcmV0/)
  expect(shown).toContain('"url":"https://hooks.slack.example/[redacted]"')
  expect(shown).toContain('"url":"https://hook.example"')
  expect(shown).toContain('"host":"mail.example"')
})
