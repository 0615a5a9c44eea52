// What a role is: one stage, wired to its ports, startable alone or beside the others.
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { CheckpointStore } from '../../domain/ports/checkpoints.ts'
import type { Log } from '../../domain/ports/log.ts'
import type { Clock } from '../../domain/time.ts'
import type { Config } from '../config/schema.ts'
import type { PeopleDoor } from '../http/people-door.ts'
import type { Part } from '../http/server.ts'
import type { Logger } from '../observe/logger.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { ConnectedDirectory } from './heartbeats.ts'
import type { IngestDoor } from './ingest-door.ts'

export const ROLES = ['ingest', 'correlator', 'ticketing', 'facts'] as const
export type RoleName = (typeof ROLES)[number]

/** What lets pings in. */
export interface PingDoor {
  /** Whom they are for: filled by whoever has the desk's store. */
  readonly directory: ConnectedDirectory
  /** May whoever shows this token in a URL send? */
  maySend(token: string, request: FastifyRequest): Promise<boolean>
}

export interface RoleContext {
  readonly config: Config
  /** All that run in this process. */
  readonly roles: readonly RoleName[]
  readonly log: Log
  readonly checkpoints: () => Promise<CheckpointStore>
  readonly clock: Clock
  readonly metrics: Metrics
  readonly logger: Logger
  /** Who may deliver, and what became of it; absent = no integrations are known. */
  readonly ingestDoor?: IngestDoor
  /** Directory to record deliveries in; absent = none are. */
  readonly record?: string
  /** Absent = no pings are taken. */
  readonly pingDoor?: PingDoor
  /** The role cannot go on: the process is to stop and be started again. */
  fail(what: string, error: Error): void
}

export interface Role extends Part {
  readonly ingestRoutes?: readonly FastifyPluginAsync[]
  readonly deskRoutes?: readonly FastifyPluginAsync[]
  /** They see for themselves who may ask: anybody, or whoever has a signed link. */
  readonly publicRoutes?: readonly FastifyPluginAsync[]
  /** Whose tokens and sessions requests show. */
  readonly people?: PeopleDoor
  /** Finishes the work at hand, saves, and closes what it opened. */
  stop(): Promise<void>
}
