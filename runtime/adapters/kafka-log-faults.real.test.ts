// What the Kafka log does when brokers stall, die, forget records or refuse its group (FAULTS 32).
import { createHook } from 'node:async_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { Kafka, logLevel, type PartitionAssigner } from 'kafkajs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { LogUnavailableError, type Topic } from '../../domain/ports/log.ts'
import { type Broker, startBroker } from '../../scripts/kafka/broker.mjs'
import type { KafkaLogOptions } from './kafka-log/client.ts'
import { describeWithOwnKafka, logOptions, openKafkaLog } from './kafka-log/testing/kafka.ts'
import type { ObservedLog } from './log-lag.ts'
import { createProbe } from './log-probe.fixture.ts'

const TOPIC: Topic = 'events'
const entry = (text: string) => ({ value: Buffer.from(text) })
const offsetsOf = (probe: ReturnType<typeof createProbe>) =>
  probe.records.map(({ offset }) => offset)

describeWithOwnKafka(() => {
  let broker: Broker
  const opened: ObservedLog[] = []
  const stops: (() => Promise<void>)[] = []
  beforeAll(async () => {
    broker = await startBroker()
  })
  afterAll(() => broker?.stop())
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop()
    for (const log of opened.splice(0)) await log.close()
  })

  const open = async (overrides: Partial<KafkaLogOptions> = {}) => {
    const options = logOptions(broker.brokers, overrides)
    const log = await openKafkaLog(options)
    opened.push(log)
    return { log, options }
  }
  const subscribe = async (log: ObservedLog, probe: ReturnType<typeof createProbe>) => {
    const running = await log.subscribe(probe.subscription)
    stops.push(running.stop)
  }
  const rawKafka = () =>
    new Kafka({ brokers: broker.brokers, clientId: 'other', logLevel: logLevel.NOTHING })

  test('brokers that stall: appends fail in time, and go on by themselves afterwards', async () => {
    const { log } = await open({ appendTimeoutMs: 1_500, queueBytesMax: 10_000 })
    expect(await log.append(TOPIC, 0, [entry('before')])).toBe(0)
    broker.pause()
    const startedAt = performance.now()
    try {
      const appends = await Promise.allSettled([
        log.append(TOPIC, 0, [entry('x'.repeat(6_000))]),
        log.append(TOPIC, 0, [entry('y'.repeat(6_000))]),
        log.check(),
      ])
      for (const outcome of appends)
        expect((outcome as PromiseRejectedResult).reason).toBeInstanceOf(LogUnavailableError)
      expect((appends[1] as PromiseRejectedResult).reason.message).toContain('queue is full')
      expect(performance.now() - startedAt).toBeLessThan(8_000)
    } finally {
      broker.resume()
    }
    const offset = await expectEventually(() => log.append(TOPIC, 0, [entry('after')]))
    const probe = createProbe()
    await subscribe(log, probe)
    await probe.until(() => probe.records.at(-1)?.offset === offset)
    const texts = probe.records.map((record) => Buffer.from(record.value).toString())
    expect([texts[0], texts.at(-1)]).toEqual(['before', 'after'])
  })

  test('a broker that dies and returns: nothing acknowledged is lost, stages go on', async () => {
    const { log } = await open({ appendTimeoutMs: 1_500 })
    let position = 0
    const probe = createProbe({
      assigned: async () => position,
      batch: async (records) => {
        position = records.at(-1)!.offset + 1
      },
    })
    await subscribe(log, probe)
    const acknowledged = new Map<number, string>()
    let refused = 0
    let sending = true
    const sender = (async () => {
      for (let i = 0; sending; i++)
        await log.append(TOPIC, 0, [entry(`record ${i}`)]).then(
          (offset) => acknowledged.set(offset, `record ${i}`),
          async () => {
            refused += 1
            await pause(20)
          },
        )
    })()
    await probe.until(() => probe.records.length > 20)
    await broker.kill()
    await expect.poll(() => refused, { timeout: 20_000 }).toBeGreaterThan(0)
    const before = acknowledged.size
    await broker.start()
    await expect.poll(() => acknowledged.size, { timeout: 60_000 }).toBeGreaterThan(before + 20)
    sending = false
    await sender
    const last = Math.max(...acknowledged.keys())
    await probe.until(() => position > last || probe.failures.length > 0)
    expect(probe.failures).toEqual([])
    expect(offsetsOf(probe)).toEqual([...Array(probe.records.length).keys()])
    for (const [offset, text] of acknowledged)
      expect(Buffer.from(probe.records[offset]!.value).toString()).toBe(text)
  })

  test('records that retention removed are reported, and reading begins at what is left', async () => {
    const { log, options } = await open()
    await log.append(
      TOPIC,
      0,
      Array.from({ length: 10 }, (_, i) => entry(`${i}`)),
    )
    const admin = rawKafka().admin()
    await admin.connect()
    const topic = `${options.topicPrefix}${TOPIC}`
    await admin.fetchTopicOffsets(topic) // kafkajs deletes only where it has metadata already
    await admin.deleteTopicRecords({
      topic,
      partitions: [{ partition: 0, offset: '6' }],
    })
    await admin.disconnect()
    const probe = createProbe({ assigned: async () => 2 })
    await subscribe(log, probe)
    await probe.until(() => probe.records.length === 4)
    expect(offsetsOf(probe)).toEqual([6, 7, 8, 9])
    expect(log.losses()).toMatchObject([{ topic: TOPIC, fromOffset: 2, toOffset: 6 }])
  })

  test('a position beyond the end is a failure, never a silent new beginning', async () => {
    const { log } = await open()
    await log.append(TOPIC, 0, [entry('only')])
    const probe = createProbe({ assigned: async () => 50 })
    await subscribe(log, probe)
    await probe.until(() => probe.failures.length > 0)
    expect(probe.failures[0]!.message).toContain('it ends at 1')
    expect(probe.records).toEqual([])
  })

  test('a stage slower than the session timeout keeps its partition', async () => {
    const { log } = await open({ sessionTimeoutMs: 1_500 })
    await log.append(TOPIC, 0, [entry('slow'), entry('next')])
    const probe = createProbe({ recordsMax: 1, batch: () => pause(4_000) })
    await subscribe(log, probe)
    await probe.until(() => probe.records.length === 2)
    expect(probe.revoked).toEqual([])
    expect(offsetsOf(probe)).toEqual([0, 1])
  })

  test('a crash that kafkajs will not restart ends in failed, once', async () => {
    const { log, options } = await open()
    const other: PartitionAssigner = () => ({
      name: 'incompatible',
      version: 1,
      assign: async ({ members }) =>
        members.map(({ memberId }) => ({ memberId, memberAssignment: Buffer.alloc(0) })),
      protocol: () => ({ name: 'incompatible', metadata: Buffer.alloc(0) }),
    })
    const probe = createProbe()
    const consumer = rawKafka().consumer({
      groupId: `${options.topicPrefix}${probe.subscription.group}`,
      partitionAssigners: [other],
    })
    await consumer.connect()
    stops.push(() => consumer.disconnect())
    await consumer.subscribe({ topics: [`${options.topicPrefix}${TOPIC}`] })
    await consumer.run({ eachMessage: async () => {} })
    await subscribe(log, probe)
    await probe.until(() => probe.failures.length > 0)
    expect(probe.failures).toHaveLength(1)
    expect(probe.assigned).toEqual([])
  })

  test('topics with another partition count are refused: scopes would be elsewhere', async () => {
    const { options } = await open({ partitions: 2 })
    await expect(openKafkaLog({ ...options, partitions: 3 })).rejects.toThrow('has 2 partitions')
  })

  test('an idle subscription arms few timers', async () => {
    const { log } = await open()
    const probe = createProbe()
    await subscribe(log, probe)
    await log.append(TOPIC, 0, [entry('awake')])
    await probe.until(() => probe.records.length === 1)
    let timers = 0
    const hook = createHook({
      init: (_, type) => {
        if (type === 'Timeout') timers += 1
      },
    }).enable()
    await pause(2_000)
    hook.disable()
    expect(timers).toBeLessThan(100)
  })

  test('lag is what a stage has not dealt with', async () => {
    const { log } = await open()
    await log.append(TOPIC, 0, [entry('a'), entry('b'), entry('c')])
    let release!: () => void
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const probe = createProbe({
      recordsMax: 1,
      batch: async (records) => {
        if (records[0]!.offset === 1) await held
      },
    })
    await subscribe(log, probe)
    const { group } = probe.subscription
    try {
      await expect
        .poll(() => log.lag())
        .toEqual([{ group, topic: TOPIC, partition: 0, records: 2 }])
    } finally {
      release()
    }
    await expect.poll(() => log.lag()[0]!.records).toBe(0)
  })
})

/** Until it succeeds, each try taking its own time. */
const expectEventually = async <T>(attempt: () => Promise<T>): Promise<T> => {
  const giveUpAt = performance.now() + 30_000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (performance.now() > giveUpAt) throw error
      await pause(50)
    }
  }
}
