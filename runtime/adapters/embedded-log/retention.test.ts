// What is kept: whole segments, by bytes and by age, and what readers still need.
import { readdir } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HOUR_MS } from '../../../domain/time.ts'
import type { EmbeddedLog } from './embedded-log.ts'
import { createLogFolder, entry, type LogFolder, readAll, TOPIC } from './testing/bench.ts'

let folder: LogFolder
beforeEach(async () => {
  folder = await createLogFolder()
})
afterEach(() => folder.remove())

const RECORD_BYTES = 1_000
const value = entry('x'.repeat(RECORD_BYTES))

const appendMany = async (log: EmbeddedLog, count: number, everyMs = 0): Promise<void> => {
  for (let i = 0; i < count; i++) {
    await log.append(TOPIC, 0, [value])
    folder.clock.at += everyMs
  }
}

/** A stage that is at `position` and takes nothing until it is let. */
const subscribeHeld = async (log: EmbeddedLog, position: number) => {
  const offsets: number[] = []
  let release!: () => void
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const running = await log.subscribe({
    group: 'held',
    topics: [TOPIC],
    recordsMax: 1,
    assigned: async () => position,
    revoked: async () => {},
    batch: async (records) => {
      await held
      offsets.push(...records.map((record) => record.offset))
    },
    failed: () => {},
  })
  return { offsets, release, running }
}

describe('retention by bytes', () => {
  const options = { segmentBytesMax: 5_000, retention: { [TOPIC]: { bytesMax: 20_000 } } }

  test('drops the oldest segments whole and says where the rest begins', async () => {
    const log = await folder.open(options)
    await appendMany(log, 100)
    const { start, end } = await log.bounds(TOPIC, 0)
    expect(end).toBe(100)
    expect(start).toBeGreaterThanOrEqual(76)
    expect(start).toBeLessThanOrEqual(84)
    expect((await readdir(folder.partitionDirectory)).length).toBe(Math.ceil((end - start) / 4))
    const records = await readAll(log, start)
    expect(records.map((record) => record.offset)[0]).toBe(start)
    expect(log.losses()).toEqual([])
  })

  test('is the same after the log was opened again', async () => {
    const log = await folder.open(options)
    await appendMany(log, 100)
    const before = await log.bounds(TOPIC, 0)
    await log.close()
    const again = await folder.open(options)
    expect(await again.bounds(TOPIC, 0)).toEqual(before)
  })

  test('tells a stage that comes for what is gone', async () => {
    const log = await folder.open(options)
    await appendMany(log, 100)
    const { start } = await log.bounds(TOPIC, 0)
    const records = await readAll(log, 10)
    expect(records[0]!.offset).toBe(start)
    expect(log.losses()).toMatchObject([{ fromOffset: 10, toOffset: start }])
  })

  test('does not wait for a slow stage, but tells of what it misses', async () => {
    const log = await folder.open(options)
    await appendMany(log, 4)
    const { offsets, release, running } = await subscribeHeld(log, 0)
    await appendMany(log, 96)
    const { start } = await log.bounds(TOPIC, 0)
    expect(start).toBeGreaterThan(50)
    release()
    await readAll(log, 99)
    while (log.lag().some(({ group, records }) => group === 'held' && records > 0))
      await new Promise((resolve) => setImmediate(resolve))
    await running.stop()
    const missing = log.losses().filter((loss) => loss.toOffset === start)
    expect(missing).toHaveLength(1)
    const got = new Set(offsets)
    for (let offset = 0; offset < 100; offset++)
      expect(got.has(offset), `offset ${offset}`).toBe(
        offset < missing[0]!.fromOffset || offset >= start,
      )
  })

  test('shares the limit among the partitions of the topic', async () => {
    const log = await folder.open({ ...options, partitions: 2 })
    await appendMany(log, 100)
    const { start } = await log.bounds(TOPIC, 0)
    expect(start).toBeGreaterThanOrEqual(86)
  })
})

describe('retention by age', () => {
  const options = { retention: { [TOPIC]: { ageMaxMs: 8 * HOUR_MS } } }

  test('drops segments all of whose records are older', async () => {
    const log = await folder.open(options)
    await appendMany(log, 100, HOUR_MS)
    const { start, end } = await log.bounds(TOPIC, 0)
    expect(end).toBe(100)
    expect(start).toBeGreaterThanOrEqual(88)
    expect(start).toBeLessThanOrEqual(91)
  })

  test('waits for a live stage that has not read them', async () => {
    const log = await folder.open(options)
    await appendMany(log, 2, HOUR_MS)
    const { release, running } = await subscribeHeld(log, 0)
    await appendMany(log, 98, HOUR_MS)
    expect((await log.bounds(TOPIC, 0)).start).toBe(0)
    release()
    while (log.lag().some(({ records }) => records > 0))
      await new Promise((resolve) => setImmediate(resolve))
    await appendMany(log, 2, 2 * HOUR_MS)
    expect((await log.bounds(TOPIC, 0)).start).toBeGreaterThan(80)
    await running.stop()
    expect(log.losses()).toEqual([])
  })

  test('does not drop what was appended before a long pause until something is appended', async () => {
    const log = await folder.open(options)
    await appendMany(log, 10, HOUR_MS)
    await log.close()
    folder.clock.at += 1_000 * HOUR_MS
    const again = await folder.open(options)
    expect((await again.bounds(TOPIC, 0)).start).toBeLessThan(3)
  })
})

describe('lag', () => {
  test('counts what a stage has not dealt with, not what it was given', async () => {
    const log = await folder.open()
    await appendMany(log, 3)
    const { release, running } = await subscribeHeld(log, 1)
    expect(log.lag()).toEqual([{ group: 'held', topic: TOPIC, partition: 0, records: 2 }])
    release()
    while (log.lag()[0]!.records > 0) await new Promise((resolve) => setImmediate(resolve))
    await running.stop()
    expect(log.lag()).toEqual([])
  })
})
