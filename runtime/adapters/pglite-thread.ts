// A PGlite in a thread of its own, one request at a time.
import type { PgliteReply, PgliteRequest } from '../workers/pglite.ts'
import type { Exchange } from './pglite-wire.ts'
import { startThread } from './thread.ts'

export interface PgliteThread {
  readonly exchange: Exchange
  close(): Promise<void>
}

interface Waiting {
  resolve(reply: PgliteReply): void
  reject(error: Error): void
}

/** @throws Error when the directory is in use or cannot be opened */
export const startPgliteThread = async (directory: string): Promise<PgliteThread> => {
  const worker = startThread('pglite', directory)
  let waiting: Waiting | undefined
  let ended: Error | undefined
  const end = (error: Error): void => {
    ended ??= error
    waiting?.reject(ended)
  }
  worker.on('error', end)
  worker.on('exit', () => end(new Error('the thread of the desk store has ended')))
  worker.on('message', (reply: PgliteReply) => {
    if (reply.kind === 'failed') waiting?.reject(new Error(`the desk store: ${reply.message}`))
    else waiting?.resolve(reply)
  })
  const next = (): Promise<PgliteReply> =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject }
      if (ended !== undefined) reject(ended)
    })
  const ask = (request: PgliteRequest): Promise<PgliteReply> => {
    worker.postMessage(request)
    return next()
  }
  try {
    await next()
  } catch (error) {
    await worker.terminate()
    throw error
  }
  return {
    async exchange(messages) {
      const reply = await ask(messages)
      if (reply.kind !== 'answer') throw new Error('the desk store answered out of turn')
      return reply.bytes
    },
    async close() {
      await ask(undefined)
      await worker.terminate()
    },
  }
}
