// What damaged files lead to: torn tails are cut, anything else is reported and read past.
import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LogLoss } from '../../../domain/ports/log.ts'
import { FRAME_HEADER_BYTES, FRAME_MAGIC } from './frames.ts'
import {
  createLogFolder,
  entry,
  entryTexts,
  type LogFolder,
  readAll,
  TOPIC,
} from './testing/bench.ts'

let folder: LogFolder
beforeEach(async () => {
  folder = await createLogFolder()
})
afterEach(() => folder.remove())

const segmentFiles = async (): Promise<string[]> =>
  (await readdir(folder.partitionDirectory))
    .filter((name) => name.endsWith('.log'))
    .sort()
    .map((name) => join(folder.partitionDirectory, name))

/** Three appends of two records each; where each of their frames begins. */
const writeThree = async (): Promise<{ path: string; bytes: Buffer; starts: number[] }> => {
  const log = await folder.open()
  const starts: number[] = []
  const [path] = await segmentFiles()
  for (const name of ['a', 'b', 'c']) {
    starts.push((await readFile(path!)).length)
    await log.append(TOPIC, 0, [entry(`${name}1`), entry(`${name}2`)])
  }
  await log.close()
  return { path: path!, bytes: await readFile(path!), starts }
}

const summary = (losses: readonly LogLoss[]) =>
  losses.map(({ fromOffset, toOffset }) => [fromOffset, toOffset])

describe('a torn tail', () => {
  test('is cut, wherever the last frame ends, and its offsets are given anew', async () => {
    const { path, bytes, starts } = await writeThree()
    for (let length = starts[2]!; length < bytes.length; length++) {
      await writeFile(path, bytes.subarray(0, length))
      const log = await folder.open()
      expect(log.losses(), `${length} bytes`).toEqual([])
      expect(log.cuts().map((cut) => cut.bytes)).toEqual(
        length === starts[2] ? [] : [length - starts[2]!],
      )
      expect(await log.append(TOPIC, 0, [entry('new')])).toBe(4)
      expect(entryTexts(await readAll(log))).toEqual(['a1', 'a2', 'b1', 'b2', 'new'])
      await log.close()
    }
  })

  test('of a file that only grew is cut', async () => {
    const { path, bytes, starts } = await writeThree()
    await writeFile(path, bytes)
    await truncate(path, bytes.length + 4_096)
    const log = await folder.open()
    expect(log.losses()).toEqual([])
    expect(log.cuts().map((cut) => cut.bytes)).toEqual([4_096])
    expect(starts).toHaveLength(3)
    expect(entryTexts(await readAll(log))).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2'])
  })
})

describe('a flipped bit inside', () => {
  test('loses the frame it is in, is reported, and every other offset stays right', async () => {
    const { path, bytes, starts } = await writeThree()
    for (let bit = starts[1]! * 8; bit < starts[2]! * 8; bit += 5) {
      const damaged = Buffer.from(bytes)
      damaged[bit >> 3]! ^= 1 << (bit & 7)
      await writeFile(path, damaged)
      const log = await folder.open()
      expect(await log.bounds(TOPIC, 0)).toEqual({ start: 0, end: 6 })
      const records = await readAll(log)
      expect(entryTexts(records), `bit ${bit}`).toEqual(['a1', 'a2', 'c1', 'c2'])
      expect(records.map((record) => record.offset)).toEqual([0, 1, 4, 5])
      expect(summary(log.losses())).toEqual([[2, 4]])
      await log.close()
    }
  })

  test('in the last frame is never taken for a torn tail', async () => {
    const { path, bytes, starts } = await writeThree()
    for (let bit = starts[2]! * 8; bit < bytes.length * 8; bit += 5) {
      const damaged = Buffer.from(bytes)
      damaged[bit >> 3]! ^= 1 << (bit & 7)
      await writeFile(path, damaged)
      const log = await folder.open()
      expect(log.losses(), `bit ${bit}`).toHaveLength(1)
      // With a sound header the offsets stay taken; without one nobody knows how many there were.
      const bodyDamaged = bit >= (starts[2]! + FRAME_HEADER_BYTES) * 8
      expect(summary(log.losses())).toEqual([[4, bodyDamaged ? 6 : 4]])
      expect(entryTexts(await readAll(log))).toEqual(['a1', 'a2', 'b1', 'b2'])
      await log.close()
    }
  })

  test('in an older segment is found when it is read, and told once', async () => {
    const losses: LogLoss[] = []
    const log = await folder.open({ segmentBytesMax: 100, onLoss: (loss) => losses.push(loss) })
    for (let i = 0; i < 6; i++) await log.append(TOPIC, 0, [entry(`record ${i} ${'x'.repeat(40)}`)])
    const [, second] = await segmentFiles()
    const bytes = await readFile(second!)
    bytes[FRAME_HEADER_BYTES + 20]! ^= 1
    await writeFile(second!, bytes)
    for (let time = 0; time < 2; time++)
      expect((await readAll(log)).map((record) => record.offset % 10)).not.toContain(1)
    expect(summary(losses)).toEqual([[1, 2]])
    expect(losses[0]!.detail).toContain('damaged bytes from 0')
  })

  test('does not let text inside a damaged frame pass for a frame', async () => {
    const log = await folder.open()
    const [path] = await segmentFiles()
    await log.append(TOPIC, 0, [entry('before')])
    const inside = await readFile(path!)
    await log.append(TOPIC, 0, [{ value: Buffer.concat([FRAME_MAGIC, inside]) }])
    await log.append(TOPIC, 0, [entry('after')])
    await log.close()
    const bytes = await readFile(path!)
    bytes[inside.length + 4]! ^= 1 // the second frame's header sum
    await writeFile(path!, bytes)
    const again = await folder.open()
    expect(entryTexts(await readAll(again))).toEqual(['before', 'after'])
    expect(summary(again.losses())).toEqual([[1, 2]])
  })
})

describe('lost acknowledged records', () => {
  test('never have their offsets given to others while a stage knows of them', async () => {
    const { path, bytes, starts } = await writeThree()
    await writeFile(path, bytes.subarray(0, starts[1]))
    const log = await folder.open()
    expect(await log.bounds(TOPIC, 0)).toEqual({ start: 0, end: 2 })
    expect(entryTexts(await readAll(log, 6))).toEqual([])
    expect(summary(log.losses())).toEqual([[2, 6]])
    expect((await log.bounds(TOPIC, 0)).end).toBeGreaterThan(6)
    await log.close()
    const again = await folder.open()
    expect((await readAll(again)).map((record) => record.offset)).toEqual([0, 1])
  })

  test('a missing segment file is reported', async () => {
    const log = await folder.open({ segmentBytesMax: 1 })
    for (let i = 0; i < 4; i++) await log.append(TOPIC, 0, [entry(`${i}`)])
    await log.close()
    await rm((await segmentFiles())[1]!)
    const again = await folder.open({ segmentBytesMax: 1 })
    expect(entryTexts(await readAll(again))).toEqual(['0', '2', '3'])
    expect(summary(again.losses())).toEqual([[1, 2]])
  })
})
