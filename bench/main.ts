// How fast Faultline is, in one table: npm run bench -- [--quick|--full] [--only PART] [--json FILE]
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeMachine, machineLine, type Reading, rowsOf, tableOf } from './report.ts'

const BENCH = fileURLToPath(new URL('.', import.meta.url))
const HEAP_MIB_MAX = 8_192
const UNSOUND = 3

/** One process, so that no run warms up, or leaves its garbage to, another. */
interface Run {
  readonly script: string
  readonly args: readonly string[]
  readonly repeats: number
  readonly read: (lines: readonly string[]) => Reading[]
  /** It ends with 3 where what it measured is not as it should be, and says what. */
  readonly judges?: true
}

const fromJsonLines = (lines: readonly string[]): Reading[] =>
  lines.map((line) => JSON.parse(line) as Reading)

const numberOf = (cell: string): number => Number(cell.replaceAll(',', ''))

const cellsOf = (line: string): string[] => line.trim().split(/\s{2,}/)

/** `log.ts` prints: alerts/record, appends at once, alerts, durable/s, CPU s/100k, read/s. */
const fromLogTable = ([, ...lines]: readonly string[]): Reading[] =>
  lines.flatMap((line) => {
    const [perRecord, atOnce, , durable = '', cpu = '', read = ''] = cellsOf(line)
    const figure = { part: 'log', load: `${perRecord} a record, ${atOnce} at once` }
    return [
      { ...figure, figure: 'durable', unit: 'alerts/s', value: numberOf(durable) },
      { ...figure, figure: 'CPU', unit: 's/100k', value: numberOf(cpu) },
      { ...figure, figure: 'read', unit: 'alerts/s', value: numberOf(read) },
    ]
  })

/** `edge.ts` prints: name, batch, kind, alerts/s, CPU s/100k. */
const fromEdgeTable = ([, ...lines]: readonly string[]): Reading[] =>
  lines.flatMap((line) => {
    const [name, batch, kind, rate = '', cpu = ''] = cellsOf(line)
    const figure = { part: 'edge', load: `${name}, ${kind}, batch ${batch}` }
    return [
      { ...figure, figure: 'answered', unit: 'alerts/s', value: numberOf(rate) },
      { ...figure, figure: 'CPU', unit: 's/100k', value: numberOf(cpu) },
    ]
  })

const coreRun = (mix: string, live: number, repeats: number): Run => ({
  script: 'core.ts',
  args: ['--mix', mix, '--live', String(live)],
  repeats,
  read: fromJsonLines,
})

/** Takes an hour, so only where it is named. */
const SOAK = 'soak'

const planOf = (full: boolean, soakArgs: readonly string[]): Record<string, readonly Run[]> => {
  const repeats = full ? 5 : 1 // one is for a look; medians need --full
  return {
    core: [
      coreRun('storm', 1_000, repeats),
      coreRun('storm', 10_000, repeats),
      coreRun('storm', 100_000, repeats),
      ...(full ? [coreRun('storm', 1_000_000, 1)] : []),
      coreRun('disorder', 10_000, repeats),
      coreRun('burst', 10_000, repeats),
      coreRun('spread', 10_000, repeats),
      ...(full ? [coreRun('spread', 100_000, 1)] : []),
    ],
    slope: [{ script: 'slope.ts', args: [], repeats: full ? 3 : 1, read: fromJsonLines }],
    pipeline: [
      {
        script: 'pipeline.ts',
        args: full
          ? ['--live', '10000', '--seconds', '20', '--drain-seconds', '300']
          : ['--live', '2000', '--seconds', '3', '--drain-seconds', '5'],
        repeats: full ? 3 : 1,
        read: fromJsonLines,
      },
    ],
    desk: [
      {
        script: 'desk.ts',
        args: full ? ['--alerts', '50000'] : ['--alerts', '10000', '--before', '2000'],
        repeats: full ? 3 : 1,
        read: fromJsonLines,
      },
    ],
    facts: [
      {
        script: 'facts.ts',
        args: full ? ['--asked', '20'] : ['--asked', '5'],
        repeats: 1,
        read: fromJsonLines,
      },
    ],
    [SOAK]: [{ script: 'soak.ts', args: soakArgs, repeats: 1, read: fromJsonLines, judges: true }],
    kafka: [
      {
        script: 'kafka.ts',
        args: full ? ['--events', '500000'] : ['--events', '100000'],
        repeats: full ? 3 : 1,
        read: fromJsonLines,
      },
    ],
    log: [{ script: 'log.ts', args: [], repeats: full ? 3 : 1, read: fromLogTable }],
    edge: [
      {
        script: 'edge.ts',
        args: full ? ['--repeats', '1'] : ['--repeats', '1', '--alerts', '20000'],
        repeats: full ? 5 : 1,
        read: fromEdgeTable,
      },
    ],
  }
}

/** @returns what it printed, a line each */
const runOnce = async ({ script, args, judges }: Run): Promise<string[]> => {
  const nodeArgs = [`--max-old-space-size=${HEAP_MIB_MAX}`, '--import', 'tsx']
  const child = spawn(process.execPath, [...nodeArgs, join(BENCH, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) lines.push(line)
  const code = await ended
  if (judges && code === UNSOUND) process.exitCode = 1
  else if (code !== 0) throw new Error(`${script} ended with ${code}`)
  return lines
}

const main = async (): Promise<void> => {
  const { values: flags } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      only: { type: 'string' },
      json: { type: 'string' },
      minutes: { type: 'string' },
      rate: { type: 'string' },
    },
  })
  const { minutes, rate } = flags
  const soakArgs = Object.entries({ minutes, rate }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  )
  const plan = planOf(flags.full && !flags.quick, soakArgs)
  const usual = Object.keys(plan).filter((part) => part !== SOAK)
  const parts = flags.only === undefined ? usual : flags.only.split(',')
  for (const part of parts)
    if (!Object.hasOwn(plan, part)) {
      process.stderr.write(`--only ${part}: one of ${Object.keys(plan).join(', ')}\n`)
      process.exitCode = 2
      return
    }
  const machine = describeMachine()
  process.stdout.write(`${machineLine(machine)}\n\n`)
  const readings: Reading[] = []
  for (const run of parts.flatMap((part) => plan[part]!))
    for (let i = 0; i < run.repeats; i++) {
      process.stderr.write(`${[run.script, ...run.args].join(' ')} (${i + 1}/${run.repeats})\n`)
      readings.push(...run.read(await runOnce(run)))
    }
  const rows = rowsOf(readings)
  process.stdout.write(`${tableOf(rows)}\n`)
  if (flags.json !== undefined)
    writeFileSync(flags.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`)
}

await main()
