// A disk in memory that fills up, writes short, fails to sync and loses power, all by a seed.
import type { Files, LogFile } from '../files.ts'

const SECTOR_BYTES = 512

/** A small generator (mulberry32, public domain): the same seed gives the same faults. */
export const createRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

interface Content {
  /** What a reader sees. */
  current: Buffer
  /** What is there after a power cut, whatever else is. */
  durable: Buffer
  /** Whether its name survives a power cut. */
  named: boolean
}

export interface SimulatedDisk extends Files {
  /** Bytes that still fit; further writes come back short, then fail. */
  freeBytes: number
  /** The next so many syncs fail. */
  syncFailures: number
  /** The next so many truncations fail. */
  truncateFailures: number
  /** After so many operations everything fails: the power is gone. */
  operationsLeft: number
  /** Power comes back: of what was not synced each sector is there or not, as chance has it. */
  powerCut(): void
  contentOf(path: string): Buffer
  paths(): string[]
}

const resized = (content: Buffer, bytes: number): Buffer => {
  const changed = Buffer.alloc(bytes)
  content.copy(changed)
  return changed
}

const diskError = (code: string): Error => Object.assign(new Error(`${code}: simulated`), { code })

const operate = async (disk: SimulatedDisk): Promise<void> => {
  await null
  if (disk.operationsLeft <= 0) throw diskError('EIO')
  disk.operationsLeft -= 1
}

/** An operation of its own: the power may go between a write and this. */
const makeDurable = async (disk: SimulatedDisk, content: Content): Promise<void> => {
  await operate(disk)
  if (disk.syncFailures > 0) {
    disk.syncFailures -= 1
    throw diskError('EIO')
  }
  content.durable = Buffer.from(content.current)
}

const openFile = (disk: SimulatedDisk, content: Content): LogFile => ({
  read: async (target, position) => {
    await operate(disk)
    return content.current.copy(target, 0, position)
  },
  write: async (source, position) => {
    await operate(disk)
    const grown = Math.max(0, position + source.length - content.current.length)
    const fitting = Math.max(0, source.length - Math.max(0, grown - disk.freeBytes))
    if (fitting === 0) throw diskError('ENOSPC')
    const end = Math.max(content.current.length, position + fitting)
    disk.freeBytes -= end - content.current.length
    content.current = resized(content.current, end)
    source.copy(content.current, position, 0, fitting)
    await makeDurable(disk, content)
    return fitting
  },
  truncate: async (bytes) => {
    await operate(disk)
    if (disk.truncateFailures > 0) {
      disk.truncateFailures -= 1
      throw diskError('EIO')
    }
    disk.freeBytes += content.current.length - bytes
    content.current = resized(content.current, bytes)
  },
  sync: () => makeDurable(disk, content),
  size: async () => content.current.length,
  close: async () => {},
})

/** Each sector that was not synced is there or not. */
const afterPowerCut = ({ current, durable }: Content, random: () => number): Buffer => {
  const length = random() < 0.5 ? current.length : Math.floor(random() * (current.length + 1))
  const left = resized(durable, Math.max(length, Math.min(durable.length, current.length)))
  for (let at = 0; at < left.length; at += SECTOR_BYTES)
    if (random() < 0.7) current.copy(left, at, at, Math.min(at + SECTOR_BYTES, left.length))
  return left
}

export const createSimulatedDisk = (seed: number): SimulatedDisk => {
  const random = createRandom(seed)
  const contents = new Map<string, Content>()

  const disk: SimulatedDisk = {
    freeBytes: Infinity,
    syncFailures: 0,
    truncateFailures: 0,
    operationsLeft: Infinity,
    makeDirectory: async () => {},
    list: async (path) =>
      [...contents.keys()]
        .filter((name) => name.startsWith(`${path}/`))
        .map((name) => name.slice(path.length + 1)),
    open: async (path) => {
      await operate(disk)
      const content = contents.get(path) ?? {
        current: Buffer.alloc(0),
        durable: Buffer.alloc(0),
        named: false,
      }
      contents.set(path, content)
      return openFile(disk, content)
    },
    remove: async (path) => {
      await operate(disk)
      disk.freeBytes += contents.get(path)?.current.length ?? 0
      contents.delete(path)
    },
    syncDirectory: async (path) => {
      await operate(disk)
      for (const [name, content] of contents) if (name.startsWith(`${path}/`)) content.named = true
    },
    powerCut: () => {
      disk.operationsLeft = Infinity
      for (const [path, content] of contents) {
        if (!content.named && random() < 0.5) contents.delete(path)
        else {
          content.current = afterPowerCut(content, random)
          content.durable = Buffer.from(content.current)
        }
      }
    },
    contentOf: (path) => contents.get(path)!.current,
    paths: () => [...contents.keys()].sort(),
  }
  return disk
}
