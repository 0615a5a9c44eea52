// Appends to Kafka: idempotent, acknowledged by all replicas in sync, bounded in bytes and time.
import type { Message, Producer } from 'kafkajs'
import { type LogEntry, LogUnavailableError, type Topic } from '../../../domain/ports/log.ts'
import { type Appended, createGroupCommit, type GroupCommit } from '../log-group-commit.ts'
import type { KafkaClient } from './client.ts'
import { withinDeadline } from './deadline.ts'
import { RECORD_BYTES_MAX } from './topics.ts'

const APPEND_TIMEOUT_MS = 5_000
const QUEUE_BYTES_MAX = 64 * 1024 * 1024
const GROUP_BYTES_MAX = 1024 * 1024
/** What a record costs beside its value and headers, at most. */
const RECORD_OVERHEAD_BYTES = 64
const RETRY = { initialRetryTime: 100, maxRetryTime: 500, retries: 3 }

export interface Appender {
  append(topic: Topic, partition: number, entries: readonly LogEntry[]): Promise<number>
  close(): Promise<void>
}

const measure = (entries: readonly LogEntry[]): number => {
  let bytes = RECORD_OVERHEAD_BYTES
  for (const { value, headers = {} } of entries) {
    bytes += RECORD_OVERHEAD_BYTES + value.length
    for (const [name, text] of Object.entries(headers))
      bytes += Buffer.byteLength(name) + Buffer.byteLength(text) + RECORD_OVERHEAD_BYTES
  }
  return bytes
}

const message = ({ value, headers }: LogEntry, partition: number): Message => ({
  partition,
  value: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
  ...(headers === undefined ? {} : { headers: { ...headers } }),
})

/**
 * One idempotent producer at a time. After any failure it is replaced: kafkajs gives the next
 * records the sequence numbers of those whose fate is unknown, and a broker that has those takes
 * the next ones for repetitions and drops them, acknowledged.
 */
const createProducers = ({ kafka }: KafkaClient) => {
  let current: Promise<Producer> | undefined
  const connect = async (): Promise<Producer> => {
    const producer = kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      createPartitioner:
        () =>
        ({ message: { partition } }) =>
          partition!,
      retry: RETRY,
    })
    await producer.connect()
    return producer
  }
  const disconnect = async (used: Promise<Producer> | undefined): Promise<void> => {
    await used?.then((producer) => producer.disconnect()).catch(() => {}) // it may have failed
  }
  return {
    current: (): Promise<Producer> => {
      current ??= connect()
      return current
    },
    /** No more use of it; it ends with its last send, which would connect it anew before that. */
    retire: (used: Promise<Producer>, lastSend: Promise<unknown>): void => {
      if (current === used) current = undefined
      const end = () => disconnect(used)
      lastSend.then(end, end)
    },
    close: () => disconnect(current),
  }
}

export const createAppender = (client: KafkaClient): Appender => {
  const { appendTimeoutMs = APPEND_TIMEOUT_MS, queueBytesMax = QUEUE_BYTES_MAX } = client.options
  const producers = createProducers(client)
  const queues = new Map<string, GroupCommit<Appended>>()
  /** Of appends that wait, are under way, or were given up while kafkajs still holds on to them. */
  let heldBytes = 0

  const send = async (topic: Topic, partition: number, group: readonly Appended[]) => {
    const using = producers.current()
    const messages = group.flatMap(({ entries }) => entries.map((e) => message(e, partition)))
    const bytes = group.reduce((sum, appended) => sum + appended.bytes, 0)
    const sending = using.then((producer) =>
      producer.send({ topic: client.nameOf(topic), acks: -1, timeout: appendTimeoutMs, messages }),
    )
    const release = (): void => {
      heldBytes -= bytes
    }
    sending.then(release, release)
    try {
      const [answer] = await withinDeadline(`append to ${topic}`, appendTimeoutMs, sending)
      if (answer?.baseOffset === undefined) throw new LogUnavailableError('no offset in the answer')
      return Number(answer.baseOffset)
    } catch (error) {
      producers.retire(using, sending)
      throw error
    }
  }

  const queueOf = (topic: Topic, partition: number): GroupCommit<Appended> => {
    const key = `${topic} ${partition}`
    const present = queues.get(key)
    if (present !== undefined) return present
    const queue = createGroupCommit<Appended>(GROUP_BYTES_MAX, (group) =>
      send(topic, partition, group),
    )
    queues.set(key, queue)
    return queue
  }

  const append = async (topic: Topic, partition: number, entries: readonly LogEntry[]) => {
    const bytes = measure(entries)
    if (bytes > RECORD_BYTES_MAX)
      throw new RangeError(`an append of ${bytes} bytes exceeds ${RECORD_BYTES_MAX}`)
    if (heldBytes > 0 && heldBytes + bytes > queueBytesMax)
      throw new LogUnavailableError(`${heldBytes} bytes wait for Kafka: the queue is full`)
    heldBytes += bytes
    return queueOf(topic, partition).append({ entries, bytes })
  }

  const close = async (): Promise<void> => {
    for (const queue of queues.values()) await queue.idle()
    await producers.close()
  }

  return { append, close }
}
