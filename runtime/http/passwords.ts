// Passwords as scrypt hashes that carry their own parameters; a bounded number at one time.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import type { AuthConfig } from '../config/auth-schema.ts'

export interface Passwords {
  /** @throws BusyError when too many wait */
  hash(password: string): Promise<string>
  /**
   * Takes as long where there is no hash, so that time does not tell which names exist.
   * @throws BusyError when too many wait
   */
  verify(password: string, hash: string | null | undefined): Promise<boolean>
}

export class BusyError extends Error {
  override readonly name = 'BusyError'
}

interface Cost {
  readonly costLog2: number
  readonly blockSize: number
  readonly parallelism: number
}

const SALT_BYTES = 16
const KEY_BYTES = 32
const FORM = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/

const derive = (password: string, salt: Buffer, cost: Cost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const { costLog2, blockSize: r, parallelism: p } = cost
    const N = 2 ** costLog2
    // The same letters typed on another keyboard are the same password.
    const text = password.normalize('NFKC')
    const done = (error: Error | null, key: Buffer) =>
      error === null ? resolve(key) : reject(error)
    scrypt(text, salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r }, done)
  })

const format = ({ costLog2, blockSize, parallelism }: Cost, salt: Buffer, key: Buffer): string =>
  `$scrypt$ln=${costLog2},r=${blockSize},p=${parallelism}$${salt.toString('base64url')}$${key.toString('base64url')}`

/** Lets `atOnceMax` run; the rest wait in turn, `waitingMax` of them. */
const createTurnstile = (atOnceMax: number, waitingMax: number) => {
  let running = 0
  const waiting: (() => void)[] = []
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnceMax) {
      if (waiting.length >= waitingMax) throw new BusyError('too many passwords to check')
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}

export const createPasswords = (settings: AuthConfig['passwords']): Passwords => {
  const inTurn = createTurnstile(settings.atOnceMax, settings.waitingMax)
  const nobodys = format(settings, randomBytes(SALT_BYTES), randomBytes(KEY_BYTES))
  return {
    hash: (password) =>
      inTurn(async () => {
        const salt = randomBytes(SALT_BYTES)
        return format(settings, salt, await derive(password, salt, settings))
      }),
    verify: (password, hash) =>
      inTurn(async () => {
        const [, ln, r, p, salt, key] = FORM.exec(hash ?? nobodys) ?? []
        if (salt === undefined || key === undefined) return false
        const cost = { costLog2: Number(ln), blockSize: Number(r), parallelism: Number(p) }
        const found = await derive(password, Buffer.from(salt, 'base64url'), cost)
        return timingSafeEqual(found, Buffer.from(key, 'base64url')) && Boolean(hash)
      }),
  }
}
