// Starts real programs for a test and ends exactly those, whatever happens.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export const scratchDirectory = (name: string): string =>
  mkdtempSync(join(tmpdir(), `faultline-${name}-`))

export const removeDirectory = (path: string): void =>
  rmSync(path, { recursive: true, force: true, maxRetries: 3 })

/** A port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  server.close()
  await once(server, 'close')
  return address.port
}

export interface Running {
  readonly child: ChildProcess
  /** All that it printed so far, stdout and stderr. */
  output(): string
  /** Resolves with the exit code once it is gone. */
  readonly gone: Promise<number | null>
  /** Ends it with `signal` (SIGTERM) and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

const OUTPUT_CHARACTERS_MAX = 1_000_000

export const start = (command: string, args: readonly string[], env = {}, cwd = ROOT): Running => {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-OUTPUT_CHARACTERS_MAX)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const gone = once(child, 'close').then(
    () => child.exitCode,
    () => null,
  )
  return {
    child,
    gone,
    output: () => output,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      return gone
    },
  }
}

/** Looks until `look` gives something, at most `timeoutMs`. */
export const eventually = async <T>(
  what: string,
  timeoutMs: number,
  look: () => Promise<T | undefined> | T | undefined,
): Promise<T> => {
  const until = Date.now() + timeoutMs
  let last: unknown
  while (Date.now() < until) {
    try {
      const found = await look()
      if (found !== undefined) return found
    } catch (error) {
      last = error
    }
    await pause(50)
  }
  const why = last instanceof Error ? ` (${last.message})` : ''
  throw new Error(`not within ${timeoutMs} ms: ${what}${why}`)
}
