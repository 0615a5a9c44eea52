// Alerts a second over HTTP, each acknowledged only once durable, beside Alertmanager if it is
// here: npx tsx bench/edge.ts [--alerts 200000] [--connections 16]
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const ALERTMANAGER = 'prometheus-alertmanager'
const READY_TRIES_MAX = 100
const TICKS_PER_SECOND = 100

const { values: flags } = parseArgs({
  options: {
    alerts: { type: 'string', default: '200000' },
    connections: { type: 'string', default: '16' },
  },
})

interface Target {
  readonly name: string
  readonly port: number
  readonly child: ChildProcess
  readonly directory: string
}

interface Load {
  readonly batch: number
  readonly kind: 'new' | 'duplicate'
  readonly alerts: number
}

const found = (command: string): boolean => {
  try {
    execFileSync('which', [command], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** On one core where the machine lets us choose, so that the client does not share it. */
const spawnPinned = (command: string, args: readonly string[]): ChildProcess => {
  const pinned = found('taskset') ? ['taskset', '-c', '0', command, ...args] : [command, ...args]
  const [first = command, ...rest] = pinned
  return spawn(first, rest, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] })
}

const startFaultline = async (): Promise<Target> => {
  const directory = mkdtempSync(join(tmpdir(), 'faultline-bench-edge-'))
  const main = join(ROOT, 'dist', 'runtime', 'cli', 'main.js')
  const args = [main, 'serve', '--role', 'ingest', '--port', '0', '--data', directory]
  const child = spawnPinned(process.execPath, args)
  for await (const line of createInterface({ input: child.stdout! })) {
    const port = /ready: http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1]
    if (port !== undefined) {
      child.stdout!.resume()
      return { name: 'Faultline', port: Number(port), child, directory }
    }
  }
  throw new Error('Faultline did not start: build it first (npm run build)')
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })

const startAlertmanager = async (): Promise<Target> => {
  const directory = mkdtempSync(join(tmpdir(), 'faultline-bench-alertmanager-'))
  const config = join(directory, 'alertmanager.yml')
  writeFileSync(
    config,
    'route: { receiver: none, group_by: [alertname] }\nreceivers: [{ name: none }]\n',
  )
  const port = await freePort()
  const child = spawnPinned(ALERTMANAGER, [
    `--config.file=${config}`,
    `--storage.path=${directory}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
    '--log.level=error',
  ])
  child.stdout!.resume()
  for (let i = 0; i < READY_TRIES_MAX; i++) {
    if (
      await fetch(`http://127.0.0.1:${port}/-/ready`).then(
        (r) => r.ok,
        () => false,
      )
    )
      return { name: 'Alertmanager', port, child, directory }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('Alertmanager did not start')
}

const alertOf = (i: number) => ({
  labels: {
    alertname: `HighErrorRate${i % 50}`,
    severity: 'critical',
    service: `svc-${i % 200}`,
    namespace: `ns-${i % 20}`,
    instance: `10.${(i >> 16) % 256}.${(i >> 8) % 256}.${i % 256}:9100`,
    cluster: 'eu-1',
    job: 'node',
    env: 'prod',
    team: 'payments',
  },
  annotations: {
    summary: `Error rate of svc-${i % 200} is above 5% for 10 minutes`,
    description: 'Above the threshold for more than ten minutes; look at the dashboard first.',
    runbook_url: 'https://runbooks.example/HighErrorRate',
  },
  startsAt: new Date(Date.now() - 60_000).toISOString(),
  endsAt: new Date(Date.now() + 240_000).toISOString(),
  generatorURL: 'http://prometheus.example:9090/graph?g0.expr=rate%28errors%5B5m%5D%29+%3E+0.05',
})

const requestOf = (batch: number, first: number): Buffer => {
  const body = JSON.stringify(Array.from({ length: batch }, (_, i) => alertOf(first + i)))
  const head =
    'POST /api/v2/alerts HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n' +
    `content-length: ${Buffer.byteLength(body)}\r\n\r\n`
  return Buffer.from(head + body)
}

/** One request after the other; every answer must be a 200. */
const send = (port: number, requests: Iterator<Buffer>): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1')
    let answer = ''
    const next = (): void => {
      const { value, done } = requests.next()
      if (done === true) {
        socket.end()
        resolve()
      } else socket.write(value)
    }
    socket.setNoDelay(true)
    socket.on('connect', next).on('error', reject)
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1')
      const end = answer.indexOf('\r\n\r\n')
      if (end === -1) return
      const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? 0)
      if (answer.length < end + 4 + length) return
      if (!answer.startsWith('HTTP/1.1 200')) reject(new Error(answer.slice(0, 200)))
      answer = ''
      next()
    })
  })

/** CPU seconds of a process so far, its own and the kernel's for it (Linux). */
const cpuSeconds = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

const measure = async ({ child, port }: Target, { batch, kind, alerts }: Load) => {
  const bodies = kind === 'new' ? alerts / batch : Math.max(1, 1_000 / batch)
  const requests = Array.from({ length: bodies }, (_, i) => requestOf(batch, i * batch))
  let left = alerts / batch
  const source: Iterator<Buffer> = {
    next: () => {
      left -= 1
      if (left < 0) return { done: true, value: undefined }
      return { done: false, value: requests[left % requests.length]! }
    },
  }
  const cpuBefore = cpuSeconds(child.pid!)
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: Number(flags.connections) }, () => send(port, source)))
  const seconds = (performance.now() - startedAt) / 1_000
  const cpu = ((cpuSeconds(child.pid!) - cpuBefore) / alerts) * 100_000
  return { alertsPerSecond: Math.round(alerts / seconds), cpuSecondsPer100k: cpu }
}

const LOADS: readonly Load[] = [1, 100, 1_000].flatMap((batch) => {
  const alerts = Number(flags.alerts) / (batch === 1 ? 4 : 1)
  return [
    { batch, kind: 'new', alerts },
    { batch, kind: 'duplicate', alerts },
  ] as const
})

const stop = ({ child, directory }: Target): Promise<void> =>
  new Promise((resolve) => {
    child.once('exit', () => {
      rmSync(directory, { recursive: true, force: true })
      resolve()
    })
    child.kill('SIGTERM')
  })

const say = (...cells: readonly (string | number)[]): void => {
  process.stdout.write(`${cells.map((cell) => String(cell).padStart(14)).join('')}\n`)
}

const run = async (): Promise<void> => {
  const starters = found(ALERTMANAGER) ? [startFaultline, startAlertmanager] : [startFaultline]
  say('', 'batch', 'alerts', 'alerts/s', 'CPU s/100k')
  for (const start of starters) {
    const target = await start()
    try {
      await measure(target, { batch: 100, kind: 'duplicate', alerts: 50_000 })
      for (const load of LOADS) {
        const { alertsPerSecond, cpuSecondsPer100k } = await measure(target, load)
        const rate = alertsPerSecond.toLocaleString('en')
        say(target.name, load.batch, load.kind, rate, cpuSecondsPer100k.toFixed(2))
      }
    } finally {
      await stop(target)
    }
  }
}

await run()
