// A Faultline in a process of its own, as benchmarks see it: started, scraped, weighed, ended.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const HISTOGRAM = 'faultline_event_to_incident_seconds'
/** Built code; the sources are run where it is absent. */
export const BUILT_MAIN = join(ROOT, 'dist', 'runtime', 'cli', 'main.js')

export interface Served {
  readonly child: ChildProcess
  readonly url: string
  /** From spawning until it said that it was ready. */
  readonly startMs: number
}

export interface ServeHow {
  readonly main?: string
  /** For Node itself, before the program. */
  readonly nodeArgs?: readonly string[]
  readonly config?: string
  /** Absent = all roles. */
  readonly role?: string
}

/** `serve` on a free port. */
export const startServed = async (directory: string, how: ServeHow = {}): Promise<Served> => {
  const { main = BUILT_MAIN, nodeArgs = [], config, role } = how
  const startedAt = performance.now()
  const code = existsSync(main)
    ? [main]
    : ['--import', 'tsx', join(ROOT, 'runtime', 'cli', 'main.ts')]
  const settings = [
    ...(config === undefined ? [] : ['--config', config]),
    ...(role === undefined ? [] : ['--role', role]),
  ]
  const args = [...nodeArgs, ...code, 'serve', '--port', '0', '--data', directory, ...settings]
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] })
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = /ready: (http:\S+)/.exec(line)?.[1]
    if (url === undefined) continue
    child.stdout!.resume()
    return { child, url, startMs: performance.now() - startedAt }
  }
  throw new Error('Faultline did not start')
}

export const stopServed = ({ child }: Served, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill(signal)
  })

export const residentMiB = ({ child }: Served, which: 'VmRSS' | 'VmHWM'): number => {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Number(new RegExp(`${which}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024
}

export interface Scrape {
  /** From receipt to incident: cumulative counts by upper bound in seconds, ascending. */
  readonly buckets: readonly (readonly [bound: number, count: number])[]
  /** Records over all groups that nobody has dealt with. */
  readonly lag: number
  /** The sum over its labels of what has that name. */
  sum(name: string): number
}

const LINE = /^(\w+)(?:\{([^}]*)\})? (\S+)$/gm

export const scrape = async ({ url }: Served): Promise<Scrape> => {
  const text = await (await fetch(`${url}/metrics`)).text()
  const buckets: [number, number][] = []
  const sums = new Map<string, number>()
  for (const [, name = '', labels = '', value] of text.matchAll(LINE)) {
    sums.set(name, (sums.get(name) ?? 0) + Number(value))
    if (name !== `${HISTOGRAM}_bucket`) continue
    const bound = /le="([^"]+)"/.exec(labels)?.[1] ?? ''
    buckets.push([bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound), Number(value)])
  }
  const sum = (name: string): number => sums.get(name) ?? 0
  return { buckets, lag: sum('faultline_consumer_lag_records'), sum }
}

/** Receipt to incident between two scrapes, interpolated within its bucket as Prometheus does. @returns ms */
export const latencyMs = (from: Scrape, to: Scrape, share: number): number => {
  const counts = to.buckets.map(([bound, count], i) => [bound, count - (from.buckets[i]?.[1] ?? 0)])
  const wanted = (counts.at(-1)?.[1] ?? 0) * share
  let lowBound = 0
  let lowCount = 0
  for (const [bound = 0, count = 0] of counts) {
    if (count >= wanted && count > lowCount) {
      if (!Number.isFinite(bound)) return lowBound * 1_000
      return (lowBound + ((bound - lowBound) * (wanted - lowCount)) / (count - lowCount)) * 1_000
    }
    lowBound = bound
    lowCount = count
  }
  return Number.NaN
}
