// Maintenance windows: planned work, so that nobody is called for what it breaks.
import { and, desc, eq, gt, lte, sql } from 'drizzle-orm'
import { Type } from 'typebox'
import { hash64 } from '../../domain/hash.ts'
import { isoTime, type Millis } from '../../domain/time.ts'
import { NewWindow } from '../api/bodies.ts'
import type { Page } from '../api/schemas.ts'
import type { MaintenanceWindowView } from '../api/work-schemas.ts'
import type { Command } from '../commands/command.ts'
import { refuse } from '../commands/outcome.ts'
import { type Keyset, toPage } from '../cursor.ts'
import { present } from '../incidents/views.ts'
import type { DeskSql } from '../store/database.ts'
import { type MaintenanceWindowRow, maintenanceWindows } from '../store/schema.ts'

const create: Command = {
  body: NewWindow,
  async apply(work, { id, actor, body }) {
    const { title, cis, startsAt, endsAt } = body as NewWindow
    const [from, to] = [Date.parse(startsAt), Date.parse(endsAt)]
    if (to <= from) return { outcome: refuse('invalid', 'endsAt must be after startsAt') }
    const row: MaintenanceWindowRow = {
      id: `window-${hash64(id)}`,
      title,
      cis,
      startsAt: from,
      endsAt: to,
      createdBy: actor,
      changeId: null,
      cancelled: false,
    }
    work.windows.put(row)
    return { outcome: { kind: 'applied', target: row.id }, before: {}, after: row }
  },
}

const cancel: Command = {
  body: Type.Object({}, { additionalProperties: false }),
  async apply(work, { target }) {
    const row = await work.windows.get(target)
    if (row === undefined)
      return { outcome: refuse('not-found', `there is no maintenance window ${target}`) }
    work.windows.put({ ...row, cancelled: true })
    return {
      outcome: { kind: 'applied', target },
      before: { cancelled: row.cancelled },
      after: { cancelled: true },
    }
  },
}

export const windowCommands = (): [string, Command][] => [
  ['window.create', create],
  ['window.cancel', cancel],
]

const statusOf = (row: MaintenanceWindowRow, now: Millis): MaintenanceWindowView['status'] => {
  if (row.cancelled) return 'cancelled'
  if (now < row.startsAt) return 'planned'
  return now < row.endsAt ? 'active' : 'over'
}

const windowView = (row: MaintenanceWindowRow, now: Millis): MaintenanceWindowView => ({
  id: row.id,
  title: row.title,
  status: statusOf(row, now),
  cis: [...row.cis],
  startsAt: isoTime(row.startsAt),
  endsAt: isoTime(row.endsAt),
  createdBy: row.createdBy,
  ...present({ changeId: row.changeId }),
})

/** CIs under maintenance at an instant. */
export const cisUnderMaintenance = async (
  database: DeskSql,
  at: Millis,
): Promise<ReadonlySet<string>> => {
  const rows = await database
    .select({ cis: maintenanceWindows.cis })
    .from(maintenanceWindows)
    .where(
      and(
        eq(maintenanceWindows.cancelled, false),
        lte(maintenanceWindows.startsAt, at),
        gt(maintenanceWindows.endsAt, at),
      ),
    )
  return new Set(rows.flatMap(({ cis }) => cis))
}

export const windowQueries = (database: DeskSql) => ({
  /** The latest end first. */
  async listWindows(
    now: Millis,
    limit: number,
    after?: Keyset,
  ): Promise<Page<MaintenanceWindowView>> {
    const { endsAt, id } = maintenanceWindows
    const rows = await database
      .select()
      .from(maintenanceWindows)
      .where(after && sql`(${endsAt}, ${id}) < (${after.key}, ${after.id})`)
      .orderBy(desc(endsAt), desc(id))
      .limit(limit + 1)
    return toPage(
      rows,
      limit,
      (row) => windowView(row, now),
      (row) => ({ key: row.endsAt, id: row.id }),
    )
  },

  async findWindow(windowId: string, now: Millis): Promise<MaintenanceWindowView | undefined> {
    const [row] = await database
      .select()
      .from(maintenanceWindows)
      .where(eq(maintenanceWindows.id, windowId))
    return row && windowView(row, now)
  },
})
