// Maintenance windows: planned work, once or recurring, so that nobody is called for what it breaks.
import { and, asc, count, desc, eq, gt, lte, type SQL, sql } from 'drizzle-orm'
import { Type } from 'typebox'
import { hash64 } from '../../domain/hash.ts'
import { formatMatchers } from '../../domain/matcher.ts'
import type { Span } from '../../domain/mute.ts'
import { isoTime, type Millis } from '../../domain/time.ts'
import type { Page } from '../api/schemas.ts'
import type { Command, Done } from '../commands/command.ts'
import { type Refusal, refuse } from '../commands/outcome.ts'
import { type Keyset, toPage } from '../cursor.ts'
import { present } from '../incidents/views.ts'
import type { DeskSql } from '../store/database.ts'
import { type MaintenanceWindowRow, maintenanceWindows } from '../store/schema.ts'
import type { Work } from '../work.ts'
import { NewWindow } from './bodies.ts'
import { mutesEverything, readMatchers } from './matchers.ts'
import { recurrenceFault, spansAfter } from './recurrence.ts'
import type { MaintenanceWindowView, WindowState } from './views.ts'

/** 9999-12-31: a series without an end. */
const FOREVER = 253_402_214_400_000
/** Occurrences told to the correlator at one time; the next are told before they run out. */
const SPANS_TOLD = 32
const TOLD_AGAIN_PER_TICK_MAX = 500

type Window = Omit<MaintenanceWindowRow, 'version' | 'tellAgainAt'>

const spansOf = (row: Window, at: Millis, most: number): readonly Span[] => {
  const { startsAt, endsAt, recurrence } = row
  if (recurrence === null) return endsAt > startsAt ? [{ from: startsAt, to: endsAt }] : []
  return spansAfter({ ...recurrence, from: startsAt, to: endsAt }, at, most)
}

/** When the correlator must be told of further occurrences; null where it knows them all. */
const tellAgainAt = ({ recurrence }: Window, spans: readonly Span[], at: Millis): number | null => {
  const last = spans.at(-1)
  if (recurrence === null || last === undefined || spans.length < SPANS_TOLD) return null
  return Math.floor((at + last.to) / 2)
}

/** The next version of a window, told to the correlator, which decides what it mutes. */
export const putWindow = (work: Work, row: Window, version: number, at: Millis): void => {
  const spans = spansOf(row, at, SPANS_TOLD)
  const { id, title, createdBy, matchers, cis } = row
  work.windows.put({ ...row, version, tellAgainAt: tellAgainAt(row, spans, at) })
  work.broadcast({
    kind: 'mute',
    at,
    mute: {
      id,
      version,
      reason: 'maintenance',
      title,
      by: createdBy,
      matchers: matchers ?? [],
      cis,
      spans,
    },
  })
}

/** Ends a window at an instant; one that has not begun never does. */
export const endWindow = (
  work: Work,
  row: MaintenanceWindowRow,
  at: Millis,
  cancelled: boolean,
): void => {
  const endsAt = Math.min(row.endsAt, Math.max(row.startsAt, at))
  putWindow(work, { ...row, endsAt, cancelled }, row.version + 1, at)
}

/** Recurring windows whose known occurrences run out. */
export const tellWindowsAgain = async (work: Work, at: Millis): Promise<void> => {
  const due = await work.sql
    .select({ id: maintenanceWindows.id })
    .from(maintenanceWindows)
    .where(lte(maintenanceWindows.tellAgainAt, at))
    .orderBy(asc(maintenanceWindows.tellAgainAt), asc(maintenanceWindows.id))
    .limit(TOLD_AGAIN_PER_TICK_MAX)
  await work.windows.load(due.map(({ id }) => id))
  for (const { id } of due) {
    const row = await work.windows.get(id)
    if (row !== undefined) putWindow(work, row, row.version + 1, at)
  }
}

const isRefusal = (value: object): value is Refusal => 'kind' in value && value.kind === 'refused'

/** What it covers, or why that makes no sense. */
const targetOf = ({ matchers: given, cis = [] }: NewWindow) => {
  const matchers = given === undefined ? [] : readMatchers(given)
  if (isRefusal(matchers)) return matchers
  if (cis.length === 0 && mutesEverything(matchers))
    return refuse('invalid', 'name CIs, or a matcher that does not match everything')
  return { matchers, cis }
}

const timesOf = ({ startsAt, endsAt, recurrence }: NewWindow, at: Millis) => {
  const from = startsAt === undefined ? at : Date.parse(startsAt)
  if (endsAt === undefined && recurrence === undefined)
    return refuse('invalid', 'give endsAt, or a recurrence')
  const to = endsAt === undefined ? FOREVER : Date.parse(endsAt)
  if (to <= from) return refuse('invalid', 'endsAt must be after startsAt')
  if (recurrence === undefined) return { startsAt: from, endsAt: to, recurrence: null }
  const { timeZone = 'UTC' } = recurrence
  const fault = recurrenceFault({ ...recurrence, timeZone }, from)
  if (fault !== undefined) return refuse('invalid', fault)
  return { startsAt: from, endsAt: to, recurrence: { ...recurrence, timeZone } }
}

const tooMany = async (work: Work, at: Millis): Promise<Refusal | undefined> => {
  const { mutesMax } = work.settings
  const [row] = await work.sql
    .select({ live: count() })
    .from(maintenanceWindows)
    .where(gt(maintenanceWindows.endsAt, at))
  return (row?.live ?? 0) < mutesMax
    ? undefined
    : refuse('invalid', `there are ${mutesMax} windows already: cancel some`)
}

const create: Command = {
  body: NewWindow,
  async apply(work, { id, actor, at, body }): Promise<Done> {
    const window = body as NewWindow
    const target = targetOf(window)
    if (isRefusal(target)) return { outcome: target }
    const times = timesOf(window, at)
    if (isRefusal(times)) return { outcome: times }
    const full = await tooMany(work, at)
    if (full !== undefined) return { outcome: full }
    const row: Window = {
      id: `window-${hash64(id)}`,
      title: window.title,
      ...target,
      ...times,
      createdBy: actor,
      changeId: null,
      cancelled: false,
    }
    putWindow(work, row, 1, at)
    return { outcome: { kind: 'applied', target: row.id, version: 1 }, before: {}, after: row }
  },
}

const cancel: Command = {
  body: Type.Object({}, { additionalProperties: false }),
  async apply(work, { target, at }): Promise<Done> {
    const row = await work.windows.get(target)
    if (row === undefined)
      return { outcome: refuse('not-found', `there is no maintenance window ${target}`) }
    if (row.cancelled || row.endsAt <= at)
      return { outcome: refuse('illegal-transition', 'it is over already') }
    endWindow(work, row, at, true)
    return {
      outcome: { kind: 'applied', target },
      before: { cancelled: false, endsAt: row.endsAt },
      after: { cancelled: true, endsAt: at },
    }
  },
}

export const windowCommands = (): [string, Command][] => [
  ['window.create', create],
  ['window.cancel', cancel],
]

/** The occurrence that holds or comes next; the series itself once there is none. */
const occurrenceOf = (row: MaintenanceWindowRow, now: Millis): Span => {
  const [next] = spansOf(row, now, 1)
  return next ?? { from: row.startsAt, to: row.endsAt }
}

const statusOf = (row: MaintenanceWindowRow, { from, to }: Span, now: Millis): WindowState => {
  if (row.cancelled) return 'cancelled'
  if (now < from) return 'planned'
  return now < to ? 'active' : 'over'
}

const recurrenceView = ({ recurrence, startsAt, endsAt }: MaintenanceWindowRow) =>
  recurrence && {
    ...recurrence,
    from: isoTime(startsAt),
    ...(endsAt === FOREVER ? {} : { until: isoTime(endsAt) }),
  }

const windowView = (row: MaintenanceWindowRow, now: Millis): MaintenanceWindowView => {
  const occurrence = occurrenceOf(row, now)
  const matchers = row.matchers ?? []
  return {
    id: row.id,
    title: row.title,
    status: statusOf(row, occurrence, now),
    cis: [...row.cis],
    startsAt: isoTime(occurrence.from),
    endsAt: isoTime(occurrence.to),
    createdBy: row.createdBy,
    version: row.version,
    ...present({
      changeId: row.changeId,
      matchers: matchers.length === 0 ? undefined : formatMatchers(matchers),
      recurrence: recurrenceView(row),
    }),
  }
}

/** What SQL can say of a state; whether a series holds just now, it cannot. */
const mayBe = (state: WindowState, now: Millis): SQL | undefined => {
  const { cancelled, endsAt } = maintenanceWindows
  if (state === 'cancelled') return eq(cancelled, true)
  return and(eq(cancelled, false), state === 'over' ? lte(endsAt, now) : gt(endsAt, now))
}

export const windowQueries = (database: DeskSql) => ({
  /** The latest end first. With a status, a page may be short although more follow. */
  async listWindows(
    filter: { readonly status?: WindowState | undefined },
    now: Millis,
    limit: number,
    after?: Keyset,
  ): Promise<Page<MaintenanceWindowView>> {
    const { endsAt, id } = maintenanceWindows
    const rows = await database
      .select()
      .from(maintenanceWindows)
      .where(
        and(
          filter.status && mayBe(filter.status, now),
          after && sql`(${endsAt}, ${id}) < (${after.key}, ${after.id})`,
        ),
      )
      .orderBy(desc(endsAt), desc(id))
      .limit(limit + 1)
    const page = toPage(
      rows,
      limit,
      (row) => windowView(row, now),
      (row) => ({ key: row.endsAt, id: row.id }),
    )
    const { status } = filter
    return status === undefined
      ? page
      : { ...page, items: page.items.filter((item) => item.status === status) }
  },

  async findWindow(windowId: string, now: Millis): Promise<MaintenanceWindowView | undefined> {
    const [row] = await database
      .select()
      .from(maintenanceWindows)
      .where(eq(maintenanceWindows.id, windowId))
    return row && windowView(row, now)
  },
})
