// Through a real Kafka on this machine, as JSON lines: npx tsx bench/kafka.ts (needs a JVM and Maven)
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { hash64 } from '../domain/hash.ts'
import { type EventsBatch, encodeRecord } from '../domain/records.ts'
import { openKafkaLog } from '../runtime/adapters/kafka-log.ts'
import { createLogger } from '../runtime/observe/logger.ts'
import { startBroker } from '../scripts/kafka/broker.mjs'
import type { Reading } from './report.ts'
import { type Served, scrape, startServed, stopServed } from './served.ts'

const BATCH = 100
/** Records of one append, as a busy edge's group commit has them. */
const APPEND = 50
const PARTITIONS = 2
const TICKS_PER_SECOND = 100
/** Each alert is told so often. */
const ROUNDS = 10
/** Within it correlators that have just started share the partitions between them. */
const SHARED_MS = 5_000

const { values: flags } = parseArgs({
  options: { events: { type: 'string', default: '100000' } },
})
const EVENTS = Number(flags.events)

const say = (load: string, figure: string, unit: string, value: number): void => {
  const reading: Reading = { part: 'kafka', load, figure, unit, value }
  process.stdout.write(`${JSON.stringify(reading)}\n`)
}

/** The processor's seconds of one process so far (Linux). */
const cpuOf = (pid: number | string): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** The broker is the only Java among our own children. */
const brokerPid = (): string => {
  const children = readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  )
  const found = children.find((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'java\n')
  if (found === undefined) throw new Error('the broker is not a child of this process')
  return found
}

const STARTED_AT = Date.now()

const batchOf = (record: number, partition: number): EventsBatch => {
  const known = EVENTS / BATCH / PARTITIONS / ROUNDS
  const receivedAt = STARTED_AT + record
  return {
    kind: 'events',
    receivedAt,
    source: 'alertmanager',
    scope: `scope-${partition}`,
    deliveryId: hash64(`delivery ${partition} ${record}`),
    events: Array.from({ length: BATCH }, (_, i) => {
      const alert = (record % Math.max(1, Math.floor(known))) * BATCH + i
      return {
        id: hash64(`${partition} ${record} ${i}`),
        fingerprint: hash64(`${partition} ${alert}`),
        status: 'firing' as const,
        name: `HighErrorRate${alert % 50}`,
        severity: 'critical' as const,
        summary: `Error rate of svc-${alert % 2_000} is above 5% for 10 minutes`,
        labels: { service: `svc-${alert % 2_000}`, instance: `10.0.0.${alert % 256}:9100` },
        startsAt: receivedAt - ((alert * 7_919) % 5_000),
      }
    }),
  }
}

const untilDealtWith = async (processes: readonly Served[]): Promise<void> => {
  for (;;) {
    const states = await Promise.all(processes.map(scrape))
    if (states.reduce((lag, state) => lag + state.lag, 0) === 0) return
    await pause(200)
  }
}

/** Appends as fast as is acknowledged while so many correlators read; each process by itself. */
const measure = async (
  brokers: readonly string[],
  broker: string,
  correlators: number,
  directory: string,
): Promise<void> => {
  const topicPrefix = `bench-${correlators}.`
  const log = await openKafkaLog({
    brokers,
    clientId: 'faultline-bench',
    topicPrefix,
    partitions: PARTITIONS,
    replicationFactor: 1,
    sessionTimeoutMs: 30_000,
    logger: createLogger('error'),
  })
  const load = `${correlators} correlator${correlators === 1 ? '' : 's'}, ${PARTITIONS} partitions`
  const records = EVENTS / BATCH / PARTITIONS
  const entries = Array.from({ length: PARTITIONS }, (_, partition) =>
    Array.from({ length: records }, (_, record) => ({
      value: encodeRecord('events', batchOf(record, partition)),
    })),
  )
  const config = join(directory, `${correlators}.json`)
  const kafka = { brokers, topicPrefix }
  writeFileSync(config, JSON.stringify({ kafka, log: { partitions: PARTITIONS } }))
  const processes = await Promise.all(
    Array.from({ length: correlators }, (_, i) =>
      startServed(join(directory, `${correlators}-${i}`), { config, role: 'correlator' }),
    ),
  )
  await pause(SHARED_MS)

  const own = process.cpuUsage()
  const before = { broker: cpuOf(broker), each: processes.map(({ child }) => cpuOf(child.pid!)) }
  const startedAt = performance.now()
  for (let from = 0; from < records; from += APPEND)
    await Promise.all(
      entries.map((each, partition) =>
        log.append('events', partition, each.slice(from, from + APPEND)),
      ),
    )
  const { user, system } = process.cpuUsage(own)
  say(load, 'durable', 'events/s', (EVENTS * 1_000) / (performance.now() - startedAt))
  await untilDealtWith(processes)
  say(load, 'correlated', 'events/s', (EVENTS * 1_000) / (performance.now() - startedAt))
  const perMillion = (seconds: number): number => (seconds / EVENTS) * 1e6
  const spent = processes.map(({ child }, i) => cpuOf(child.pid!) - before.each[i]!)
  say(load, 'CPU of who appends', 's/1M', perMillion((user + system) / 1e6))
  say(load, 'CPU of the broker', 's/1M', perMillion(cpuOf(broker) - before.broker))
  say(load, 'CPU of all correlators', 's/1M', perMillion(spent.reduce((a, b) => a + b)))
  say(load, 'CPU of the busiest', 's/1M', perMillion(Math.max(...spent)))
  await Promise.all(processes.map((each) => stopServed(each, 'SIGTERM')))
  await log.close()
}

const run = async (): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'faultline-bench-kafka-'))
  const broker = await startBroker({ data: join(directory, 'kafka') })
  try {
    for (const correlators of [1, 2])
      await measure(broker.brokers, brokerPid(), correlators, directory)
  } finally {
    await broker.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

await run()
