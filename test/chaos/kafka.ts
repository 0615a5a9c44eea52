// Kafka, PostgreSQL and a process a role under chaos: two edges, two correlators, a desk, facts.
import { setTimeout as pause } from 'node:timers/promises'
import { type LogRecord, TOPICS, type Topic } from '../../domain/ports/log.ts'
import { openPostgresCheckpoints } from '../../runtime/adapters/checkpoint-postgres.ts'
import { openClickHouseFacts } from '../../runtime/adapters/facts-clickhouse.ts'
import { openKafkaLog } from '../../runtime/adapters/kafka-log.ts'
import type { ObservedLog } from '../../runtime/adapters/log-lag.ts'
import { createLogger } from '../../runtime/observe/logger.ts'
import type { Acknowledged, StoredTopics } from '../simulation/oracle.ts'
import type { FaultlineProcess, IncidentItem } from '../support/faultline.ts'
import { eventually } from '../support/processes.ts'
import { factViolations } from './facts-oracle.ts'
import { type Estate, PARTITIONS, REGIONS, startEstate } from './kafka-estate.ts'
import { KAFKA_FAULTS, type KafkaVictim } from './kafka-faults.ts'
import { deskViolations, logViolations, poisonViolations } from './oracle.ts'
import { type NotificationItem, toldViolations } from './told-oracle.ts'
import type { ChaosWorld, Judgement } from './world.ts'

const ANSWERS_WITHIN_MS = 5_000
const SETTLES_WITHIN_MS = 240_000
/** Bodies that may come again. */
const REMEMBERED = 20

/** Every record that is there now, by a reader of its own. */
const readAll = async (log: ObservedLog, reading: number): Promise<readonly LogRecord[]> => {
  const records: LogRecord[] = []
  const missing = new Map<string, number>()
  for (const topic of TOPICS)
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const { end } = await log.bounds(topic, partition)
      if (end > 0) missing.set(`${topic} ${partition}`, end)
    }
  let failure: Error | undefined
  const running = await log.subscribe({
    group: `chaos-${process.pid}-${reading}`,
    topics: TOPICS,
    assigned: async () => 0,
    revoked: async () => {},
    batch: async (batch) => {
      records.push(...batch)
      const { topic, partition, offset } = batch.at(-1)!
      const place = `${topic} ${partition}`
      if (offset + 1 >= (missing.get(place) ?? 0)) missing.delete(place)
    },
    failed: (error) => {
      failure = error
    },
  })
  await eventually('the log is read', SETTLES_WITHIN_MS, () => {
    if (failure !== undefined) throw failure
    return missing.size === 0 ? true : undefined
  })
  await running.stop()
  return records
}

const listAll = async <T>(desk: FaultlineProcess, path: string): Promise<T[]> => {
  const all: T[] = []
  let cursor: string | undefined
  do {
    const from = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page = await desk.get<{ items: T[]; nextCursor?: string | null }>(
      `${path}?limit=200${from}`,
    )
    all.push(...page.items)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return all
}

/** Lag of each partition of `events` that this correlator has. */
const correlatorLag = async ({ url }: FaultlineProcess): Promise<Map<string, number>> => {
  const text = await (await fetch(`${url}/metrics`)).text()
  const lags = text.matchAll(
    /^faultline_consumer_lag_records\{group="correlator",topic="events",partition="(\d+)"\} (\S+)$/gm,
  )
  return new Map([...lags].map(([, partition, lag]) => [partition!, Number(lag)]))
}

const topicsOf = (records: readonly LogRecord[]): StoredTopics => ({
  stored: (topic: Topic) => records.filter((record) => record.topic === topic),
})

/** Up to where the correlators read: a tick that came after their last look is nobody's fault. */
const asFarAsRead = async (
  records: readonly LogRecord[],
  databaseUrl: string,
): Promise<StoredTopics> => {
  const store = await openPostgresCheckpoints({ url: databaseUrl })
  const read = new Map<number, number>()
  for (let partition = 0; partition < PARTITIONS; partition++)
    read.set(partition, (await store.load(`correlator-${partition}`))?.position ?? 0)
  await store.close()
  return topicsOf(
    records.filter(
      ({ topic, partition, offset }) => topic !== 'events' || offset < read.get(partition)!,
    ),
  )
}

/** No more news: the edges stop, one correlator reads all partitions to their ends and saves. */
const calmDown = async (estate: Estate): Promise<void> => {
  await Promise.all(estate.all().map((member) => member.ready()))
  for (const edge of estate.members('ingest')) await edge.stop()
  await estate.remote().stop()
  const last = estate.members('correlator').find((each) => each !== estate.remote())!
  await eventually('one correlator has read everything', SETTLES_WITHIN_MS, async () => {
    const lags = await correlatorLag(await last.ready())
    return lags.size === PARTITIONS && [...lags.values()].every((lag) => lag === 0)
      ? true
      : undefined
  })
  await last.stop()
}

/** Asks again until nothing is amiss or the time is up: the desk and the facts may be behind. */
const judgeWhenSettled = async (
  estate: Estate,
  log: ObservedLog,
  acknowledged: readonly Acknowledged[],
  poison: number,
): Promise<Judgement> => {
  const facts = openClickHouseFacts({ url: estate.clickhouse.url, database: 'default' })
  const desk = await estate.members('ticketing')[0]!.ready()
  const until = Date.now() + SETTLES_WITHIN_MS
  try {
    for (let reading = 1; ; reading++) {
      const records = await readAll(log, reading)
      const incidents = await listAll<IncidentItem>(desk, '/api/v1/incidents')
      const rows = await listAll<NotificationItem>(desk, '/api/v1/notifications')
      const violations = [
        ...deskViolations(topicsOf(records), incidents),
        ...toldViolations(incidents, rows, estate.told),
        ...(await factViolations(facts, records)),
        ...poisonViolations(topicsOf(records), poison),
      ]
      if (violations.length > 0 && Date.now() < until) {
        await pause(1_000)
        continue
      }
      const read = await asFarAsRead(records, estate.databaseUrl)
      return {
        incidents: incidents.length,
        violations: [...logViolations(read, acknowledged), ...violations],
        notes: notesOf(estate, rows),
      }
    }
  } finally {
    await facts.close()
  }
}

const notesOf = (estate: Estate, rows: readonly NotificationItem[]): string[] => {
  const ended = estate.all().reduce((sum, member) => sum + member.ends(), 0)
  const ids = new Set(estate.told.map(({ id }) => id)).size
  return [
    `${ended} ends of processes; each was started again`,
    `${rows.length} notifications, ${ids} heard, ${estate.told.length - ids} of them once more`,
    estate.link === undefined
      ? 'no network was cut: this machine allows no namespaces'
      : 'the network was that of a namespace',
    ...estate.all().flatMap(({ faults }) => faults.map((fault) => `by itself: ${fault}`)),
  ]
}

export const createKafkaWorld = (directory: string): ChaosWorld<KafkaVictim> => {
  let estate: Estate | undefined
  let log: ObservedLog | undefined
  const delivered: string[] = []
  let edge = 0

  /** By either edge in turn: a sender whose edge does not answer goes to the other. */
  const deliver = async (body: string): Promise<Response | undefined> => {
    const edges = estate!.members('ingest')
    const to = edges[edge++ % edges.length]!.now()
    if (to === undefined) return undefined
    const answer = await fetch(`${to.url}/webhooks/alertmanager`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    }).catch(() => undefined)
    if (answer?.ok === true) {
      delivered.push(body)
      if (delivered.length > REMEMBERED) delivered.shift()
    }
    return answer
  }

  return {
    name: 'Kafka',
    faults: KAFKA_FAULTS,
    regions: REGIONS,
    invariants: [
      'every acknowledged delivery is in the log',
      'what was told is what an undisturbed correlator a partition tells over the same log',
      'a delivery that is in the log twice counts once',
      'the desk lists every incident that was told, once, under a number of its own, as it was last told',
      'every incident is announced once, and what is said twice is so under one id in the same words',
      'every fact that the log says is in its table, and no other',
      'every poison record is in the dead letters once',
    ],
    get victim(): KafkaVictim {
      return { estate: estate!, log: log!, delivered, deliver }
    },
    async begin() {
      estate = await startEstate(directory)
      log = await openKafkaLog({
        brokers: estate.broker.brokers,
        clientId: 'chaos',
        partitions: PARTITIONS,
        replicationFactor: 1,
        logger: createLogger('silent'),
      })
    },
    deliver,
    importTopology: async (topology) =>
      (await estate!.members('ticketing')[0]!.ready()).post('/api/v1/cis/import', topology),
    async judge(acknowledged, poison) {
      await calmDown(estate!)
      return judgeWhenSettled(estate!, log!, acknowledged, poison)
    },
    async end() {
      await log?.close().catch(() => {})
      await estate?.stop()
    },
  }
}
