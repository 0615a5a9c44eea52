// What a failing disk leads to: full, short, unsynced, without power. Nothing acknowledged is lost (FAULTS 31).
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LogUnavailableError } from '../../../domain/ports/log.ts'
import type { EmbeddedLog } from './embedded-log.ts'
import {
  createLogFolder,
  entry,
  entryTexts,
  type LogFolder,
  readAll,
  TOPIC,
} from './testing/bench.ts'
import { createRandom, createSimulatedDisk, type SimulatedDisk } from './testing/simulated-disk.ts'

let folder: LogFolder
beforeEach(async () => {
  folder = await createLogFolder()
})
afterEach(() => folder.remove())

const openOn = (files: SimulatedDisk, options = {}): Promise<EmbeddedLog> =>
  folder.open({ files, ...options })

describe('a full disk', () => {
  test('refuses appends, keeps no half of one, and takes them again once there is room', async () => {
    const disk = createSimulatedDisk(1)
    const log = await openOn(disk)
    await log.append(TOPIC, 0, [entry('before')])
    const path = disk.paths().find((name) => name.includes(`${TOPIC}-0`))!
    const whole = Buffer.from(disk.contentOf(path))
    for (const room of [0, 1, 10, 50]) {
      disk.freeBytes = room
      const refused = log.append(TOPIC, 0, [entry('x'.repeat(100)), entry('y')])
      await expect(refused).rejects.toThrow(LogUnavailableError)
      expect(disk.contentOf(path).equals(whole), `${room} bytes of room`).toBe(true)
      expect(disk.freeBytes).toBe(room)
    }
    await expect(log.check()).rejects.toThrow(LogUnavailableError)
    disk.freeBytes = 1_000_000
    await expect(log.check()).resolves.toBeUndefined()
    expect(await log.append(TOPIC, 0, [entry('after')])).toBe(1)
    expect(entryTexts(await readAll(log))).toEqual(['before', 'after'])
    expect(log.losses()).toEqual([])
  })

  test('lets stages read on', async () => {
    const disk = createSimulatedDisk(2)
    const log = await openOn(disk)
    await log.append(TOPIC, 0, [entry('a'), entry('b')])
    disk.freeBytes = 0
    const texts: string[] = []
    await new Promise<void>((resolve, reject) => {
      log
        .subscribe({
          group: 'reader',
          topics: [TOPIC],
          assigned: async () => 0,
          revoked: async () => {},
          batch: async (records) => {
            texts.push(...entryTexts(records))
            resolve()
          },
          failed: reject,
        })
        .catch(reject)
    })
    expect(texts).toEqual(['a', 'b'])
  })

  test('that cannot start a segment leaves no trace of it', async () => {
    const disk = createSimulatedDisk(3)
    const log = await openOn(disk, { segmentBytesMax: 150 })
    await log.append(TOPIC, 0, [entry('x'.repeat(60))])
    disk.truncateFailures = 1
    await expect(log.append(TOPIC, 0, [entry('y'.repeat(60))])).rejects.toThrow(LogUnavailableError)
    await log.append(TOPIC, 0, [entry('small')]) // fits into the segment that was to be left
    await log.append(TOPIC, 0, [entry('z'.repeat(60))])
    await log.close()
    const again = await openOn(disk, { segmentBytesMax: 150 })
    const texts = ['x'.repeat(60), 'small', 'z'.repeat(60)]
    expect(entryTexts(await readAll(again))).toEqual(texts)
    expect(again.losses()).toEqual([])
  })
})

describe('a failed sync', () => {
  test('refuses the append, and nothing of it is there afterwards', async () => {
    const disk = createSimulatedDisk(4)
    const log = await openOn(disk)
    await log.append(TOPIC, 0, [entry('before')])
    disk.syncFailures = 1
    await expect(log.append(TOPIC, 0, [entry('lost')])).rejects.toThrow(LogUnavailableError)
    expect(await log.append(TOPIC, 0, [entry('after')])).toBe(1)
    expect(entryTexts(await readAll(log))).toEqual(['before', 'after'])
  })

  test('after which the tail cannot be mended refuses on, until it can', async () => {
    const disk = createSimulatedDisk(5)
    const log = await openOn(disk)
    await log.append(TOPIC, 0, [entry('before')])
    disk.syncFailures = 1
    disk.truncateFailures = 2
    for (let i = 0; i < 2; i++)
      await expect(log.append(TOPIC, 0, [entry('lost '.repeat(9))])).rejects.toThrow(
        LogUnavailableError,
      )
    expect(await log.append(TOPIC, 0, [entry('after')])).toBe(1)
    await log.close()
    const again = await openOn(disk)
    expect(entryTexts(await readAll(again))).toEqual(['before', 'after'])
    expect(again.losses()).toEqual([])
  })
})

describe('the queue of appends', () => {
  test('is bounded in bytes; beyond that appends are refused at once', async () => {
    const log = await folder.open({ queueBytesMax: 1_000 })
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => log.append(TOPIC, 0, [entry('x'.repeat(300))])),
    )
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(refused).toHaveLength(8)
    for (const { reason } of refused) expect(reason).toBeInstanceOf(LogUnavailableError)
    expect(await log.append(TOPIC, 0, [entry('x'.repeat(2_000))])).toBe(2)
  })
})

const SEEDS = 300
const APPENDS = 40

interface Attempt {
  readonly texts: readonly string[]
  offset?: number
}

/** Appends of random sizes with random faults, until the power goes at some operation. */
const runUntilPowerCut = async (log: EmbeddedLog, disk: SimulatedDisk, seed: number) => {
  const random = createRandom(seed + 7_000)
  const attempts: Attempt[] = []
  const pending: Promise<void>[] = []
  disk.operationsLeft = Math.floor(random() * 120)
  for (let i = 0; i < APPENDS; i++) {
    const texts = Array.from(
      { length: 1 + Math.floor(random() * 3) },
      (_, j) => `${i}.${j} ${'x'.repeat(Math.floor(random() * 700))}`,
    )
    const attempt: Attempt = { texts }
    attempts.push(attempt)
    if (random() < 0.05) disk.syncFailures += 1
    if (random() < 0.05) disk.freeBytes = Math.floor(random() * 2_000)
    if (random() < 0.2) disk.freeBytes = Infinity
    const appending = log.append(TOPIC, 0, texts.map(entry)).then(
      (offset) => {
        attempt.offset = offset
      },
      () => {},
    )
    pending.push(appending)
    if (random() < 0.4) await appending
  }
  await Promise.all(pending)
  return attempts
}

describe('a power cut at any operation', () => {
  test(`loses nothing acknowledged and halves nothing else, ${SEEDS} seeds`, async () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const disk = createSimulatedDisk(seed)
      const options = { segmentBytesMax: 4_096 }
      const log = await openOn(disk, options)
      const attempts = await runUntilPowerCut(log, disk, seed)
      await log.close()
      disk.freeBytes = Infinity
      disk.syncFailures = 0
      disk.powerCut()

      const again = await openOn(disk, options)
      const acknowledged = attempts.filter(({ offset }) => offset !== undefined)
      const end = Math.max(0, ...acknowledged.map(({ offset, texts }) => offset! + texts.length))
      const records = await readAll(again)
      const byOffset = new Map(records.map((record) => [record.offset, entryTexts([record])[0]!]))
      for (const { offset, texts } of acknowledged)
        for (const [i, text] of texts.entries())
          expect(byOffset.get(offset! + i), `seed ${seed} offset ${offset! + i}`).toBe(text)
      for (const loss of again.losses())
        expect(loss.fromOffset, `seed ${seed}`).toBeGreaterThanOrEqual(end)
      const kept = new Set(byOffset.values())
      for (const { texts } of attempts)
        expect(new Set(texts.map((text) => kept.has(text))).size, `seed ${seed}`).toBe(1)
      await again.close()
    }
  })
})
