// Alerts a second over HTTP, each acknowledged only once durable, beside Alertmanager if it is here.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { median } from './report.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const ALERTMANAGER = 'prometheus-alertmanager'
const READY_TRIES_MAX = 100
const TICKS_PER_SECOND = 100

const { values: flags } = parseArgs({
  options: {
    /** A load; a quarter of it in batches of one. New ones should stay under the edge's budget. */
    alerts: { type: 'string', default: '40000' },
    /** Senders, each of which waits for its answer before it sends again. */
    connections: { type: 'string', default: '64' },
    /** Of every load, Faultline's and Alertmanager's in turn. */
    repeats: { type: 'string', default: '3' },
    batches: { type: 'string', default: '1,100,1000' },
    /** Directory for a CPU profile of Faultline. */
    profile: { type: 'string' },
  },
})

/** As the image and `npm start` run it: little garbage of the edge then outlives a scavenge. */
const NODE_ARGS = [
  '--max-semi-space-size=32',
  ...(flags.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${flags.profile}`]),
]

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

interface Measured {
  readonly alertsPerSecond: number
  readonly cpuSecondsPer100k: number
}

const found = (command: string): boolean => {
  try {
    execFileSync('which', [command], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Servers on one core, their client on another, where the machine lets us choose. */
const pinClient = (): void => {
  if (found('taskset')) execFileSync('taskset', ['-cp', '1', String(process.pid)])
}

const spawnPinned = (command: string, args: readonly string[]): ChildProcess => {
  const pinned = found('taskset') ? ['taskset', '-c', '0', command, ...args] : [command, ...args]
  const [first = command, ...rest] = pinned
  return spawn(first, rest, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] })
}

const startFaultline = async (): Promise<Target> => {
  const directory = mkdtempSync(join(tmpdir(), 'faultline-bench-edge-'))
  const main = join(ROOT, 'dist', 'runtime', 'cli', 'main.js')
  const args = [main, 'serve', '--role', 'ingest', '--port', '0', '--data', directory]
  const child = spawnPinned(process.execPath, [...NODE_ARGS, ...args])
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

const measure = async (
  { child, port }: Target,
  { batch, kind, alerts }: Load,
  first: number,
): Promise<Measured> => {
  const bodies = kind === 'new' ? alerts / batch : Math.max(1, DUPLICATED / batch)
  const from = kind === 'new' ? first : 0
  const requests = Array.from({ length: bodies }, (_, i) => requestOf(batch, from + i * batch))
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

/** So many in each size before anything counts, as compilers need some to begin with. */
const WARM_UP_ALERTS = 10_000

/** Alerts that are sent again and again; new ones begin after them. */
const DUPLICATED = 1_000

const LOADS: readonly Load[] = flags.batches.split(',').flatMap((text) => {
  const batch = Number(text)
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

/** Each load on each target in turn, so that what else the machine does falls on both alike. */
const measureAll = async (targets: readonly Target[]): Promise<Map<string, Measured[]>> => {
  const measured = new Map<string, Measured[]>()
  for (const target of targets)
    for (const batch of [1, 100])
      await measure(target, { batch, kind: 'duplicate', alerts: WARM_UP_ALERTS }, 0)
  let first = DUPLICATED
  for (let repeat = 0; repeat < Number(flags.repeats); repeat++)
    for (const load of LOADS) {
      for (const target of targets) {
        const key = rowKey(target, load)
        measured.set(key, [...(measured.get(key) ?? []), await measure(target, load, first)])
      }
      first += load.alerts
    }
  return measured
}

const rowKey = ({ name }: Target, { batch, kind }: Load): string => `${name} ${batch} ${kind}`

const sayAll = (targets: readonly Target[], measured: ReadonlyMap<string, Measured[]>): void => {
  say('', 'batch', 'alerts', 'alerts/s', 'CPU s/100k', 'from', 'to')
  for (const target of targets)
    for (const load of LOADS) {
      const rows = measured.get(rowKey(target, load)) ?? []
      const cpus = rows.map((row) => row.cpuSecondsPer100k)
      const rate = Math.round(median(rows.map((row) => row.alertsPerSecond))).toLocaleString('en')
      const figures = [median(cpus), Math.min(...cpus), Math.max(...cpus)]
      say(target.name, load.batch, load.kind, rate, ...figures.map((figure) => figure.toFixed(2)))
    }
}

const run = async (): Promise<void> => {
  pinClient()
  const targets = [await startFaultline()]
  try {
    if (found(ALERTMANAGER)) targets.push(await startAlertmanager())
    sayAll(targets, await measureAll(targets))
  } finally {
    for (const target of targets) await stop(target)
  }
}

await run()
