// The few file operations that the embedded log lives on, so that tests can make each of them fail.
import { mkdir, open, readdir, unlink } from 'node:fs/promises'

export interface LogFile {
  /** @returns bytes read; fewer than asked for only at the end of the file */
  read(target: Buffer, position: number): Promise<number>
  /** @returns bytes written; a full disk makes this a short count without an error */
  write(source: Buffer, position: number): Promise<number>
  truncate(bytes: number): Promise<void>
  /** Resolves once content and length are on the device. */
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

const openNodeFile = async (path: string): Promise<LogFile> => {
  const handle = await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return open(path, 'wx+')
    throw error
  })
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
    write: async (source, position) =>
      (await handle.write(source, 0, source.length, position)).bytesWritten,
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
