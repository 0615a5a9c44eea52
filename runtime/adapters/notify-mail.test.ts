// Mail against a real SMTP server on loopback: what arrives, and what each refusal means.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { render } from '../../ticketing/notifications/channels/registry.ts'
import { START } from '../../ticketing/testing/records.ts'
import { createMailer } from './notify-mail.ts'
import { createOutboundGuard } from './outbound-guard.ts'

let server: SMTPServer | undefined
afterEach(async () => {
  const open = server
  server = undefined
  if (open !== undefined) await new Promise<void>((closed) => open.close(() => closed()))
})

interface Arrived {
  readonly from: string
  readonly to: string[]
  readonly text: string
  readonly secure: boolean
}

const listen = async (options: SMTPServerOptions = {}) => {
  const arrived: Arrived[] = []
  server = new SMTPServer({
    authOptional: true,
    onData(stream, { envelope, secure }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
        const to = envelope.rcptTo.map(({ address }) => address)
        arrived.push({ from, to, text: Buffer.concat(chunks).toString('utf8'), secure })
        done()
      })
    },
    ...options,
  })
  // A client that is cut off is no concern of these tests.
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return { arrived, port: (server.server.address() as AddressInfo).port }
}

const mail = (over: { title?: string; id?: string } = {}) => {
  const settings = { kind: 'email', from: 'desk@example.org', to: ['a@x.org', 'b@x.org'] } as const
  const message = {
    event: 'opened',
    incidentId: 'i1',
    number: 'INC-1',
    title: over.title ?? 'Größer als gedacht',
    status: 'new',
    priority: 'P1',
    severity: 'critical',
    scope: 'default',
    text: 'A new incident\n.\nQUIT',
    at: START,
    cis: ['checkout'],
    alertCount: 3,
  } as const
  const outgoing = render(settings, message, { id: over.id ?? 'i1@1/all', at: START })
  if (outgoing.kind !== 'mail') throw new Error('a mail channel sends mail')
  return outgoing
}

const mailer = (
  port: number,
  over: { tls?: 'none' | 'starttls'; user?: string; password?: string; timeoutMs?: number } = {},
) => {
  const { timeoutMs = 3_000, ...settings } = over
  const guard = createOutboundGuard(['127.0.0.1'])
  return createMailer(guard, { host: '127.0.0.1', port, tls: 'none', ...settings }, timeoutMs)
}

test('a mail arrives whole, once, at everybody, and its attempts share one Message-ID', async () => {
  const { arrived, port } = await listen()
  expect(await mailer(port)(mail())).toEqual({ kind: 'sent' })
  expect(await mailer(port)(mail())).toEqual({ kind: 'sent' })
  const [first, second] = arrived
  expect(first).toMatchObject({ from: 'desk@example.org', to: ['a@x.org', 'b@x.org'] })
  const header = (text: string, name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(text)?.[1]
  expect(header(first!.text, 'message-id')).toMatch(/^<[0-9a-f]{16}@example\.org>\r?$/)
  expect(header(second!.text, 'message-id')).toBe(header(first!.text, 'message-id'))
  expect(header(first!.text, 'references')).toBe(header(second!.text, 'references'))
  expect(header(first!.text, 'auto-submitted')).toContain('auto-generated')
  expect(first!.text).toContain('QUIT')
})

test('text makes no header and no recipient', async () => {
  const { arrived, port } = await listen()
  await mailer(port)(mail({ title: 'x\r\nBcc: eve@example.org' }))
  expect(arrived[0]?.text).not.toMatch(/^bcc:/im)
  expect(arrived[0]?.to).not.toContain('eve@example.org')
})

test('a login is made, and a wrong one is final and told without the password', async () => {
  const onAuth: SMTPServerOptions['onAuth'] = ({ username, password }, _session, done) =>
    password === 'right' ? done(null, { user: username }) : done(new Error('no'))
  const { arrived, port } = await listen({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth,
  })
  expect(await mailer(port, { user: 'desk', password: 'right' })(mail())).toEqual({ kind: 'sent' })
  expect(arrived).toHaveLength(1)
  const refused = await mailer(port, { user: 'desk', password: 'wr0ng-secret' })(mail())
  expect(refused).toMatchObject({ kind: 'failed', retry: false })
  expect(JSON.stringify(refused)).not.toContain('wr0ng-secret')
})

test.each([
  [451, true],
  [550, false],
])('a refusal with %d is tried again: %s', async (responseCode, retry) => {
  const { port } = await listen({
    onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no'), { responseCode })),
  })
  expect(await mailer(port)(mail())).toMatchObject({ kind: 'failed', retry })
})

test('where encryption is demanded and not offered nothing is sent', async () => {
  const { arrived, port } = await listen({ disabledCommands: ['STARTTLS'] })
  expect((await mailer(port, { tls: 'starttls' })(mail())).kind).toBe('failed')
  expect(arrived).toEqual([])
})

test('a certificate that nobody vouches for is not trusted', async () => {
  const { arrived, port } = await listen()
  expect((await mailer(port, { tls: 'starttls' })(mail())).kind).toBe('failed')
  expect(arrived).toEqual([])
})

test('a server that hangs is a failure after the deadline', async () => {
  const { port } = await listen({ onConnect: () => {} })
  const result = await mailer(port, { timeoutMs: 300 })(mail())
  expect(result).toMatchObject({ kind: 'failed', retry: true })
})

test('FAULTS 18: a mail server inside is refused at connect unless allowed', async () => {
  const { arrived, port } = await listen()
  const inside = createMailer(
    createOutboundGuard([]),
    { host: '127.0.0.1', port, tls: 'none' },
    1_000,
  )
  const result = await inside(mail())
  expect(result).toMatchObject({ kind: 'failed', retry: false })
  expect(JSON.stringify(result)).toContain('loopback')
  expect(arrived).toEqual([])
})
