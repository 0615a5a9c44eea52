// Syslog on UDP and TCP: messages gathered into deliveries, with every overload bounded and counted.
import { isUtf8 } from 'node:buffer'
import { createSocket, type Socket as DatagramSocket } from 'node:dgram'
import { once } from 'node:events'
import {
  type AddressInfo,
  BlockList,
  createServer,
  isIPv6,
  type Server,
  type Socket,
} from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { SyslogSettings } from '../../ingest/settings.ts'
import { createSyslogFramer } from '../../ingest/syslog-frames.ts'

export type SyslogTransport = 'udp' | 'tcp'
export type SyslogLoss = 'address-not-allowed' | 'overloaded' | 'too-many-connections'

export interface SyslogOptions {
  readonly settings: SyslogSettings
  /** @returns false where the log cannot take it now: it is offered again */
  take(lines: readonly string[]): Promise<boolean>
  received(transport: SyslogTransport, messages: number): void
  lost(reason: SyslogLoss, messages: number): void
  failed(error: Error): void
}

export interface SyslogSockets {
  /** As bound; absent where that transport is off. */
  readonly ports: { readonly udp?: number; readonly tcp?: number }
  /** Takes no more, and hands on what came. */
  stop(): Promise<void>
}

const RETRY_MS = 500
/** How long what waits may take to be handed on while stopping. */
const RETRIES_WHILE_STOPPING = 4

/** Old devices send Latin-1; line feeds inside a counted message would end its line. */
const lineOf = (message: Buffer): string =>
  message
    .toString(isUtf8(message) ? 'utf8' : 'latin1')
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .trim()

const allowList = (networks: readonly string[]): BlockList => {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

/** Messages that wait, handed on in batches; one batch at a time, so that they stay in order. */
const createPump = ({ settings, take, failed }: SyslogOptions) => {
  let waiting: string[] = []
  let waitingLength = 0
  let running: Promise<void> | undefined
  let stopping = false
  let drained: (() => void)[] = []

  const handOn = async (batch: readonly string[]): Promise<void> => {
    for (let tries = 0; !stopping || tries < RETRIES_WHILE_STOPPING; tries++) {
      if (await take(batch)) return
      await pause(RETRY_MS)
    }
  }

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      if (!stopping && waiting.length < settings.batchMessagesMax) await pause(settings.gatherMs)
      const batch = waiting.slice(0, settings.batchMessagesMax)
      await handOn(batch).catch(failed)
      waiting = waiting.slice(batch.length)
      waitingLength = waiting.reduce((sum, line) => sum + line.length, 0)
      for (const go of drained.splice(0)) go()
    }
    running = undefined
  }

  return {
    full: () => waitingLength >= settings.waitingLengthMax,
    push: (lines: readonly string[]): void => {
      for (const line of lines) {
        waiting.push(line)
        waitingLength += line.length
      }
      if (waiting.length > 0) running ??= run()
    },
    /** Resolves once something was handed on. */
    room: () => new Promise<void>((resolve) => drained.push(resolve)),
    stop: async () => {
      stopping = true
      await running
      drained = []
    },
  }
}

type Pump = ReturnType<typeof createPump>

const openUdp = async (options: SyslogOptions, allowed: BlockList, pump: Pump) => {
  const { settings, received, lost } = options
  const socket: DatagramSocket = createSocket(isIPv6(settings.host) ? 'udp6' : 'udp4')
  socket.on('message', (message, { address, family }) => {
    if (!allowed.check(address, family === 'IPv6' ? 'ipv6' : 'ipv4'))
      return lost('address-not-allowed', 1)
    if (pump.full()) return lost('overloaded', 1)
    received('udp', 1)
    const line = lineOf(message.subarray(0, settings.messageBytesMax))
    if (line !== '') pump.push([line])
  })
  socket.bind(settings.udp, settings.host)
  await once(socket, 'listening')
  socket.on('error', options.failed)
  return socket
}

/** A sender that is faster than the log is simply read more slowly. */
const serveConnection = (
  socket: Socket,
  { settings, received }: SyslogOptions,
  pump: Pump,
): void => {
  const framer = createSyslogFramer(settings.messageBytesMax)
  socket.setTimeout(settings.idleMs, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    const lines = framer.push(chunk).map(lineOf).filter(Boolean)
    received('tcp', lines.length)
    pump.push(lines)
    if (!pump.full()) return
    socket.pause()
    void pump.room().then(() => socket.resume())
  })
}

const openTcp = async (options: SyslogOptions, allowed: BlockList, pump: Pump) => {
  const { settings, lost } = options
  const open = new Set<Socket>()
  const server: Server = createServer((socket) => {
    const { remoteAddress = '', remoteFamily } = socket
    if (!allowed.check(remoteAddress, remoteFamily === 'IPv6' ? 'ipv6' : 'ipv4')) {
      lost('address-not-allowed', 1)
      socket.destroy()
      return
    }
    if (open.size >= settings.connectionsMax) {
      lost('too-many-connections', 1)
      socket.destroy()
      return
    }
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    serveConnection(socket, options, pump)
  })
  server.listen(settings.tcp, settings.host)
  await once(server, 'listening')
  server.on('error', options.failed)
  return { server, open }
}

/** @throws Error when a port cannot be had, TypeError when a network is none */
export const openSyslog = async (options: SyslogOptions): Promise<SyslogSockets> => {
  const { settings } = options
  const allowed = allowList(settings.allow)
  const pump = createPump(options)
  const udp = settings.udp === undefined ? undefined : await openUdp(options, allowed, pump)
  const tcp = settings.tcp === undefined ? undefined : await openTcp(options, allowed, pump)
  return {
    ports: {
      ...(udp === undefined ? {} : { udp: udp.address().port }),
      ...(tcp === undefined ? {} : { tcp: (tcp.server.address() as AddressInfo).port }),
    },
    stop: async () => {
      udp?.close()
      for (const socket of tcp?.open ?? []) socket.destroy()
      if (tcp !== undefined) await new Promise<void>((done) => tcp.server.close(() => done()))
      await pump.stop()
    },
  }
}
