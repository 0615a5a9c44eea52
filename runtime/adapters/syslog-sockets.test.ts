// Syslog on real sockets: framings, order, networks, and what happens when too much comes.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createNormaliser } from '../../ingest/normalise.ts'
import { defaultIngestSettings, type SyslogSettings } from '../../ingest/settings.ts'
import { openSyslog, type SyslogSockets } from './syslog-sockets.ts'

let sockets: SyslogSockets | undefined
const clients: Socket[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await sockets?.stop()
  sockets = undefined
})

const listen = async (
  settings: Partial<SyslogSettings> = {},
  take: (lines: readonly string[]) => Promise<boolean> = async () => true,
) => {
  const lines: string[] = []
  const batches: number[] = []
  const counts = new Map<string, number>()
  const count = (name: string, by: number): void =>
    void counts.set(name, (counts.get(name) ?? 0) + by)
  let news = (): void => {}
  sockets = await openSyslog({
    settings: { ...defaultIngestSettings.syslog, udp: 0, tcp: 0, gatherMs: 5, ...settings },
    take: async (batch) => {
      if (!(await take(batch))) return false
      lines.push(...batch)
      batches.push(batch.length)
      news()
      return true
    },
    received: (transport, messages) => {
      count(transport, messages)
      news()
    },
    lost: (reason, messages) => {
      count(reason, messages)
      news()
    },
    failed: (error) => {
      throw error
    },
  })
  const { ports } = sockets
  /** Resolves once the condition holds; the test's own time limit ends a vain wait. */
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds())
      await new Promise<void>((resolve) => {
        news = resolve
      })
  }
  return { ports, lines, batches, counts, until }
}

const tcp = async (port: number | undefined): Promise<Socket> => {
  const socket = connect(port!, '127.0.0.1')
  clients.push(socket)
  await once(socket, 'connect')
  return socket
}

const udp = (port: number | undefined, ...messages: (string | Buffer)[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    let left = messages.length
    for (const message of messages)
      socket.send(message, port!, '127.0.0.1', (error) => {
        if (error !== null) return reject(error)
        left -= 1
        if (left === 0) socket.close(() => resolve())
      })
  })

const RFC5424 = '<11>1 2026-03-02T11:59:00Z db-1 postgres 42 ID47 - disk is full'
const RFC3164 = '<12>Mar  2 11:59:00 sw-1 kernel: link down'

describe('messages arrive', () => {
  test('over UDP, one a datagram', async () => {
    const { ports, lines, until } = await listen()
    await udp(ports.udp, RFC5424, `${RFC3164}\n`)
    await until(() => lines.length === 2)
    expect(lines.sort()).toEqual([RFC5424, RFC3164].sort())
  })

  test('over TCP, octet-counted and by line, in order, however the stream is cut', async () => {
    const { ports, lines, until } = await listen()
    const socket = await tcp(ports.tcp)
    const multi = `${RFC5424}\nsecond line`
    const stream = Buffer.from(
      `${Buffer.byteLength(multi)} ${multi}${RFC3164}\r\n${RFC5424}\n${RFC3164.length} ${RFC3164}`,
    )
    for (const byte of stream) socket.write(Buffer.from([byte]))
    await until(() => lines.length === 4)
    expect(lines).toEqual([`${RFC5424} second line`, RFC3164, RFC5424, RFC3164])
  })

  test('that are no UTF-8 are read as Latin-1, as old devices send', async () => {
    const { ports, lines, until } = await listen()
    await udp(ports.udp, Buffer.from('<11>M\xfcnchen', 'latin1'))
    await until(() => lines.length === 1)
    expect(lines).toEqual(['<11>M\u00fcnchen'])
  })

  test('and are events of the syslog source, RFC 5424 and 3164 alike', () => {
    const normalise = createNormaliser(defaultIngestSettings)
    const receivedAt = Date.UTC(2026, 2, 2, 12)
    const delivery = { source: 'syslog', receivedAt, deliveryId: 'd' }
    const { batches } = normalise({ ...delivery, payload: [RFC5424, RFC3164] })
    expect(batches[0]!.batch.events).toMatchObject([
      { severity: 'error', labels: { host: 'db-1', app: 'postgres' } },
      { severity: 'warning', labels: { host: 'sw-1', app: 'kernel' } },
    ])
  })
})

describe('too much', () => {
  test('waits in batches of bounded size', async () => {
    const { ports, lines, batches, until } = await listen({ batchMessagesMax: 10 })
    const socket = await tcp(ports.tcp)
    socket.write(`${RFC3164}\n`.repeat(95))
    await until(() => lines.length === 95)
    expect(Math.max(...batches)).toBe(10)
  })

  test('over UDP is lost and counted while the log takes nothing', async () => {
    let open = false
    const { ports, lines, counts, until } = await listen(
      { waitingLengthMax: 200 },
      async () => open,
    )
    for (let i = 0; i < 20; i++) await udp(ports.udp, RFC5424)
    await until(() => (counts.get('overloaded') ?? 0) + (counts.get('udp') ?? 0) === 20)
    expect(counts.get('udp')).toBeLessThan(6)
    open = true
    await until(() => lines.length === counts.get('udp'))
  })

  test('over TCP is read more slowly, and nothing of it is lost', async () => {
    let open = false
    const { ports, lines, counts, until } = await listen(
      { waitingLengthMax: 200 },
      async () => open,
    )
    const socket = await tcp(ports.tcp)
    const stream = `${RFC3164}\n`.repeat(20_000)
    socket.write(stream)
    await until(() => (counts.get('tcp') ?? 0) > 0)
    expect(counts.get('tcp')).toBeLessThan(20_000)
    open = true
    await until(() => lines.length === 20_000)
    expect(counts.get('overloaded')).toBeUndefined()
  })

  test('a message beyond the limit is cut, and the next one is whole', async () => {
    const { ports, lines, until } = await listen({ messageBytesMax: 100 })
    const socket = await tcp(ports.tcp)
    socket.write(`<11>${'x'.repeat(1_000)}\n${RFC3164}\n`)
    await until(() => lines.length === 2)
    expect([lines[0]!.length, lines[1]]).toEqual([100, RFC3164])
  })

  test('connections beyond the limit are closed and counted', async () => {
    const { ports, counts } = await listen({ connectionsMax: 1 })
    await tcp(ports.tcp)
    const second = await tcp(ports.tcp)
    await once(second, 'close')
    expect(counts.get('too-many-connections')).toBe(1)
  })

  test('a connection that says nothing is closed', async () => {
    const { ports } = await listen({ idleMs: 50 })
    const socket = await tcp(ports.tcp)
    await once(socket, 'close')
  })
})

describe('networks that are not named', () => {
  test('are not heard: nothing but a count comes of them', async () => {
    const { ports, lines, counts, until } = await listen({ allow: ['10.0.0.0/8', 'fd00::/8'] })
    await udp(ports.udp, RFC5424)
    await until(() => counts.get('address-not-allowed') === 1)
    const socket = await tcp(ports.tcp)
    await once(socket, 'close')
    expect([counts.get('address-not-allowed'), lines]).toEqual([2, []])
  })
})

test('what has come is handed on before it stops', async () => {
  const { ports, lines, counts, until } = await listen({ gatherMs: 1_000 })
  await udp(ports.udp, RFC5424)
  await until(() => counts.get('udp') === 1)
  await sockets!.stop()
  sockets = undefined
  expect(lines).toEqual([RFC5424])
})
