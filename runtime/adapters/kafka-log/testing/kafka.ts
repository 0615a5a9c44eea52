// A real Kafka for the tests: the one that KAFKA_BROKERS names, or one started from Maven's jars.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe } from 'vitest'
import { type Broker, startBroker } from '../../../../scripts/kafka/broker.mjs'
import { jarsPath } from '../../../../scripts/kafka/jars.mjs'
import { createLogger } from '../../../observe/logger.ts'
import { type KafkaLogOptions, openKafkaLog } from '../../kafka-log.ts'

const runs = (command: string, flag: string): boolean =>
  spawnSync(command, [flag], { stdio: 'ignore' }).status === 0

const given = process.env.KAFKA_BROKERS

const missing = (): string | undefined => {
  if (!runs('java', '-version')) return 'java is missing'
  if (!existsSync(jarsPath()) && !runs('mvn', '-version'))
    return 'neither the jars (npm run kafka -- --prepare) nor mvn are there'
  return undefined
}

const describeUnless = (absent: string | undefined, suite: () => void): void => {
  if (absent === undefined) describe('with Apache Kafka', suite)
  else if (process.env.FAULTLINE_REQUIRE_REAL === '1')
    throw new Error(`Apache Kafka is required here but ${absent}`)
  else describe.skip(`with Apache Kafka (skipped: ${absent})`, suite)
}

/** For suites that only need brokers, whoever runs them. */
export const describeWithKafka = (suite: () => void): void =>
  describeUnless(given === undefined ? missing() : undefined, suite)

/** For suites that end and pause the broker: always one of their own. */
export const describeWithOwnKafka = (suite: () => void): void => describeUnless(missing(), suite)

export const startKafka = async (): Promise<Pick<Broker, 'brokers' | 'stop'>> =>
  given === undefined ? startBroker() : { brokers: given.split(','), stop: async () => {} }

const logger = createLogger('error')
let prefixes = 0

/** A log on topics of its own. */
export const logOptions = (
  brokers: readonly string[],
  overrides: Partial<KafkaLogOptions> = {},
): KafkaLogOptions => ({
  brokers,
  clientId: 'faultline-test',
  topicPrefix: `test-${process.pid}-${performance.timeOrigin}-${prefixes++}.`,
  partitions: 1,
  replicationFactor: 1,
  logger,
  sessionTimeoutMs: 6_000,
  ...overrides,
})

export { openKafkaLog }
