// The Kafka log keeps the Log contract, on a real broker.
import { afterAll, beforeAll } from 'vitest'
import { startBroker } from '../../scripts/kafka/broker.mjs'
import { createLogger } from '../observe/logger.ts'
import { openKafkaLog } from './kafka-log.ts'
import { describeLog } from './log.contract.ts'

let broker: Awaited<ReturnType<typeof startBroker>>
beforeAll(async () => {
  broker = await startBroker()
})
afterAll(() => broker?.stop())

const logger = createLogger('warn')
let benches = 0

describeLog('the Kafka log', async () => {
  const topicPrefix = `contract-${benches++}.`
  return {
    sharesGroups: true,
    open: () =>
      openKafkaLog({
        brokers: broker.brokers,
        clientId: 'contract',
        topicPrefix,
        partitions: 2,
        replicationFactor: 1,
        logger,
        sessionTimeoutMs: 6_000,
      }),
    dispose: async () => {},
  }
})
