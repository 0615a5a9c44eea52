// Syslog over TCP: a stream cut into messages (RFC 6587), by octet counts or by line feeds.
import { Buffer } from 'node:buffer'

export interface SyslogFramer {
  /** @returns the messages that this chunk completes */
  push(chunk: Uint8Array): Buffer[]
  /** What has come of a message that is not complete, in bytes. */
  waitingBytes(): number
}

const LINE_FEED = 0x0a
const BLANK = 0x20
/** "999999 " */
const COUNT_LENGTH_MAX = 7

/**
 * One connection's framer. A message longer than the limit is cut there and its rest skipped, so
 * that a sender can never make us keep more than that.
 */
export const createSyslogFramer = (messageBytesMax = 65_536): SyslogFramer => {
  let waiting = Buffer.alloc(0)
  /** Bytes of a counted message still to be skipped; -1: up to the next line feed. */
  let skipping = 0

  const skip = (): boolean => {
    if (skipping === 0) return true
    const feed = waiting.indexOf(LINE_FEED)
    const end = skipping > 0 ? skipping : feed + 1
    const done = skipping > 0 ? waiting.length >= skipping : feed !== -1
    if (skipping > 0 && !done) skipping -= waiting.length
    waiting = done ? waiting.subarray(end) : Buffer.alloc(0)
    if (done) skipping = 0
    return done
  }

  const take = (): Buffer | undefined => {
    const counted = countAt(waiting)
    if (counted !== undefined) {
      const { start, length } = counted
      const kept = Math.min(length, messageBytesMax)
      if (waiting.length < start + kept) return undefined
      const message = waiting.subarray(start, start + kept)
      waiting = waiting.subarray(start + kept)
      skipping = length - kept
      return message
    }
    const feed = waiting.indexOf(LINE_FEED)
    const end = feed === -1 ? waiting.length : feed
    if (end > messageBytesMax) {
      const message = waiting.subarray(0, messageBytesMax)
      waiting = waiting.subarray(messageBytesMax)
      skipping = -1
      return message
    }
    if (feed === -1) return undefined
    const message = waiting.subarray(0, feed)
    waiting = waiting.subarray(feed + 1)
    return message
  }

  return {
    push: (chunk) => {
      waiting = waiting.length === 0 ? Buffer.from(chunk) : Buffer.concat([waiting, chunk])
      const messages: Buffer[] = []
      while (skip()) {
        const message = take()
        if (message === undefined) break
        if (message.length > 0) messages.push(message)
      }
      return messages
    },
    waitingBytes: () => waiting.length,
  }
}

/** Octet counting begins with a digit; a message itself begins with `<`. */
const countAt = (bytes: Buffer): { start: number; length: number } | undefined => {
  const blank = bytes.subarray(0, COUNT_LENGTH_MAX).indexOf(BLANK)
  const digits = blank === -1 ? '' : bytes.toString('latin1', 0, blank)
  return /^[1-9]\d{0,5}$/.test(digits) ? { start: blank + 1, length: Number(digits) } : undefined
}
