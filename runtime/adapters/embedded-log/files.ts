// The few file operations that the embedded log lives on, so that tests can make each of them fail.
import { constants } from 'node:fs'
import { mkdir, open, readdir, unlink } from 'node:fs/promises'

export interface LogFile {
  /** @returns bytes read; fewer than asked for only at the end of the file */
  read(target: Buffer, position: number): Promise<number>
  /**
   * Resolves once the bytes, and the length with them, are on the device.
   * @returns bytes written; a full disk makes this a short count without an error
   */
  write(source: Buffer, position: number): Promise<number>
  truncate(bytes: number): Promise<void>
  /** Resolves once what was truncated is so on the device. */
  sync(): Promise<void>
  size(): Promise<number>
  close(): Promise<void>
}

export interface Files {
  makeDirectory(path: string): Promise<void>
  /** Names in a directory, in no particular order. */
  list(path: string): Promise<string[]>
  /** For reading and writing; made when absent. */
  open(path: string): Promise<LogFile>
  remove(path: string): Promise<void>
  /** Makes the names in a directory durable. */
  syncDirectory(path: string): Promise<void>
}

/** One call to the kernel rather than two; elsewhere it may leave bytes in the drive's own cache. */
const SYNCED_WRITES = process.platform === 'linux' ? constants.O_DSYNC : 0

const openNodeFile = async (path: string): Promise<LogFile> => {
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT | SYNCED_WRITES)
  return {
    read: async (target, position) => {
      let filled = 0
      while (filled < target.length) {
        const wanted = target.length - filled
        const { bytesRead } = await handle.read(target, filled, wanted, position + filled)
        if (bytesRead === 0) break
        filled += bytesRead
      }
      return filled
    },
    write: async (source, position) => {
      const { bytesWritten } = await handle.write(source, 0, source.length, position)
      if (SYNCED_WRITES === 0) await handle.datasync()
      return bytesWritten
    },
    truncate: (bytes) => handle.truncate(bytes),
    sync: () => handle.datasync(),
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
  }
}

export const nodeFiles: Files = {
  makeDirectory: async (path) => {
    await mkdir(path, { recursive: true })
  },
  list: (path) => readdir(path),
  open: openNodeFile,
  remove: (path) => unlink(path),
  syncDirectory: async (path) => {
    const handle = await open(path, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
}
