// Whether anything grows that should not: npm run bench -- --only soak [--minutes 60] [--rate 5000]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { median, type Reading } from './report.ts'
import { BUILT_MAIN, type Served, scrape, startServed, stopServed } from './served.ts'
import { judge, lineOf } from './soak/judge.ts'
import { startLoad } from './soak/load.ts'
import { countRows } from './soak/rows.ts'
import { createWatch, type Sample } from './soak/watch.ts'

const { values: flags } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    /** Alerts a second, in deliveries of 100. */
    rate: { type: 'string', default: '5000' },
    /** Alerts that fire at any time. */
    live: { type: 'string', default: '5000' },
    /** What is looked at before that is shown and not judged; default: a third, at most 15. */
    'warm-up-minutes': { type: 'string' },
    'look-seconds': { type: 'string', default: '5' },
    /** What memory may gain in an hour and still be called flat. */
    'memory-max': { type: 'string', default: '64' },
    /** A built main.js; the sources are run where it is absent. */
    main: { type: 'string', default: BUILT_MAIN },
    /** A module that the server loads first. */
    import: { type: 'string' },
    /** A file for every look, as CSV. */
    csv: { type: 'string' },
  },
})
const MINUTES = Number(flags.minutes)
const WARM_UP_MINUTES = Number(flags['warm-up-minutes'] ?? Math.min(15, MINUTES / 3))
const CONFIG = fileURLToPath(new URL('soak/config.yaml', import.meta.url))
const DRAIN_MS = 120_000
const LOAD = `${flags.rate} alerts/s, ${flags.live} live`

interface Judged {
  readonly figure: keyof Sample
  readonly name: string
  readonly unit: string
  /** What may come on top in an hour. */
  readonly perHourMax: number
}

/** The log has its retention by then, so its bytes are judged with the rest. */
const JUDGED: readonly Judged[] = [
  { figure: 'memoryMiB', name: 'memory', unit: 'MiB', perHourMax: Number(flags['memory-max']) },
  { figure: 'handles', name: 'file handles', unit: '', perHourMax: 4 },
  { figure: 'lag', name: 'lag', unit: 'records', perHourMax: 100 },
  {
    figure: 'receiptToIncidentP99Ms',
    name: 'receipt to incident p99',
    unit: 'ms',
    perHourMax: 500,
  },
  { figure: 'eventLoopP99Ms', name: 'event loop p99', unit: 'ms', perHourMax: 100 },
  { figure: 'logMiB', name: 'log', unit: 'MiB', perHourMax: 32 },
  { figure: 'segments', name: 'files of the log', unit: '', perHourMax: 16 },
]

/** They hold what is to be kept for days and years: how much that is, not whether it grows. */
const SHOWN: readonly Omit<Judged, 'perHourMax'>[] = [
  { figure: 'heapMiB', name: 'JavaScript heap', unit: 'MiB' },
  { figure: 'deskMiB', name: 'SQL store', unit: 'MiB' },
  { figure: 'factsMiB', name: 'facts', unit: 'MiB' },
  { figure: 'liveAlerts', name: 'live alerts', unit: '' },
  { figure: 'openIncidents', name: 'open incidents', unit: '' },
]

const say = (figure: string, unit: string, value: number): void => {
  const reading: Reading = { part: 'soak', load: LOAD, figure, unit, value }
  process.stdout.write(`${JSON.stringify(reading)}\n`)
}

const looksOf = (samples: readonly Sample[], figure: keyof Sample) =>
  samples.map((sample) => ({ seconds: sample.seconds, value: sample[figure] }))

const tell = (samples: readonly Sample[], { figure, name, unit }: Omit<Judged, 'perHourMax'>) => {
  const looks = looksOf(samples, figure)
  const values = looks.map(({ value }) => value).filter(Number.isFinite)
  const line = lineOf(looks)
  say(`${name}, median`, unit, median(values))
  return line
}

/** @returns whether nothing grows */
const report = (samples: readonly Sample[]): boolean => {
  let sound = true
  for (const judged of JUDGED) {
    const line = tell(samples, judged)
    const verdict = judge(line, judged.perHourMax)
    if (verdict === 'grows') sound = false
    say(`${judged.name}, slope: ${verdict}`, `${judged.unit}/h`, line.perHour)
    say(`${judged.name}, error of the slope`, `${judged.unit}/h`, line.error)
  }
  for (const shown of SHOWN)
    say(`${shown.name}, slope`, `${shown.unit}/h`, tell(samples, shown).perHour)
  return sound
}

const writeCsv = (path: string, samples: readonly Sample[]): void => {
  const names = Object.keys(samples[0] ?? {}) as (keyof Sample)[]
  const lines = samples.map((sample) => names.map((name) => sample[name].toFixed(3)).join(','))
  writeFileSync(path, `${[names.join(','), ...lines].join('\n')}\n`)
}

const drained = async (served: Served): Promise<boolean> => {
  const until = performance.now() + DRAIN_MS
  while (performance.now() < until) {
    if ((await scrape(served)).lag === 0) return true
    await pause(200)
  }
  return false
}

const run = async (): Promise<boolean> => {
  const data = mkdtempSync(join(tmpdir(), 'faultline-soak-'))
  const nodeArgs = flags.import === undefined ? [] : ['--import', flags.import]
  const served = await startServed(data, { main: flags.main, config: CONFIG, nodeArgs })
  const samples: Sample[] = []
  let failure: Error | undefined
  try {
    const rate = Number(flags.rate)
    const load = startLoad({ url: served.url, rate, live: Number(flags.live) }, (error) => {
      failure ??= error
    })
    const look = createWatch(served, data)
    const endsAt = performance.now() + MINUTES * 60_000
    while (performance.now() < endsAt && failure === undefined) {
      await pause(Number(flags['look-seconds']) * 1_000)
      samples.push(await look())
    }
    await load.stop()
    const caughtUp = await drained(served)
    const seconds = samples.at(-1)?.seconds ?? Number.NaN
    say('acknowledged', 'alerts/s', load.acknowledged() / seconds)
    say('new alerts', '/s', load.begun() / seconds)
    say('deliveries answered 503', '', load.refused())
    if (!caughtUp)
      say(`lag left ${DRAIN_MS / 1_000} s after the load`, 'records', samples.at(-1)!.lag)
    const sound = report(samples.filter((sample) => sample.seconds >= WARM_UP_MINUTES * 60))
    await stopServed(served, 'SIGTERM')
    for (const { table, rows } of await countRows(data)) if (rows > 0) say(table, 'rows', rows)
    if (failure !== undefined) throw failure
    return sound && caughtUp
  } finally {
    if (flags.csv !== undefined) writeCsv(flags.csv, samples)
    await stopServed(served, 'SIGTERM')
    rmSync(data, { recursive: true, force: true })
  }
}

/** 1 would be that it could not be measured. */
process.exitCode = (await run()) ? 0 : 3
