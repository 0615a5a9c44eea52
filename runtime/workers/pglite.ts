// The thread of the embedded desk store: PostgreSQL in WebAssembly must not hold up the pipeline.
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'

/** `undefined` asks to close. */
export type PgliteRequest = Uint8Array | undefined
export type PgliteReply =
  | { readonly kind: 'ready' | 'closed' }
  | { readonly kind: 'answer'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'failed'; readonly message: string }

const port = parentPort!
const reply = (message: PgliteReply): void =>
  port.postMessage(message, message.kind === 'answer' ? [message.bytes.buffer] : [])

const failed = (error: unknown): void =>
  reply({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })

const serve = (database: PGlite): void => {
  // One request at a time: the other side waits for each answer.
  port.on('message', (request: PgliteRequest) => {
    if (request === undefined)
      database.close().then(() => {
        reply({ kind: 'closed' })
        port.close()
      }, failed)
    else
      database
        .execProtocolRaw(request)
        // A copy of its own, since the answer may be a part of a larger buffer.
        .then((bytes) => reply({ kind: 'answer', bytes: bytes.slice() }), failed)
  })
  reply({ kind: 'ready' })
}

PGlite.create(workerData as string).then(serve, failed)
