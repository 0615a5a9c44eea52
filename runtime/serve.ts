// Composes the chosen roles in one process: opens what they need, serves, and stops in order.
import { fileURLToPath } from 'node:url'
import type { Log } from '../domain/ports/log.ts'
import type { Clock } from '../domain/time.ts'
import { SOURCES } from '../ingest/sources/registry.ts'
import { rebuildMissingDesk } from './backup/missing-desk.ts'
import { startScheduledBackups } from './backup/scheduled.ts'
import { createSystemClock } from './clock.ts'
import { ConfigError } from './config/load.ts'
import type { Config } from './config/schema.ts'
import { guideRoutes } from './guide/routes.ts'
import { type Access, authConfigured, isLoopback, isOpen, isOpenTo } from './http/access.ts'
import type { IngestGuardOptions } from './http/ingest-guard.ts'
import { createServer, type Part } from './http/server.ts'
import { cookieNames } from './http/session-cookies.ts'
import type { Logger } from './observe/logger.ts'
import { createMeasuredLog, observeLog } from './observe/measured-log.ts'
import { createMetrics, type Metrics } from './observe/metrics.ts'
import { createTracedLog } from './observe/traced-log.ts'
import { startTracing } from './observe/tracing.ts'
import { openCheckpoints, openLog } from './parts.ts'
import { startCorrelatorRole } from './roles/correlator.ts'
import { startFactsRole } from './roles/facts.ts'
import { createHeartbeatDirectory } from './roles/heartbeats.ts'
import { startIngestRole } from './roles/ingest.ts'
import { createIngestDoor, type IngestDoor } from './roles/ingest-door.ts'
import type { Role, RoleContext, RoleName } from './roles/role.ts'
import { startTicketingRole } from './roles/ticketing.ts'

export interface Faultline {
  /** Where it answers, without a trailing slash. */
  readonly url: string
  /** Everybody may do everything: a single user's tool on loopback. */
  readonly open: boolean
  readonly metrics: Metrics
  /** Stops taking work, drains, saves; safe to call twice. */
  stop(): Promise<void>
}

export interface ServeOptions {
  readonly config: Config
  readonly roles: readonly RoleName[]
  readonly logger: Logger
  readonly clock?: Clock
  /** Directory that every delivery is recorded in, in the backtest's format. */
  readonly record?: string
  /** Told each route of the desk, e.g. `GET /api/v1/incidents`. */
  onRoute?(name: string): void
  /** A role cannot go on; the process should exit with 1 so that its supervisor restarts it. */
  failed(error: Error): void
}

const OPEN =
  'OPEN TO EVERYBODY ON THIS MACHINE: no auth is configured, so this is a single user’s tool. ' +
  '`faultline users add NAME --role admin` asks for a sign-in from then on.'

const STARTERS: Record<RoleName, (context: RoleContext) => Promise<Role>> = {
  ingest: startIngestRole,
  correlator: startCorrelatorRole,
  ticketing: startTicketingRole,
  facts: startFactsRole,
}

/** The built console lies beside the compiled code, also when the sources are run as they are. */
const CONSOLE = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/console' : '../console', import.meta.url),
)

/** @throws ConfigError when the installation would be open to others */
const refuseOpenInstallation = ({ listen, auth }: Config): void => {
  if (isLoopback(listen.host)) return
  if (!authConfigured(auth))
    throw new ConfigError(
      `listen.host ${listen.host} is reachable from other machines, so auth.tokens must name at ` +
        'least one token. Make one:\n' +
        '  TOKEN=$(openssl rand -hex 24); printf %s "$TOKEN" | sha256sum\n' +
        'or make an admin (faultline users add NAME --role admin --data DIR) and set auth.required',
    )
  if (auth.oidc !== undefined && listen.publicUrl === undefined)
    throw new ConfigError('listen.publicUrl: needed by auth.oidc, which sends browsers back there')
}

/** The embedded desk's store does not sync what it writes: a power loss may take it, not the log. */
const restoreDesk = async (config: Config, clock: Clock, logger: Logger): Promise<void> => {
  if (config.kafka !== undefined || config.postgres !== undefined) return
  const rebuilt = await rebuildMissingDesk({
    data: config.data,
    clock,
    settings: config.desk,
    found: () => logger.warn('the desk’s store is missing: making it anew from the log'),
  })
  if (rebuilt !== undefined) logger.info(rebuilt, 'the desk’s store was made anew')
}

export const serve = async (options: ServeOptions): Promise<Faultline> => {
  const { config, logger } = options
  refuseOpenInstallation(config)
  const tracing = await startTracing()
  const metrics = createMetrics()
  const clock = options.clock ?? createSystemClock()
  if (options.roles.includes('ticketing')) await restoreDesk(config, clock, logger)
  const log = await openLog(config, clock, logger)
  const ingestDoor = createIngestDoor(config.auth, clock)
  const roles: Role[] = []
  const backups = startScheduledBackups(config, { clock, logger, metrics })
  let stopping: Promise<void> | undefined
  const shutDown = async (stopServer: () => Promise<void>): Promise<void> => {
    await stopServer()
    await backups?.stop()
    for (const role of roles) await role.stop()
    await log.close()
    await tracing.close()
  }
  try {
    const context: RoleContext = {
      config,
      roles: options.roles,
      log: createMeasuredLog(createTracedLog(log), metrics),
      checkpoints: () => openCheckpoints(config),
      clock,
      metrics,
      logger,
      ingestDoor,
      ...(options.record === undefined ? {} : { record: options.record }),
      pingDoor: {
        directory: createHeartbeatDirectory({ log, clock }),
        maySend: async (token, request) =>
          (await isOpenTo(accessOf(config, roles), request)) ||
          ingestDoor.admission.admit(token, request.ip, clock.now()).kind === 'admitted',
      },
      fail: (what, error) => {
        logger.fatal({ err: error }, `${what} failed`)
        options.failed(error)
      },
    }
    for (const name of options.roles) roles.push(await STARTERS[name](context))
    const people = roles.find((role) => role.people !== undefined)?.people
    const app = await createServer({
      config,
      logger,
      metrics,
      beforeScrape: () => observeLog(log, metrics),
      parts: [logPart(log), ...roles, ...(backups === undefined ? [] : [backups])],
      ingest: roles.flatMap((role) => role.ingestRoutes ?? []),
      desk: roles.flatMap((role) => role.deskRoutes ?? []),
      public: [guideRoutes(), ...roles.flatMap((role) => role.publicRoutes ?? [])],
      ...(options.roles.includes('ticketing') ? { consoleDirectory: CONSOLE } : {}),
      ingestDoor: guardOptions(ingestDoor, clock, metrics),
      ...(people === undefined ? {} : { people }),
      ...(options.onRoute === undefined ? {} : { onRoute: options.onRoute }),
    })
    const open = await isOpen(accessOf(config, roles))
    if (open) logger.warn(OPEN)
    const url = await app.listen({ host: config.listen.host, port: config.listen.port })
    return {
      url,
      open,
      metrics,
      stop: () => {
        stopping ??= shutDown(() => app.close())
        return stopping
      },
    }
  } catch (error) {
    await shutDown(async () => {})
    throw error
  }
}

const accessOf = (config: Config, roles: readonly Role[]): Access => {
  const people = roles.find((role) => role.people !== undefined)?.people
  const cookie = cookieNames(config).session
  return { auth: config.auth, cookie, ...(people === undefined ? {} : { people }) }
}

/** Who was not let in shows among the deliveries as well: it is why most of them fail. */
const guardOptions = (door: IngestDoor, clock: Clock, metrics: Metrics): IngestGuardOptions => ({
  admission: door.admission,
  clock,
  refused: (named, status, reason, detail) => {
    const source = SOURCES.has(named) ? named : 'unknown'
    metrics.deliveries.inc({ source, status: String(status) })
    metrics.refusals.inc({ source, reason })
    const report = { at: clock.now(), source, status, bytes: 0, accepted: 0, refused: 1 }
    door.rings.note(`source:${source}`, { ...report, reason, detail })
  },
})

const logPart = (log: Log): Part => ({ name: 'log', check: () => log.check() })
