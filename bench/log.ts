// Durable alerts a second through the embedded log, written and read back: npx tsx bench/log.ts
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Log, TOPICS } from '../domain/ports/log.ts'
import { openEmbeddedLog } from '../runtime/adapters/embedded-log/embedded-log.ts'
import { createSystemClock } from '../runtime/clock.ts'

const ALERT_BYTES = 665
const TOPIC = TOPICS[0]
const SECONDS_MAX = 5

interface Load {
  readonly alertsPerRecord: number
  readonly alerts: number
  /** Appends that wait for their acknowledgement at once. */
  readonly atOnce: number
}

const LOADS: readonly Load[] = [
  { alertsPerRecord: 1, alerts: 2_000, atOnce: 1 },
  { alertsPerRecord: 1, alerts: 200_000, atOnce: 64 },
  { alertsPerRecord: 1, alerts: 1_000_000, atOnce: 4_096 },
  { alertsPerRecord: 100, alerts: 200_000, atOnce: 1 },
  { alertsPerRecord: 100, alerts: 1_000_000, atOnce: 16 },
  { alertsPerRecord: 100, alerts: 1_000_000, atOnce: 64 },
]

/** @returns alerts acknowledged */
const write = async (log: Log, load: Load): Promise<number> => {
  const value = Buffer.alloc(ALERT_BYTES * load.alertsPerRecord, 'alert ')
  const headers = { format: '1' }
  const stopAt = performance.now() + SECONDS_MAX * 1_000
  let left = load.alerts / load.alertsPerRecord
  let written = 0
  const sender = async (): Promise<void> => {
    while (left > 0 && performance.now() < stopAt) {
      left -= 1
      await log.append(TOPIC, 0, [{ value, headers }])
      written += load.alertsPerRecord
    }
  }
  await Promise.all(Array.from({ length: load.atOnce }, sender))
  return written
}

const read = (log: Log, records: number): Promise<void> =>
  new Promise((resolve, reject) => {
    let seen = 0
    log
      .subscribe({
        group: 'bench',
        topics: [TOPIC],
        assigned: async () => 0,
        revoked: async () => {},
        batch: async (batch) => {
          seen += batch.length
          if (seen >= records) resolve()
        },
        failed: reject,
      })
      .catch(reject)
  })

const rate = (alerts: number, startedAt: number): string =>
  Math.round((alerts * 1_000) / (performance.now() - startedAt)).toLocaleString('en')

const measure = async (load: Load): Promise<string[]> => {
  const directory = await mkdtemp(join(tmpdir(), 'faultline-bench-log-'))
  const log = await openEmbeddedLog({ directory, clock: createSystemClock() })
  try {
    const cpuBefore = process.cpuUsage()
    const writeStarted = performance.now()
    const alerts = await write(log, load)
    const written = rate(alerts, writeStarted)
    const { user, system } = process.cpuUsage(cpuBefore)
    const cpu = ((user + system) / 1e6 / alerts) * 100_000
    const readStarted = performance.now()
    await read(log, alerts / load.alertsPerRecord)
    return [
      String(load.alertsPerRecord),
      String(load.atOnce),
      alerts.toLocaleString('en'),
      written,
      cpu.toFixed(2),
      rate(alerts, readStarted),
    ]
  } finally {
    await log.close()
    await rm(directory, { recursive: true })
  }
}

const HEAD = ['alerts/record', 'appends at once', 'alerts', 'durable/s', 'CPU s/100k', 'read/s']
const rows = [HEAD]
for (const load of LOADS) rows.push(await measure(load))
const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
for (const row of rows)
  process.stdout.write(`${row.map((cell, i) => cell.padStart(widths[i]!)).join('  ')}\n`)
