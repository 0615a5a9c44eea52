// The connection to Kafka: its settings, its log lines in ours, and the names of our topics.
import { Kafka, type KafkaConfig, logLevel } from 'kafkajs'
import type { Topic } from '../../../domain/ports/log.ts'
import type { Retention } from '../log-retention.ts'
import { mendIdleTimers } from './idle-timers.ts'

/** The part of a logger (pino's) that is needed here. */
export interface KafkaLogger {
  debug(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
}

export interface KafkaLogOptions {
  /** `host:port` each. */
  readonly brokers: readonly string[]
  readonly clientId: string
  /** Before the names of topics and consumer groups; default `faultline.`. */
  readonly topicPrefix?: string
  /** Of every topic. Topics that are there already must have as many. */
  readonly partitions: number
  readonly replicationFactor: number
  readonly logger: KafkaLogger
  readonly ssl?: NonNullable<KafkaConfig['ssl']>
  readonly sasl?: NonNullable<KafkaConfig['sasl']>
  /** For topics that are made here; default: everything is kept. */
  readonly retention?: Partial<Record<Topic, Retention>>
  /** How long an append may take before it counts as failed; default 5 s. */
  readonly appendTimeoutMs?: number
  /** Appends that are not acknowledged yet; default 64 MiB. Beyond it: refused. */
  readonly queueBytesMax?: number
  /** How long a silent member keeps its partitions; default 30 s. */
  readonly sessionTimeoutMs?: number
}

const CONNECTION_TIMEOUT_MS = 3_000
const REQUEST_TIMEOUT_MS = 10_000
const RETRY = { initialRetryTime: 200, maxRetryTime: 3_000, retries: 5 }
const TOPIC_PREFIX = 'faultline.'

export interface KafkaClient {
  readonly kafka: Kafka
  readonly options: KafkaLogOptions
  /** How Kafka knows a topic or group of ours. */
  nameOf(name: string): string
}

export const createClient = (options: KafkaLogOptions): KafkaClient => {
  mendIdleTimers()
  const { logger, ssl, sasl, topicPrefix = TOPIC_PREFIX } = options
  const kafka = new Kafka({
    clientId: options.clientId,
    brokers: [...options.brokers],
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: RETRY,
    logLevel: logLevel.WARN,
    // What kafkajs calls an error it mostly retries by itself; what it gives up reaches us anyway.
    logCreator: () => (entry) => {
      const { message, timestamp: _, logger: __, ...fields } = entry.log
      const tell = entry.level === logLevel.ERROR ? logger.warn : logger.debug
      tell.call(logger, { kafka: fields }, `kafka: ${message}`)
    },
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
  })
  return { kafka, options, nameOf: (name) => `${topicPrefix}${name}` }
}
