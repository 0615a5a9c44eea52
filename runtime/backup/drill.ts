// Rehearses a restore: into a scratch directory, started, and compared with what the log says.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Incident } from '../../domain/incident.ts'
import type { Topic } from '../../domain/ports/log.ts'
import { decodeRecord, type TicketRecord, type TopicRecord } from '../../domain/records.ts'
import { type Clock, MINUTE_MS, type Millis } from '../../domain/time.ts'
import type { IncidentSummary } from '../../ticketing/api/schemas.ts'
import { authSchema } from '../config/auth-schema.ts'
import { backupSchema } from '../config/backup-schema.ts'
import type { Config } from '../config/schema.ts'
import { newApiToken } from '../http/secrets.ts'
import type { Logger } from '../observe/logger.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { RoleName } from '../roles/role.ts'
import { serve } from '../serve.ts'
import { readPartition } from './log-files.ts'
import type { Manifest } from './manifest.ts'
import type { NamedBackup } from './places.ts'
import { restoreBackup } from './restore.ts'

/** Facts are left out: they hold nothing that is not in the log, and nobody looks at them here. */
const ROLES: readonly RoleName[] = ['ingest', 'correlator', 'ticketing']
const CAUGHT_UP_WITHIN_MS = 10 * MINUTE_MS
const LOOK_EVERY_MS = 50
/** Looks in a row that find nothing left to read: one stage hands on to the next in between. */
const QUIET_LOOKS = 3
const PAGE_ITEMS = 200
const DIFFERENCES_MAX = 100

export interface DrillOptions {
  readonly from: NamedBackup
  /** As of then; absent = all of the backup. */
  readonly until?: Millis
  /** Whose correlator and desk settings count. Everything is made in a scratch directory. */
  readonly config: Config
  readonly clock: Clock
  readonly logger: Logger
  progress?(text: string): void
}

export interface DrillResult {
  readonly incidents: number
  /** At most 100; empty = the restored pipeline says what the log says. */
  readonly differences: readonly string[]
  readonly bytes: number
  readonly restoreMs: number
  /** From the start of the pipeline until nothing was left to read. */
  readonly startMs: number
}

/** What the log says of its incidents, the newest word of each. */
interface Said {
  readonly incidents: ReadonlyMap<string, Incident>
  readonly tickets: ReadonlyMap<string, TicketRecord>
}

async function* recordsOf<T extends Topic>(
  log: string,
  topic: T,
  partitions: number,
): AsyncGenerator<TopicRecord[T]> {
  for (let index = 0; index < partitions; index++)
    for await (const batch of readPartition(log, topic, index))
      for (const { value } of batch) {
        try {
          yield decodeRecord(topic, value)
        } catch {
          // Poison: it stands in the dead letters.
        }
      }
}

const keepNewest = <T extends { readonly version: number }>(
  newest: Map<string, T>,
  id: string,
  said: T,
): void => {
  if (said.version > (newest.get(id)?.version ?? -1)) newest.set(id, said)
}

const readTickets = async (log: string, partitions: number): Promise<Said['tickets']> => {
  const tickets = new Map<string, TicketRecord>()
  for await (const ticket of recordsOf(log, 'tickets', partitions))
    if (ticket.ticketKind === 'incident') keepNewest(tickets, ticket.ticketId, ticket)
  return tickets
}

const readIncidents = async (log: string, partitions: number): Promise<Said['incidents']> => {
  const incidents = new Map<string, Incident>()
  for await (const { outputs } of recordsOf(log, 'incidents', partitions))
    for (const output of outputs)
      if (output.kind === 'incident') keepNewest(incidents, output.incident.id, output.incident)
  return incidents
}

const readDesk = async (url: string, token: string): Promise<Map<string, IncidentSummary>> => {
  const headers = { authorization: `Bearer ${token}` }
  const found = new Map<string, IncidentSummary>()
  let cursor: string | undefined
  do {
    const query = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const response = await fetch(`${url}/api/v1/incidents?limit=${PAGE_ITEMS}${query}`, { headers })
    if (!response.ok) throw new Error(`the desk answers ${response.status}`)
    const page = (await response.json()) as { items: IncidentSummary[]; nextCursor?: string }
    for (const item of page.items) found.set(item.id, item)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return found
}

/**
 * The alerts are the correlator's word. Number and status are the desk's: a ticket that the copy
 * has further causes of may have moved on, but may not differ at the same version.
 */
export const compareDesk = (desk: ReadonlyMap<string, IncidentSummary>, said: Said): string[] => {
  const differences: string[] = []
  for (const [id, { alertCount, status }] of said.incidents) {
    const found = desk.get(id)
    if (found === undefined) {
      differences.push(`${id}: not at the desk`)
      continue
    }
    if (found.alertCount !== alertCount)
      differences.push(`${found.number}: ${found.alertCount} alerts instead of ${alertCount}`)
    if ((status === 'merged') !== (found.status === 'merged'))
      differences.push(`${found.number}: is ${found.status}, and ${status} by the log`)
    const ticket = said.tickets.get(id)
    if (ticket === undefined || found.version > ticket.version) continue
    if (
      found.version < ticket.version ||
      found.status !== ticket.toState ||
      found.number !== ticket.number
    )
      differences.push(
        `${found.number}: ${found.status} at version ${found.version} instead of ` +
          `${ticket.number} ${ticket.toState} at version ${ticket.version}`,
      )
  }
  for (const [id, { number }] of desk)
    if (!said.incidents.has(id)) differences.push(`${number}: not in the log`)
  return differences
}

const lagOf = async (url: string, metrics: Metrics): Promise<number> => {
  await fetch(`${url}/metrics`)
  const { values } = await metrics.lag.get()
  return values.reduce((sum, { value }) => sum + value, 0)
}

const caughtUp = async (
  url: string,
  metrics: Metrics,
  clock: Clock,
  failure: () => Error | undefined,
): Promise<void> => {
  const until = clock.now() + CAUGHT_UP_WITHIN_MS
  let quiet = 0
  while (quiet < QUIET_LOOKS) {
    const error = failure()
    if (error !== undefined) throw error
    if (clock.now() > until) throw new Error('the pipeline did not catch up within ten minutes')
    quiet = (await lagOf(url, metrics)) === 0 ? quiet + 1 : 0
    await pause(LOOK_EVERY_MS)
  }
}

/** Nothing but what the copy holds is to happen, so the pipeline's time stands still there. */
const runPipeline = async (
  data: string,
  manifest: Manifest,
  options: DrillOptions,
): Promise<{ desk: Map<string, IncidentSummary>; startMs: number }> => {
  const { config, clock, logger, progress = () => {} } = options
  const { kafka: _, postgres: __, clickhouse: ___, ...embedded } = config
  let failure: Error | undefined
  const began = clock.now()
  // The copy may have users, so that nobody comes in unnamed.
  const token = newApiToken()
  const faultline = await serve({
    config: {
      ...embedded,
      data,
      listen: { host: '127.0.0.1', port: 0 },
      auth: authSchema.parse({ tokens: [{ name: 'drill', sha256: token.sha256, access: 'read' }] }),
      log: { ...config.log, partitions: manifest.partitions },
      backup: backupSchema.parse({}), // no copies of the copy
    },
    roles: ROLES,
    logger,
    clock: { now: () => manifest.takenAt },
    failed: (error) => {
      failure = error
    },
  })
  try {
    progress('catching up')
    await caughtUp(faultline.url, faultline.metrics, clock, () => failure)
    const startMs = clock.now() - began
    progress('comparing')
    return { desk: await readDesk(faultline.url, token.text), startMs }
  } finally {
    await faultline.stop()
  }
}

/** @throws Error when the backup cannot be restored or the pipeline does not start on it */
export const drillBackup = async (options: DrillOptions): Promise<DrillResult> => {
  const { clock } = options
  const scratch = await mkdtemp(join(tmpdir(), 'faultline-drill-'))
  const data = join(scratch, 'data')
  const log = join(data, 'log')
  try {
    const began = clock.now()
    const { manifest } = await restoreBackup({ ...options, settings: options.config.desk, data })
    const restoreMs = clock.now() - began
    const tickets = await readTickets(log, manifest.partitions)
    const { desk, startMs } = await runPipeline(data, manifest, options)
    const incidents = await readIncidents(log, manifest.partitions)
    const differences = compareDesk(desk, { incidents, tickets }).slice(0, DIFFERENCES_MAX)
    return { incidents: desk.size, differences, bytes: manifest.bytes, restoreMs, startMs }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
