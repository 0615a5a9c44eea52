// The whole pipeline in one process, edge to incident, as JSON lines: npx tsx bench/pipeline.ts
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Reading } from './report.ts'
import {
  BUILT_MAIN,
  latencyMs,
  residentMiB,
  type Scrape,
  type Served,
  scrape,
  startServed,
  stopServed,
} from './served.ts'

const BATCH = 100
const CONNECTIONS = 8
const TICKS_PER_SECOND = 100

const { values: flags } = parseArgs({
  options: {
    /** Alerts that are live before anything is measured. */
    live: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '5' },
    /** How long the stages behind the log may take to catch up before we go on regardless. */
    'drain-seconds': { type: 'string', default: '20' },
    /** A built main.js; the sources are run where it is absent. */
    main: { type: 'string', default: BUILT_MAIN },
    /** Directory for CPU profiles of the server. */
    profile: { type: 'string' },
  },
})
const LIVE = Number(flags.live)
const SECONDS = Number(flags.seconds)
const DRAIN_SECONDS = Number(flags['drain-seconds'])

const start = (directory: string): Promise<Served> =>
  startServed(directory, {
    main: flags.main,
    nodeArgs: flags.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${flags.profile}`],
  })

/** CPU seconds of a process so far, its own and the kernel's for it (Linux). */
const cpuSeconds = ({ child }: Served): number => {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

const alertOf = (i: number, startsAt: string, endsAt: string) => ({
  labels: {
    alertname: `HighErrorRate${i % 50}`,
    severity: 'critical',
    service: `svc-${(i * 7) % 2_000}`,
    namespace: `ns-${i % 20}`,
    instance: `10.${(i >> 16) % 256}.${(i >> 8) % 256}.${i % 256}:9100`,
    cluster: 'eu-1',
    team: 'payments',
  },
  annotations: {
    summary: `Error rate of svc-${(i * 7) % 2_000} is above 5% for 10 minutes`,
    description: 'Above the threshold for more than ten minutes; look at the dashboard first.',
  },
  startsAt,
  endsAt,
  generatorURL: 'http://prometheus.example:9090/graph?g0.expr=rate%28errors%5B5m%5D%29+%3E+0.05',
})

const EXPIRES_AFTER_MS = 240_000
const LATE_MS = 5_000
const BEGAN_AT = Date.now()

/** Alerts begin a moment before they are sent, each its own, so that they come out of order. */
const startsAtOf = (i: number): string =>
  new Date((i < LIVE ? BEGAN_AT : Date.now()) - ((i * 7_919) % LATE_MS)).toISOString()

/** Every sending says anew when the alert expires, as Prometheus does: no two have one content. */
const bodyOf = (first: number, size: number): Buffer => {
  const endsAt = new Date(Date.now() + EXPIRES_AFTER_MS).toISOString()
  const alerts = Array.from({ length: size }, (_, i) =>
    alertOf(first + i, startsAtOf(first + i), endsAt),
  )
  return Buffer.from(JSON.stringify(alerts))
}

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })

const post = (server: Served, body: Buffer): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length }
    const sent = request(`${server.url}/api/v2/alerts`, { agent, method: 'POST', headers })
    sent.on('error', reject).on('response', (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
    })
    sent.end(body)
  })

/** A refusal under pressure is sent again after a moment, as its sender would. */
const deliver = async (server: Served, body: Buffer): Promise<void> => {
  for (;;) {
    const status = await post(server, body)
    if (status === 200) return
    if (status !== 503) throw new Error(`an alert was answered ${status}`)
    await pause(100)
  }
}

/** Until every stage has dealt with all that the log holds. @returns what is left */
const drained = async (server: Served): Promise<Scrape> => {
  const stopAt = performance.now() + DRAIN_SECONDS * 1_000
  for (;;) {
    const state = await scrape(server)
    if (state.lag === 0 || performance.now() > stopAt) return state
    await pause(50)
  }
}

/** Keeps all connections busy. @returns alerts acknowledged */
const flood = async (server: Served, next: () => Buffer | undefined): Promise<number> => {
  let alerts = 0
  const sender = async (): Promise<void> => {
    for (let body = next(); body !== undefined; body = next()) {
      await deliver(server, body)
      alerts += BATCH
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, sender))
  return alerts
}

/** One batch after the other at an even pace, whether or not the last was answered. */
const pace = async (server: Served, perSecond: number, size: number): Promise<void> => {
  const batches = Math.max(1, Math.round((perSecond * SECONDS) / size))
  const startedAt = performance.now()
  const sent: Promise<void>[] = []
  for (let i = 0; i < batches; i++) {
    const due = startedAt + (i * SECONDS * 1_000) / batches
    await pause(Math.max(0, due - performance.now()))
    sent.push(deliver(server, bodyOf(LIVE + nextNew, size)))
    nextNew += size
  }
  await Promise.all(sent)
}

/** Alerts beyond the live ones that have been sent, so that the next are new. */
let nextNew = 0

const say = (load: string, figure: string, unit: string, value: number): void => {
  const reading: Reading = { part: 'pipeline', load, figure, unit, value }
  process.stdout.write(`${JSON.stringify(reading)}\n`)
}

/** Sends as fast as is acknowledged, then lets every stage catch up. @returns durable alerts/s */
const sustain = async (server: Served, kind: 'duplicates' | 'new alerts'): Promise<number> => {
  const stopAt = performance.now() + SECONDS * 1_000
  let repeated = 0
  const next = (): Buffer | undefined => {
    if (performance.now() > stopAt) return undefined
    if (kind === 'duplicates') {
      repeated += BATCH
      return bodyOf(repeated % LIVE, BATCH)
    }
    nextNew += BATCH
    return bodyOf(LIVE + nextNew - BATCH, BATCH)
  }
  const cpuBefore = cpuSeconds(server)
  const startedAt = performance.now()
  const alerts = await flood(server, next)
  const seconds = (performance.now() - startedAt) / 1_000
  const cpuDurable = cpuSeconds(server) - cpuBefore
  const { lag } = await drained(server)
  const allSeconds = (performance.now() - startedAt) / 1_000
  const load = `${kind}, batch ${BATCH}`
  say(load, 'durable', 'alerts/s', alerts / seconds)
  say(load, 'dealt with by all stages', 'alerts/s', alerts / allSeconds)
  say(load, 'CPU until durable', 's/100k', (cpuDurable / alerts) * 1e5)
  say(load, 'CPU until dealt with', 's/100k', ((cpuSeconds(server) - cpuBefore) / alerts) * 1e5)
  if (lag > 0) say(load, `lag left after ${DRAIN_SECONDS} s`, 'records', lag)
  return alerts / seconds
}

const latency = async (server: Served, load: string, perSecond: number, size: number) => {
  const before = await drained(server)
  await pace(server, perSecond, size)
  const after = await drained(server)
  say(load, 'receipt to incident p50', 'ms', latencyMs(before, after, 0.5))
  say(load, 'receipt to incident p99', 'ms', latencyMs(before, after, 0.99))
}

const restart = async (directory: string, server: Served): Promise<Served> => {
  const { sum } = await scrape(server)
  say('restart', 'live alerts', '', sum('faultline_live_alerts'))
  // A profile is written only by a process that ends by itself.
  await stopServed(server, flags.profile === undefined ? 'SIGKILL' : 'SIGTERM')
  const crashed = await start(directory)
  const readyAt = performance.now()
  const { lag } = await drained(crashed)
  say('restart', 'ready after kill -9', 'ms', crashed.startMs)
  if (lag === 0) say('restart', 'replayed after ready', 'ms', performance.now() - readyAt)
  await stopServed(crashed, 'SIGTERM')
  const again = await start(directory)
  say('restart', 'ready after a clean stop', 'ms', again.startMs)
  return again
}

const run = async (): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'faultline-bench-pipeline-'))
  let server = await start(directory)
  try {
    let first = 0
    await flood(server, () => {
      first += BATCH
      return first > LIVE ? undefined : bodyOf(first - BATCH, BATCH)
    })
    await drained(server)
    await latency(server, 'idle, 1 alert, 20 a second', 20, 1)
    await sustain(server, 'duplicates')
    const durable = await sustain(server, 'new alerts')
    const half = Math.round(durable / 2)
    await latency(server, 'half of the durable rate', half, BATCH)
    say('all of the above', 'memory, highest', 'MiB', residentMiB(server, 'VmHWM'))
    server = await restart(directory, server)
    say('restart', 'memory', 'MiB', residentMiB(server, 'VmRSS'))
  } finally {
    await stopServed(server, 'SIGTERM')
    agent.destroy()
    rmSync(directory, { recursive: true, force: true })
  }
}

await run()
