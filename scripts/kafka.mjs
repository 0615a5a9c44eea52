// Starts a real Apache Kafka for a developer: npm run kafka -- [--port N] [--data DIR] [--prepare].
import { parseArgs } from 'node:util'
import { startBroker } from './kafka/broker.mjs'
import { fetchJars, KAFKA_VERSION } from './kafka/jars.mjs'

const USAGE = `Usage: npm run kafka -- [options]
  --port N       port on 127.0.0.1; 0, the default, takes a free one
  --data DIR     keeps the data there; default: a temporary folder
  --version V    Kafka version, default ${KAFKA_VERSION}
  --prepare      only fetches the jars (Maven Central, into .cache/)
`

const readFlags = () => {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: '0' },
        data: { type: 'string' },
        version: { type: 'string', default: KAFKA_VERSION },
        prepare: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    process.stderr.write(`${error.message}\n${USAGE}`)
    return process.exit(2)
  }
}

const { port, data, version, prepare, help } = readFlags()
if (help) {
  process.stdout.write(USAGE)
  process.exit(0)
}
if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
  process.stderr.write(`--port must be from 0 to 65535, not ${port}\n`)
  process.exit(2)
}
try {
  if (prepare) {
    process.stdout.write(`${await fetchJars(version)}\n`)
  } else {
    const broker = await startBroker({ version, port: Number(port), ...(data && { data }) })
    for (const signal of ['SIGINT', 'SIGTERM'])
      process.once(signal, () => broker.stop().then(() => process.exit(0)))
    process.stdout.write(`KAFKA_BROKERS=${broker.brokers.join(',')}\n`)
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
