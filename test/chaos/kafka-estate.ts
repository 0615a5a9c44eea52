// Real Kafka, PostgreSQL and chDB with a process a role: what chaos on several machines strikes.
import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type HttpFront, startHttpFront } from '../../runtime/adapters/facts-http-front.fixture.ts'
import type { ConfigInput } from '../../runtime/config/schema.ts'
import type { RoleName } from '../../runtime/roles/role.ts'
import { type Broker, startBroker } from '../../scripts/kafka/broker.mjs'
import { type NetworkLink, openNetworkLink } from '../support/network-link.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { ROOT } from '../support/processes.ts'
import { type Supervised, supervise } from '../support/supervised.ts'

/** How long a silent process keeps its partitions. */
export const SESSION_MS = 4_000
export const PARTITIONS = 4
/** Each a scope; together they are in all partitions. */
export const REGIONS = ['eu', 'us', 'asia', 'africa', 'mars', 'sea'] as const
/** Of each role; the second correlator lives behind a link that can be cut. */
const MEMBERS: readonly RoleName[] = [
  'ingest',
  'ingest',
  'correlator',
  'correlator',
  'ticketing',
  'facts',
]

/** What one person's webhook was told, by the id of the notification. */
export interface Told {
  readonly id: string
  readonly body: string
}

export interface Estate {
  readonly broker: Broker
  readonly postgres: TestPostgres
  readonly databaseUrl: string
  readonly clickhouse: HttpFront
  /** Undefined where this machine allows no network namespaces. */
  readonly link: NetworkLink | undefined
  readonly told: readonly Told[]
  members(role: RoleName): readonly Supervised[]
  all(): readonly Supervised[]
  /** Behind the link. */
  remote(): Supervised
  /** One more of a role, for a while. */
  addMember(role: RoleName): Supervised
  stop(): Promise<void>
}

const SECRET = `whsec_${Buffer.from('chaos').toString('base64')}`

const startReceiver = async (told: Told[]): Promise<Server> => {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    told.push({ id: String(request.headers['webhook-id']), body })
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

const configOf = (
  brokers: readonly string[],
  postgresUrl: string,
  clickhouse: HttpFront,
  receiver: Server,
): ConfigInput => ({
  kafka: { brokers: [...brokers], sessionTimeoutMs: SESSION_MS },
  postgres: { url: postgresUrl },
  clickhouse: { url: clickhouse.url, database: 'default' },
  log: { partitions: PARTITIONS },
  // So often that faults fall before, between and after them.
  checkpoint: { everyMs: 1_500, everyRecords: 11 },
  facts: { ledgerEveryMs: 2_000, retryMaxMs: 2_000 },
  ingest: { scope: { labels: ['region'] } },
  desk: {
    // A claim ends some while after the process that made it.
    outbound: { allow: ['127.0.0.1'], timeoutMs: 2_000 },
    notifications: {
      channels: {
        ops: {
          kind: 'webhook',
          url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
          secrets: [SECRET],
        },
      },
      rules: [{ name: 'all', events: ['opened'], channel: 'ops' }],
    },
  },
})

const CLOCK = pathToFileURL(join(ROOT, 'test/chaos/jumping-clock.mjs')).href

/** What has been started is ended, whatever fails on the way. */
export const startEstate = async (directory: string): Promise<Estate> => {
  const ends: (() => Promise<unknown>)[] = []
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  try {
    return await startParts(directory, ends, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

const startParts = async (
  directory: string,
  ends: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<Estate> => {
  const link = await openNetworkLink()
  if (link !== undefined) ends.push(link.remove)
  const alsoOn = link?.address
  const broker = await startBroker({
    data: join(directory, 'kafka'),
    ...(alsoOn === undefined ? {} : { alsoOn }),
  })
  ends.push(broker.stop)
  const postgres = await startPostgres(link)
  ends.push(postgres.stop)
  const clickhouse = await startHttpFront()
  ends.push(clickhouse.close)
  const told: Told[] = []
  const receiver = await startReceiver(told)
  ends.push(async () => {
    receiver.closeAllConnections()
    receiver.close()
  })
  const databaseUrl = await postgres.createDatabase()
  const write = (name: string, config: ConfigInput): string => {
    const path = join(directory, name)
    writeFileSync(path, JSON.stringify(config))
    return path
  }
  const near = write('near.yaml', configOf(broker.brokers, databaseUrl, clickhouse, receiver))
  const far = write(
    'far.yaml',
    configOf(
      broker.alsoOn === undefined ? broker.brokers : [broker.alsoOn],
      alsoOn === undefined ? databaseUrl : databaseUrl.replace('127.0.0.1', alsoOn),
      clickhouse,
      receiver,
    ),
  )
  let made = 0
  const add = (role: RoleName, config: string, via: readonly string[] = []): Supervised => {
    const member = supervise(role, {
      data: join(directory, `${role}-${made++}`),
      args: ['--config', config],
      env: { NODE_OPTIONS: `--import=${CLOCK}` },
      via,
    })
    ends.push(() => member.stop('SIGKILL'))
    return member
  }
  const members: Supervised[] = []
  let remote: Supervised | undefined
  for (const role of MEMBERS) {
    const second = role === 'correlator' && members.some((each) => each.role === role)
    const member = second ? add(role, far, link?.via) : add(role, near)
    if (second) remote = member
    members.push(member)
  }
  await Promise.all(members.map((member) => member.ready()))
  return {
    broker,
    postgres,
    databaseUrl,
    clickhouse,
    link,
    told,
    members: (role) => members.filter((each) => each.role === role),
    all: () => members,
    remote: () => remote!,
    addMember: (role) => add(role, near),
    stop,
  }
}
