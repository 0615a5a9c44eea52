// The PostgreSQL wire protocol to a PGlite, so that the desk has one driver for both its stores.
import { Duplex } from 'node:stream'

/** Takes what a client sends in one go (whole messages) and gives the server's answer. */
export type Exchange = (messages: Uint8Array) => Promise<Uint8Array>

const TERMINATE = 'X'.charCodeAt(0)
const IDLE = 'I'.charCodeAt(0)
/** `ROLLBACK` as a simple query: type, length, text and its NUL. */
const ROLLBACK = Buffer.from('Q\0\0\0\rROLLBACK\0', 'latin1')

/** What `pg` asks of its socket beyond a stream. */
interface Wire extends Duplex {
  connect(): Wire
  setNoDelay(): Wire
  setKeepAlive(): Wire
  ref(): Wire
  unref(): Wire
}

/**
 * A stand-in for a client's socket. PGlite is one session that never ends: a client that leaves in
 * the middle of a transaction must not leave it open for the next.
 */
export const createWire = (exchange: Exchange): Wire => {
  let idle = true
  const answer = async (messages: Buffer): Promise<void> => {
    if (messages[0] === TERMINATE) {
      if (!idle) await exchange(ROLLBACK)
      stream.push(null)
      return
    }
    const reply = await exchange(messages)
    // ReadyForQuery, the last message of an answer, ends with the state of the transaction.
    if (reply.length > 0) idle = reply.at(-1) === IDLE
    stream.push(Buffer.from(reply.buffer, reply.byteOffset, reply.length))
  }
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      answer(chunk).then(() => done(), done)
    },
    writev(chunks, done) {
      answer(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer))).then(() => done(), done)
    },
  })
  const wire: Wire = Object.assign(stream, {
    connect() {
      queueMicrotask(() => wire.emit('connect'))
      return wire
    },
    setNoDelay: () => wire,
    setKeepAlive: () => wire,
    ref: () => wire,
    unref: () => wire,
  })
  return wire
}
