// The Kafka log keeps the Log contract, on a real broker.
import { afterAll, beforeAll } from 'vitest'
import {
  describeWithKafka,
  logOptions,
  openKafkaLog,
  startKafka,
} from './kafka-log/testing/kafka.ts'
import { describeLog } from './log.contract.ts'

describeWithKafka(() => {
  let kafka: Awaited<ReturnType<typeof startKafka>>
  beforeAll(async () => {
    kafka = await startKafka()
  })
  afterAll(() => kafka?.stop())

  describeLog('the Kafka log', { sharesGroups: true }, async () => {
    const options = logOptions(kafka.brokers, { partitions: 2 })
    return { open: () => openKafkaLog(options), dispose: async () => {} }
  })
})
