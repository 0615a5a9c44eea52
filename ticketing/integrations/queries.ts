// Asking for integrations and their deliveries; and what the edge asks of the desk.
import { and, asc, eq, gt, inArray, isNull, lt, sql } from 'drizzle-orm'
import type {
  DeliveryReport,
  DeliveryRing,
  IngestKey,
  Integration,
} from '../../domain/integration.ts'
import type { IntegrationDesk } from '../../domain/ports/integrations.ts'
import type { DeadLetterRecord } from '../../domain/records.ts'
import { DAY_MS, isoTime, type Millis } from '../../domain/time.ts'
import { present, timeOrNone } from '../incidents/views.ts'
import { apiTokens } from '../people/tables.ts'
import type { DeskSql } from '../store/database.ts'
import { deadLetters } from '../store/schema.ts'
import type { DeliveryView, IntegrationView } from './bodies.ts'
import { markOf } from './commands.ts'
import { deliveryRings, type IntegrationRow, integrations, type StoredKey } from './tables.ts'

const validAt =
  (now: Millis) =>
  ({ validUntil }: StoredKey): boolean =>
    validUntil === undefined || validUntil > now

const integrationView = (row: IntegrationRow, now: Millis): IntegrationView => ({
  id: row.id,
  name: row.name,
  deliveriesPerMinuteMax: row.deliveriesPerMinuteMax,
  newFingerprintsPerMinuteMax: row.newFingerprintsPerMinuteMax,
  disabled: row.disabled,
  tokens: row.keys.filter(validAt(now)).map((key) => ({
    mark: markOf(key),
    createdAt: isoTime(key.createdAt),
    ...present({ validUntil: timeOrNone(key.validUntil ?? null) }),
  })),
  createdBy: row.createdBy,
  createdAt: isoTime(row.createdAt),
  version: row.version,
  ...present({ source: row.source, mapping: row.mapping as IntegrationView['mapping'] | null }),
})

const integrationOf = (row: IntegrationRow): Integration => ({
  id: row.id,
  name: row.name,
  deliveriesPerMinuteMax: row.deliveriesPerMinuteMax,
  newFingerprintsPerMinuteMax: row.newFingerprintsPerMinuteMax,
  ...present({ source: row.source, mapping: row.mapping }),
})

const deliveryView = (sender: string, { at, ...report }: DeliveryReport): DeliveryView => ({
  at: isoTime(at),
  ...(sender.startsWith('source:') ? {} : { integration: sender }),
  ...report,
})

/** Newest first, each once: failures stand among the recent ones too while they are recent. */
const merged = (rings: readonly DeliveryRing[], failedOnly: boolean): DeliveryView[] => {
  const seen = new Map<string, { at: Millis; view: DeliveryView }>()
  for (const { key, recent, failed } of rings)
    for (const report of failedOnly ? failed : [...failed, ...recent])
      seen.set(JSON.stringify([key, report]), {
        at: report.at,
        view: deliveryView(key, report),
      })
  return [...seen.values()].sort((a, b) => b.at - a.at).map(({ view }) => view)
}

const RINGS_READ_MAX = 200

export const integrationQueries = (database: DeskSql) => ({
  /** By name. */
  async listIntegrations(now: Millis): Promise<IntegrationView[]> {
    const rows = await database.select().from(integrations).orderBy(asc(integrations.name))
    return rows.map((row) => integrationView(row, now))
  },

  async findIntegration(id: string, now: Millis): Promise<IntegrationView | undefined> {
    const [row] = await database.select().from(integrations).where(eq(integrations.id, id))
    return row && integrationView(row, now)
  },

  /** What became of the newest deliveries, newest first. @param sender integration or `source:…` */
  async listDeliveries(
    sender: string | undefined,
    failedOnly: boolean,
    limit: number,
  ): Promise<DeliveryView[]> {
    const rows = await database
      .select({ ring: deliveryRings.ring })
      .from(deliveryRings)
      .where(sender === undefined ? undefined : eq(deliveryRings.sender, sender))
      .orderBy(sql`${deliveryRings.at} desc`)
      .limit(RINGS_READ_MAX)
    return merged(
      rows.map(({ ring }) => ring),
      failedOnly,
    ).slice(0, limit)
  },

  async findDeadLetter(id: string): Promise<DeadLetterRecord | undefined> {
    const [row] = await database
      .select({ body: deadLetters.body })
      .from(deadLetters)
      .where(eq(deadLetters.id, id))
    return row?.body
  },
})

/** A process that is gone is forgotten after this. */
const RINGS_KEPT_MS = 7 * DAY_MS

/** The desk as the edge sees it, on whichever store both can reach. */
export const createIntegrationDesk = (database: DeskSql): IntegrationDesk => ({
  async ingestKeys(now) {
    const rows = await database.select().from(integrations).where(eq(integrations.disabled, false))
    const tokens = await database
      .select()
      .from(apiTokens)
      .where(
        and(eq(apiTokens.ingest, true), isNull(apiTokens.revokedAt), gt(apiTokens.expiresAt, now)),
      )
    return [
      ...tokens.map(
        ({ sha256, name, expiresAt }): IngestKey => ({ sha256, name, validUntil: expiresAt }),
      ),
      ...rows.flatMap((row) => {
        const integration = integrationOf(row)
        return row.keys.filter(validAt(now)).map(
          ({ sha256, validUntil }): IngestKey => ({
            sha256,
            name: row.name,
            integration,
            ...present({ validUntil }),
          }),
        )
      }),
    ]
  },

  async keepRings(reporter, now, rings) {
    if (rings.length === 0) return
    const rows = rings.map((ring) => ({
      id: `${reporter} ${ring.key}`,
      sender: ring.key,
      at: now,
      ring,
    }))
    const old = await database
      .select({ id: deliveryRings.id })
      .from(deliveryRings)
      .where(lt(deliveryRings.at, now - RINGS_KEPT_MS))
      .limit(RINGS_READ_MAX)
    if (old.length > 0)
      await database.delete(deliveryRings).where(
        inArray(
          deliveryRings.id,
          old.map(({ id }) => id),
        ),
      )
    for (const row of rows)
      await database
        .insert(deliveryRings)
        .values(row)
        .onConflictDoUpdate({ target: deliveryRings.id, set: { at: now, ring: row.ring } })
  },
})
