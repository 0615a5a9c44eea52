// Checkpoints as files of one directory: written whole, checked by a sum, fenced by numbered names.
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import {
  type Checkpoint,
  type CheckpointDraft,
  type CheckpointStore,
  FencedError,
} from '../../domain/ports/checkpoints.ts'

/*
 * `<name>.<epoch>.epoch`              says who owns the name; making the next one is atomic.
 * `<name>.<epoch>.<number>.checkpoint`  the newest two are kept; a later epoch's are always newer.
 *
 * A checkpoint file: magic u32 | crc32 of the rest | position u48 | savedAt u48 | state.
 */
const MAGIC = 0x464c4350
const HEAD_BYTES = 20
const SUM_AT = 4
const SUMMED_FROM = 8
const KEPT = 2
const NUMBER_DIGITS = 16
const ATTEMPTS_MAX = 100

export interface FileCheckpointOptions {
  readonly directory: string
  /** Told of each checkpoint file that could not be used. */
  onDamage?(path: string): void
}

const headOf = ({ position, savedAt }: CheckpointDraft): Buffer => {
  const bytes = Buffer.alloc(HEAD_BYTES)
  bytes.writeUInt32LE(MAGIC, 0)
  bytes.writeUIntLE(position, 8, 6)
  bytes.writeUIntLE(savedAt, 14, 6)
  return bytes
}

const decode = (bytes: Buffer): Checkpoint | undefined => {
  if (bytes.length < HEAD_BYTES || bytes.readUInt32LE(0) !== MAGIC) return undefined
  if (crc32(bytes.subarray(SUMMED_FROM)) !== bytes.readUInt32LE(SUM_AT)) return undefined
  return {
    position: bytes.readUIntLE(8, 6),
    savedAt: bytes.readUIntLE(14, 6),
    state: bytes.subarray(HEAD_BYTES),
  }
}

const padded = (number: number): string => String(number).padStart(NUMBER_DIGITS, '0')

/** Names may hold anything; file names may not. The dot is ours. */
const fileName = (name: string): string => encodeURIComponent(name).replaceAll('.', '%2E')

const syncDirectory = async (directory: string): Promise<void> => {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The sum, which comes first, is known last. @returns the bytes of the state */
const writeWhole = async (path: string, checkpoint: CheckpointDraft): Promise<number> => {
  const handle = await open(path, 'w')
  try {
    const head = headOf(checkpoint)
    let crc = crc32(head.subarray(SUMMED_FROM))
    let bytes = 0
    await handle.writeFile(head)
    for (const piece of checkpoint.state) {
      if (piece.length === 0) continue // zlib takes it for a wish to begin anew
      crc = crc32(piece, crc)
      bytes += piece.length
      await handle.writeFile(piece)
    }
    head.writeUInt32LE(crc, SUM_AT)
    await handle.write(head, 0, HEAD_BYTES, 0)
    await handle.sync()
    return bytes
  } finally {
    await handle.close()
  }
}

export const openFileCheckpoints = async (
  options: FileCheckpointOptions,
): Promise<CheckpointStore> => {
  const { directory, onDamage } = options
  await mkdir(directory, { recursive: true })

  /** Names of one kind, newest first. Padded numbers sort as text. */
  const newestFirst = async (name: string, suffix: string): Promise<string[]> => {
    const prefix = `${fileName(name)}.`
    const names = await readdir(directory)
    return names
      .filter((file) => file.startsWith(prefix) && file.endsWith(suffix))
      .sort()
      .reverse()
  }

  const currentEpoch = async (name: string): Promise<number> => {
    const [newest] = await newestFirst(name, '.epoch')
    return newest === undefined ? 0 : Number(newest.slice(fileName(name).length + 1, -6))
  }

  const remove = async (files: readonly string[]): Promise<void> => {
    for (const file of files) await unlink(join(directory, file)).catch(() => {})
  }

  const acquire = async (name: string): Promise<number> => {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const epoch = (await currentEpoch(name)) + 1
      const path = join(directory, `${fileName(name)}.${padded(epoch)}.epoch`)
      try {
        await (await open(path, 'wx')).close()
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
        throw error
      }
      await syncDirectory(directory)
      await remove((await newestFirst(name, '.epoch')).slice(1))
      await remove(await newestFirst(name, '.draft')) // what a crash of the last owner left
      return epoch
    }
    throw new Error(`${name} is being acquired by others without end`)
  }

  const refuseSuccessor = async (name: string, epoch: number): Promise<void> => {
    const current = await currentEpoch(name)
    if (current !== epoch)
      throw new FencedError(`${name} is owned by epoch ${current}, not by ${epoch}`)
  }

  const save = async (
    name: string,
    epoch: number,
    checkpoint: CheckpointDraft,
  ): Promise<number> => {
    await refuseSuccessor(name, epoch)
    const [newest] = await newestFirst(name, '.checkpoint')
    const number = newest === undefined ? 1 : Number(newest.split('.')[2]) + 1
    const file = `${fileName(name)}.${padded(epoch)}.${padded(number)}.checkpoint`
    const draft = join(directory, `${file}.draft`)
    let bytes: number
    try {
      bytes = await writeWhole(draft, checkpoint)
      await refuseSuccessor(name, epoch)
      await rename(draft, join(directory, file))
      await syncDirectory(directory)
    } catch (error) {
      await remove([`${file}.draft`])
      throw error
    }
    await remove((await newestFirst(name, '.checkpoint')).slice(KEPT))
    return bytes
  }

  const load = async (name: string): Promise<Checkpoint | undefined> => {
    for (const file of await newestFirst(name, '.checkpoint')) {
      const path = join(directory, file)
      const checkpoint = decode(await readFile(path))
      if (checkpoint !== undefined) return checkpoint
      onDamage?.(path)
    }
    return undefined
  }

  return { acquire, save, load, close: async () => {} }
}
