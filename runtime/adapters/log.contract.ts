// What every Log adapter promises, as tests: the embedded log and Kafka run the same ones.
import { afterEach, describe, expect, test } from 'vitest'
import type {
  Log,
  LogEntry,
  LogRecord,
  RunningSubscription,
  Subscription,
  Topic,
} from '../../domain/ports/log.ts'
import { createProbe, newGroup } from './log-probe.fixture.ts'

/** One log that can be closed and opened again on what it kept. */
export interface LogBench {
  open(): Promise<Log>
  dispose(): Promise<void>
}

const PARTITIONS = 2
const TOPIC: Topic = 'events'
const text = (value: string): LogEntry => ({ value: new TextEncoder().encode(value) })
const readText = (record: LogRecord): string => new TextDecoder().decode(record.value)
const texts = (from: number, to: number): LogEntry[] =>
  Array.from({ length: to - from }, (_, i) => text(`record ${from + i}`))

const gate = () => {
  let open!: () => void
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

/**
 * @param sharesGroups whether several log objects, each a member of one group, share partitions
 */
export const describeLog = (
  name: string,
  { sharesGroups }: { sharesGroups: boolean },
  prepare: () => Promise<LogBench>,
): void => {
  describe(name, () => {
    let bench: LogBench | undefined
    const opened: Log[] = []
    const running: RunningSubscription[] = []

    const openLog = async (): Promise<Log> => {
      bench ??= await prepare()
      const log = await bench.open()
      opened.push(log)
      return log
    }
    const subscribe = async (log: Log, subscription: Subscription) => {
      const started = await log.subscribe(subscription)
      running.push(started)
      return started
    }

    afterEach(async () => {
      for (const subscription of running.splice(0)) await subscription.stop()
      for (const log of opened.splice(0)) await log.close()
      await bench?.dispose()
      bench = undefined
    })

    test('every topic has the partitions that were asked for', async () => {
      const log = await openLog()
      expect(await log.partitions('events')).toBe(PARTITIONS)
      expect(await log.partitions('tickets')).toBe(PARTITIONS)
    })

    test('an empty partition is bounded by 0 and 0', async () => {
      const log = await openLog()
      expect(await log.bounds(TOPIC, 0)).toEqual({ start: 0, end: 0 })
    })

    test('offsets are dense from 0 and an append answers with its first', async () => {
      const log = await openLog()
      expect(await log.append(TOPIC, 0, texts(0, 3))).toBe(0)
      expect(await log.append(TOPIC, 0, texts(3, 4))).toBe(3)
      expect(await log.append(TOPIC, 1, texts(0, 2))).toBe(0)
      expect(await log.bounds(TOPIC, 0)).toEqual({ start: 0, end: 4 })
      expect(await log.bounds(TOPIC, 1)).toEqual({ start: 0, end: 2 })
    })

    test('concurrent appends keep their order and none is split', async () => {
      const log = await openLog()
      const firsts = await Promise.all(
        Array.from({ length: 50 }, (_, i) => log.append(TOPIC, 0, texts(i * 3, i * 3 + 3))),
      )
      expect(firsts).toEqual(Array.from({ length: 50 }, (_, i) => i * 3))
      const probe = createProbe()
      await subscribe(log, probe.subscription)
      await probe.until(() => probe.of(0).length === 150)
      expect(probe.of(0).map(readText)).toEqual(texts(0, 150).map(decodeEntry))
      expect(probe.of(0).map((record) => record.offset)).toEqual([...Array(150).keys()])
    })

    test('what was acknowledged is there after the log was closed and opened', async () => {
      const first = await openLog()
      await first.append(TOPIC, 0, texts(0, 10))
      await first.close()
      const second = await openLog()
      expect(await second.bounds(TOPIC, 0)).toEqual({ start: 0, end: 10 })
      expect(await second.append(TOPIC, 0, texts(10, 11))).toBe(10)
      const probe = createProbe()
      await subscribe(second, probe.subscription)
      await probe.until(() => probe.of(0).length === 11)
      expect(probe.of(0).map(readText)).toEqual(texts(0, 11).map(decodeEntry))
    })

    test('values and headers come back byte for byte', async () => {
      const log = await openLog()
      const binary = Uint8Array.from({ length: 1_024 }, (_, i) => (i * 7) % 256)
      const large = Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * 31 + (i >> 8)) % 256)
      const headers = { traceparent: '00-ab-cd-01', format: '1', größe: 'π ≈ 3 🔥', empty: '' }
      const entries: LogEntry[] = [
        { value: binary, headers },
        text('Zürich 東京 \u0000 \u202e 🔥'),
        { value: large, headers: { size: 'large' } },
        { value: new Uint8Array(0) },
      ]
      await log.append(TOPIC, 0, entries)
      const probe = createProbe()
      await subscribe(log, probe.subscription)
      await probe.until(() => probe.records.length === entries.length)
      for (const [i, entry] of entries.entries()) {
        expect(Buffer.compare(probe.records[i]!.value, entry.value)).toBe(0)
        expect({ ...probe.records[i]!.headers }).toEqual(entry.headers ?? {})
      }
    })

    test('records say their topic, partition and when they were appended', async () => {
      const log = await openLog()
      await log.append('tickets', 1, texts(0, 1))
      await log.append('tickets', 1, texts(1, 2))
      const probe = createProbe({ topics: ['tickets'] })
      await subscribe(log, probe.subscription)
      await probe.until(() => probe.records.length === 2)
      const [first, second] = probe.records
      expect(first).toMatchObject({ topic: 'tickets', partition: 1, offset: 0 })
      expect(Number.isInteger(first!.appendedAt)).toBe(true)
      expect(second!.appendedAt).toBeGreaterThanOrEqual(first!.appendedAt)
    })

    test('a stage reads from where it says, and its position outweighs its group', async () => {
      const log = await openLog()
      await log.append(TOPIC, 0, texts(0, 10))
      const group = newGroup()
      for (const from of [0, 7, 3, 0]) {
        const probe = createProbe({
          group,
          assigned: async (_topic, partition) => (partition === 0 ? from : 0),
        })
        const started = await subscribe(log, probe.subscription)
        await probe.until(() => probe.records.length >= 10 - from)
        expect(probe.records.map((record) => record.offset)).toEqual(
          Array.from({ length: 10 - from }, (_, i) => from + i),
        )
        await started.stop()
      }
    })

    test('a stage that is caught up gets what is appended afterwards', async () => {
      const log = await openLog()
      await log.append(TOPIC, 0, texts(0, 2))
      const probe = createProbe({ assigned: async (_, partition) => (partition === 0 ? 2 : 0) })
      await subscribe(log, probe.subscription)
      await probe.until(() => probe.assigned.length === PARTITIONS)
      await log.append(TOPIC, 0, texts(2, 3))
      await log.append(TOPIC, 1, texts(0, 1))
      await probe.until(() => probe.records.length === 2)
      expect(probe.of(0).map((record) => record.offset)).toEqual([2])
      expect(probe.of(1).map((record) => record.offset)).toEqual([0])
    })

    test('one subscription reads several topics', async () => {
      const log = await openLog()
      await log.append('incidents', 0, texts(0, 2))
      await log.append('commands', 0, texts(0, 2))
      const probe = createProbe({ topics: ['incidents', 'commands'] })
      await subscribe(log, probe.subscription)
      await probe.until(() => probe.records.length === 4)
      expect(new Set(probe.records.map((record) => record.topic))).toEqual(
        new Set(['incidents', 'commands']),
      )
    })

    test('batches of one partition never overlap and never exceed recordsMax', async () => {
      const log = await openLog()
      await log.append(TOPIC, 0, texts(0, 95))
      await log.append(TOPIC, 1, texts(0, 95))
      const probe = createProbe({
        recordsMax: 10,
        batch: () => new Promise((resolve) => setImmediate(resolve)),
      })
      await subscribe(log, probe.subscription)
      await probe.until(() => probe.records.length === 190)
      expect(probe.overlaps).toEqual([])
      expect(Math.max(...probe.batches.map(({ size }) => size))).toBe(10)
      expect(probe.of(0).map((record) => record.offset)).toEqual([...Array(95).keys()])
    })

    test('a stage is told the end of the partition with each batch', async () => {
      const log = await openLog()
      await log.append(TOPIC, 0, texts(0, 30))
      const probe = createProbe({ recordsMax: 10 })
      await subscribe(log, probe.subscription)
      await probe.until(() => probe.records.length === 30)
      expect(probe.batches.map(({ end }) => end)).toEqual([30, 30, 30])
    })

    test('a slow stage holds back its partition and loses nothing', async () => {
      const log = await openLog()
      const hold = gate()
      let calls = 0
      const probe = createProbe({
        recordsMax: 5,
        batch: async () => {
          calls += 1
          if (calls === 1) await hold.opened
          else await null
        },
      })
      await log.append(TOPIC, 0, texts(0, 5))
      await subscribe(log, probe.subscription)
      await log.append(TOPIC, 0, texts(5, 100))
      expect(calls).toBeLessThanOrEqual(1)
      hold.open()
      await probe.until(() => probe.records.length === 100)
      expect(probe.of(0).map((record) => record.offset)).toEqual([...Array(100).keys()])
    })

    test('stop waits for the batch at hand and then nothing is called any more', async () => {
      const log = await openLog()
      await log.append(TOPIC, 0, texts(0, 20))
      const hold = gate()
      const begun = gate()
      const probe = createProbe({
        recordsMax: 5,
        batch: async () => {
          begun.open()
          await hold.opened
        },
      })
      const started = await subscribe(log, probe.subscription)
      await begun.opened
      let stopped = false
      const stopping = started.stop().then(() => {
        stopped = true
      })
      await new Promise((resolve) => setImmediate(resolve))
      expect(stopped).toBe(false)
      hold.open()
      await stopping
      expect(probe.records.length).toBe(5)
      await log.append(TOPIC, 0, texts(20, 21))
      expect(probe.records.length).toBe(5)
      expect(probe.failures).toEqual([])
    })

    test('a batch that throws stops the subscription: failed once, nothing after', async () => {
      const log = await openLog()
      await log.append(TOPIC, 0, texts(0, 20))
      let calls = 0
      const probe = createProbe({
        recordsMax: 5,
        batch: async () => {
          calls += 1
          if (calls === 2) throw new Error('a broken invariant')
        },
      })
      const started = await subscribe(log, probe.subscription)
      await probe.until(() => probe.failures.length > 0)
      await log.append(TOPIC, 0, texts(20, 21))
      await started.stop()
      expect(calls).toBe(2)
      expect(probe.failures.map((error) => error.message)).toEqual(['a broken invariant'])
      expect(probe.records.map((record) => record.offset)).toEqual([0, 1, 2, 3, 4])
    })

    test('a stage that failed gets the same records again from its own position', async () => {
      const log = await openLog()
      await log.append(TOPIC, 0, texts(0, 20))
      const group = newGroup()
      const position = 4
      const first = createProbe({
        group,
        recordsMax: 4,
        batch: async (records) => {
          if (records[0]!.offset >= 8) throw new Error('crash')
        },
      })
      const started = await subscribe(log, first.subscription)
      await first.until(() => first.failures.length > 0)
      await started.stop()
      const second = createProbe({
        group,
        assigned: async (_, partition) => (partition === 0 ? position : 0),
      })
      await subscribe(log, second.subscription)
      await second.until(() => second.records.length === 16)
      expect(second.of(0).map((record) => record.offset)).toEqual(
        Array.from({ length: 16 }, (_, i) => i + position),
      )
    })

    test('a subscription whose stage cannot load its state is not started', async () => {
      const log = await openLog()
      const probe = createProbe({
        assigned: async () => {
          throw new Error('no state')
        },
      })
      const outcome = await subscribe(log, probe.subscription).then(
        () => probe.until(() => probe.failures.length > 0).then(() => probe.failures[0]!),
        (error: Error) => error,
      )
      expect(outcome.message).toContain('no state')
      expect(probe.records).toEqual([])
    })

    test('a healthy log passes its check and reports no loss', async () => {
      const log = await openLog()
      await log.append(TOPIC, 0, texts(0, 1))
      await expect(log.check()).resolves.toBeUndefined()
      expect(log.losses()).toEqual([])
    })

    if (sharesGroups)
      test('members of one group share its partitions, each read by one of them', async () => {
        const first = await openLog()
        const second = await openLog()
        const group = newGroup()
        const positions = [0, 0]
        const member = () =>
          createProbe({
            group,
            assigned: async (_, partition) => positions[partition]!,
            batch: async (records) => {
              positions[records[0]!.partition] = records.at(-1)!.offset + 1
            },
          })
        const probes = [member(), member()]
        const everything = () => probes.flatMap((probe) => probe.records)
        await subscribe(first, probes[0]!.subscription)
        await probes[0]!.until(() => probes[0]!.assigned.length === PARTITIONS)
        const leaving = await subscribe(second, probes[1]!.subscription)
        await probes[1]!.until(() => probes[1]!.assigned.length === 1)
        await probes[0]!.until(() => probes[0]!.revoked.length === 1)
        expect(probes[0]!.revoked).toEqual(probes[1]!.assigned)

        for (const partition of [0, 1]) await first.append(TOPIC, partition, texts(0, 10))
        for (const probe of probes) await probe.until(() => probe.records.length === 10)
        expect(new Set(probes.map((probe) => probe.records[0]!.partition)).size).toBe(2)

        await leaving.stop()
        await probes[0]!.until(() => probes[0]!.assigned.length === PARTITIONS + 1)
        for (const partition of [0, 1]) await first.append(TOPIC, partition, texts(10, 20))
        await probes[0]!.until(() => everything().length === 40)
        for (const partition of [0, 1])
          expect(
            everything()
              .filter((record) => record.partition === partition)
              .map((record) => record.offset)
              .sort((a, b) => a - b),
          ).toEqual([...Array(20).keys()])
      })

    test('two groups read the same records independently', async () => {
      const log = await openLog()
      await log.append(TOPIC, 0, texts(0, 10))
      const probes = [createProbe(), createProbe()]
      for (const probe of probes) await subscribe(log, probe.subscription)
      for (const probe of probes) {
        await probe.until(() => probe.records.length === 10)
        expect(probe.records.map(readText)).toEqual(texts(0, 10).map(decodeEntry))
      }
    })
  })
}

const decodeEntry = (entry: LogEntry): string => new TextDecoder().decode(entry.value)
