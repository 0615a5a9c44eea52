// Starts one real Apache Kafka (KRaft, a single node) on this machine, for developers and tests.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fetchJars, KAFKA_VERSION } from './jars.mjs'

const START_TIMEOUT_MS = 120_000
const STOP_TIMEOUT_MS = 30_000
const CLUSTER_ID = 'ZmF1bHRsaW5lLWthZmthLQ'
const JAVA = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java'
const JVM_FLAGS = ['-Xmx512m', '-Xms128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
const LOG_FLAGS = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
]

const freePorts = async (count) => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => server.address().port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}

/** Clients are sent on to the address by which they came; no two listeners share a port. */
const properties = (data, port, controllerPort, also) => {
  const brokers = [`BROKER://127.0.0.1:${port}`, ...(also === undefined ? [] : [`ALSO://${also}`])]
  return `
process.roles=broker,controller
node.id=1
listeners=${brokers},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=${brokers}
listener.security.protocol.map=BROKER:PLAINTEXT,ALSO:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=BROKER
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:${controllerPort}
log.dirs=${join(data, 'log')}
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=2
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
log.cleaner.dedupe.buffer.size=4194304
message.max.bytes=33554432
`
}

/** Settles once the broker says that it has started, with its last words if it does not. */
const untilStarted = (child) =>
  new Promise((resolve, reject) => {
    let output = ''
    const timer = setTimeout(
      () => reject(new Error(`Kafka did not start\n${output}`)),
      START_TIMEOUT_MS,
    )
    const listen = (text) => {
      output = (output + text).slice(-8_000)
      if (!output.includes('Kafka Server started')) return
      clearTimeout(timer)
      resolve()
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`Kafka ended with ${code} while starting\n${output}`))
    })
  })

/**
 * @param {{ version?: string, port?: number, data?: string, alsoOn?: string }} options a random port
 *   and a temporary folder, removed at the end, where they are absent; `alsoOn` is a second address
 */
export const startBroker = async ({ version = KAFKA_VERSION, port = 0, data, alsoOn } = {}) => {
  const jars = await fetchJars(version)
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'faultline-kafka-')))
  await mkdir(folder, { recursive: true })
  const [randomPort, controllerPort, secondPort] = await freePorts(3)
  const brokerPort = port === 0 ? randomPort : port
  const config = join(folder, 'server.properties')
  const also = alsoOn === undefined ? undefined : `${alsoOn}:${secondPort}`
  await writeFile(config, properties(folder, brokerPort, controllerPort, also))
  const java = (main) => [...JVM_FLAGS, ...LOG_FLAGS, '-cp', join(jars, '*'), main]
  await promisify(execFile)(JAVA, [
    ...java('kafka.tools.StorageTool'),
    'format',
    '--ignore-formatted',
    '--cluster-id',
    CLUSTER_ID,
    '--config',
    config,
  ])

  let child
  const killAtExit = () => child?.kill('SIGKILL')
  const start = async () => {
    child = spawn(JAVA, [...java('kafka.Kafka'), config], { stdio: ['ignore', 'pipe', 'pipe'] })
    await untilStarted(child)
  }
  const end = async (signal) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    child.kill('SIGCONT')
    child.kill(signal)
    await exited
    clearTimeout(timer)
  }
  process.once('exit', killAtExit)
  const stop = async () => {
    await end('SIGTERM')
    process.off('exit', killAtExit)
    if (data === undefined) await rm(folder, { recursive: true, force: true })
  }
  try {
    await start()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    brokers: [`127.0.0.1:${brokerPort}`],
    alsoOn: also,
    version,
    stop,
    /** Ends at once, as by a power cut, and leaves the data for `start`. */
    kill: () => end('SIGKILL'),
    start,
    restart: async () => {
      await end('SIGTERM')
      await start()
    },
    /** Stops answering without closing its connections. */
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
  }
}
