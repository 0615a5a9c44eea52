// A whole edge for tests: real Fastify, real intake, a log in memory and a clock set by hand.
import Fastify, { type FastifyInstance } from 'fastify'
import type { AlertEvent } from '../../domain/event.ts'
import { createMemoryLog, type MemoryLog } from '../../domain/testing/memory-log.ts'
import { createIntake, type Intake, type IntakeOptions } from '../intake.ts'
import type { IngestMetrics } from '../metrics.ts'
import { ingestRoutes } from '../routes.ts'
import { defaultIngestSettings, type IngestLimits, type IngestSettings } from '../settings.ts'

export const NOW = Date.UTC(2026, 2, 2, 12, 0, 0)

export interface TestEdge {
  readonly app: FastifyInstance
  readonly log: MemoryLog
  readonly intake: Intake
  /** `source reason` of every item refused. */
  readonly refused: readonly string[]
  events(): AlertEvent[]
  post(url: string, body: unknown, headers?: Record<string, string>): ReturnType<typeof inject>
}

const inject = (app: FastifyInstance, url: string, body: unknown, headers: object) =>
  app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  })

export const createTestEdge = (
  settings: Partial<Omit<IngestSettings, 'limits'>> & { limits?: Partial<IngestLimits> } = {},
  doors: Pick<IntakeOptions, 'secrets' | 'gates'> = {},
): TestEdge => {
  const log = createMemoryLog()
  const refused: string[] = []
  const metrics: IngestMetrics = {
    delivery: () => {},
    accepted: () => {},
    refused: (source, reason) => void refused.push(`${source} ${reason}`),
  }
  const limits = { ...defaultIngestSettings.limits, ...settings.limits }
  const intake = createIntake({
    log,
    clock: { now: () => NOW },
    settings: { ...defaultIngestSettings, ...settings, limits },
    metrics,
    ...doors,
  })
  const app = Fastify()
  app.register(ingestRoutes(intake))
  return {
    app,
    log,
    intake,
    refused,
    events: () =>
      log.records('events').flatMap((record) => (record.kind === 'events' ? record.events : [])),
    post: (url, body, headers = {}) => inject(app, url, body, headers),
  }
}
