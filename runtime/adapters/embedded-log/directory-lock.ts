// Sees to it that one process at a time uses a directory, and that a dead one does not block it.
import { link, readdir, readFile, truncate, unlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

/*
 * Lock files are numbered and only ever grow in number: `lock.7` is taken over by making `lock.8`,
 * which the file system lets one process do. Whoever read `lock.7` too late finds `lock.8` there.
 * The newest file stays behind when the lock is let go, emptied, so that numbers never restart.
 */
interface Owner {
  readonly pid: number
  readonly host: string
  /** Tells this boot of the machine from others; empty where the system does not say. */
  readonly boot: string
  /** Clock ticks from boot to the start of the process: tells a reused pid. Empty as above. */
  readonly startedAt: string
}

const LOCK = /^lock\.(\d+)$/
const ATTEMPTS_MAX = 10
const heldHere = new Set<string>()

const readText = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')

const startOf = async (pid: number): Promise<string> => {
  const stat = await readText(`/proc/${pid}/stat`)
  // The command's name may hold spaces and brackets; the fields are counted from behind it.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

const bootId = async (): Promise<string> =>
  (await readText('/proc/sys/kernel/random/boot_id')).trim()

const processExists = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const parseOwner = (text: string): Owner | undefined => {
  try {
    return text === '' ? undefined : (JSON.parse(text) as Owner)
  } catch {
    return undefined
  }
}

/** Alive, or on another host of this boot (a container), where nobody can tell from here. */
const mayBeAlive = async (owner: Owner): Promise<boolean> => {
  if (owner.boot !== (await bootId())) return false
  if (owner.host !== hostname()) return true
  if (!processExists(owner.pid)) return false
  if (owner.startedAt === '') return owner.pid !== process.pid
  return owner.startedAt === (await startOf(owner.pid))
}

const newestLock = async (directory: string): Promise<number> => {
  const names = await readdir(directory)
  return Math.max(0, ...names.map((name) => Number(LOCK.exec(name)?.[1] ?? 0)))
}

/** Makes a lock file with its content at once; false when somebody else made it first. */
const makeLock = async (path: string, owner: Owner): Promise<boolean> => {
  const draft = `${path}.${owner.pid}.draft`
  await writeFile(draft, JSON.stringify(owner))
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await unlink(draft)
  }
}

const takeLock = async (directory: string): Promise<string> => {
  const { pid } = process
  const owner = { pid, host: hostname(), boot: await bootId(), startedAt: await startOf(pid) }
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const number = await newestLock(directory)
    const newest = join(directory, `lock.${number}`)
    const other = parseOwner(number === 0 ? '' : await readText(newest))
    if (other !== undefined && (await mayBeAlive(other)))
      throw new Error(
        `${directory} is in use by process ${other.pid} on ${other.host}; if that process is ` +
          `surely gone, remove ${newest}`,
      )
    const path = join(directory, `lock.${number + 1}`)
    if (!(await makeLock(path, owner))) continue
    if (number > 0) await unlink(newest).catch(() => {})
    return path
  }
  throw new Error(`${directory} is being opened by several processes at once`)
}

/**
 * @returns lets the lock go
 * @throws Error naming the process that has the directory
 */
export const lockDirectory = async (directory: string): Promise<() => Promise<void>> => {
  if (heldHere.has(directory)) throw new Error(`${directory} is already open in this process`)
  heldHere.add(directory)
  try {
    const path = await takeLock(directory)
    return async () => {
      heldHere.delete(directory)
      await truncate(path).catch(() => {})
    }
  } catch (error) {
    heldHere.delete(directory)
    throw error
  }
}
