// A Kafka message as a record of ours.
import type { IHeaders, KafkaMessage } from 'kafkajs'
import type { LogRecord, Topic } from '../../../domain/ports/log.ts'

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({})
const EMPTY = new Uint8Array(0)

const readHeaders = (headers: IHeaders | undefined): Readonly<Record<string, string>> => {
  const entries = Object.entries(headers ?? {})
  if (entries.length === 0) return NO_HEADERS
  // Of a header that is there several times, which none of ours is, the last counts.
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      String((Array.isArray(value) ? value.at(-1) : value) ?? ''),
    ]),
  )
}

export const toRecord = (
  { topic, partition }: { topic: Topic; partition: number },
  message: KafkaMessage,
): LogRecord => ({
  topic,
  partition,
  offset: Number(message.offset),
  appendedAt: Number(message.timestamp),
  value: message.value ?? EMPTY,
  headers: readHeaders(message.headers),
})
