// Silences: made, changed and ended by people; the correlator is told and decides what they mute.
import { and, count, desc, eq, gt, lte, type SQL, sql } from 'drizzle-orm'
import { Type } from 'typebox'
import { hash64 } from '../../domain/hash.ts'
import { formatMatchers } from '../../domain/matcher.ts'
import { isoTime, type Millis } from '../../domain/time.ts'
import type { Page } from '../api/schemas.ts'
import type { Command, Done } from '../commands/command.ts'
import { type Refusal, refuse } from '../commands/outcome.ts'
import { type Keyset, toPage } from '../cursor.ts'
import type { DeskSql } from '../store/database.ts'
import type { Work } from '../work.ts'
import { silenceState } from './alertmanager.ts'
import { NewSilence, SilenceUpdate } from './bodies.ts'
import { mutesEverything, readMatchers } from './matchers.ts'
import { type SilenceRow, silences } from './tables.ts'
import type { SilenceState, SilenceView } from './views.ts'

/** Tells the correlator, which keeps the newest version. */
const put = (work: Work, row: SilenceRow, at: Millis): void => {
  work.silences.put(row)
  const { id, version, comment, createdBy, matchers, startsAt, endsAt } = row
  const spans = endsAt > startsAt ? [{ from: startsAt, to: endsAt }] : []
  work.broadcast({
    kind: 'mute',
    at,
    mute: {
      id,
      version,
      reason: 'silence',
      title: comment,
      by: createdBy,
      matchers,
      cis: [],
      spans,
    },
  })
}

const uuidOf = (text: string): string => {
  const hex = hash64(text) + hash64(`${text}\n`)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-')
}

const timesOf = (
  body: Pick<SilenceUpdate, 'startsAt' | 'endsAt' | 'durationMs'>,
  startsAt: Millis,
  endsAt: Millis | undefined,
  at: Millis,
): { startsAt: Millis; endsAt: Millis } | Refusal => {
  if (body.endsAt !== undefined && body.durationMs !== undefined)
    return refuse('invalid', 'give endsAt or durationMs, not both')
  const from = body.startsAt === undefined ? startsAt : Date.parse(body.startsAt)
  const to =
    body.endsAt !== undefined
      ? Date.parse(body.endsAt)
      : body.durationMs !== undefined
        ? from + body.durationMs
        : endsAt
  if (to === undefined) return refuse('invalid', 'give endsAt or durationMs')
  if (to <= from) return refuse('invalid', 'endsAt must be after startsAt')
  if (to <= at) return refuse('invalid', 'endsAt must not be in the past')
  return { startsAt: from, endsAt: to }
}

const isRefusal = (value: object): value is Refusal => 'kind' in value && value.kind === 'refused'

const soundMatchers = (given: NewSilence['matchers']) => {
  const matchers = readMatchers(given)
  if (isRefusal(matchers)) return matchers
  return mutesEverything(matchers)
    ? refuse('invalid', 'at least one matcher must not match an alert without labels')
    : matchers
}

const tooMany = async (work: Work, at: Millis): Promise<Refusal | undefined> => {
  const { mutesMax } = work.settings
  const [row] = await work.sql
    .select({ live: count() })
    .from(silences)
    .where(gt(silences.endsAt, at))
  return (row?.live ?? 0) < mutesMax
    ? undefined
    : refuse('invalid', `there are ${mutesMax} silences already: expire some`)
}

const create: Command = {
  body: NewSilence,
  async apply(work, { id, actor, at, body }): Promise<Done> {
    const { comment, matchers: given, createdBy, ...times } = body as NewSilence
    const matchers = soundMatchers(given)
    if (isRefusal(matchers)) return { outcome: matchers }
    const span = timesOf(times, at, undefined, at)
    if (isRefusal(span)) return { outcome: span }
    const full = await tooMany(work, at)
    if (full !== undefined) return { outcome: full }
    const by = createdBy === undefined || createdBy === actor ? actor : `${createdBy} (${actor})`
    const row = {
      id: uuidOf(id),
      matchers,
      comment,
      createdBy: by,
      ...span,
      updatedAt: at,
      version: 1,
    }
    put(work, row, at)
    return { outcome: { kind: 'applied', target: row.id, version: 1 }, before: {}, after: row }
  },
}

/** Makes the next version of a silence that is not over. */
const changing = (
  body: Command['body'],
  change: (
    row: SilenceRow,
    command: Parameters<Command['apply']>[1],
  ) => Partial<SilenceRow> | Refusal,
): Command => ({
  body,
  async apply(work, command) {
    const { target, at, ifVersion } = command
    const row = await work.silences.get(target)
    if (row === undefined) return { outcome: refuse('not-found', `there is no silence ${target}`) }
    const { version } = row
    if (ifVersion !== undefined && ifVersion !== version)
      return {
        outcome: refuse('version-conflict', `it has moved on to version ${version}`, { version }),
      }
    if (row.endsAt <= at)
      return { outcome: refuse('illegal-transition', 'it has expired: make a new one') }
    const patch = change(row, command)
    if (isRefusal(patch)) return { outcome: patch }
    const changed = { ...row, ...patch, updatedAt: at, version: version + 1 }
    put(work, changed, at)
    return {
      outcome: { kind: 'applied', target, version: changed.version },
      before: row,
      after: changed,
    }
  },
})

const update = changing(SilenceUpdate, (row, { body, at }) => {
  const { comment = row.comment, matchers: given, ...times } = body as SilenceUpdate
  const matchers = given === undefined ? row.matchers : soundMatchers(given)
  if (isRefusal(matchers)) return matchers
  const span = timesOf(times, row.startsAt, row.endsAt, at)
  return isRefusal(span) ? span : { comment, matchers, ...span }
})

const expire = changing(
  Type.Object({}, { additionalProperties: false }),
  ({ startsAt }, { at }) => ({
    startsAt: Math.min(startsAt, at),
    endsAt: at,
  }),
)

export const silenceCommands = (): [string, Command][] => [
  ['silence.create', create],
  ['silence.update', update],
  ['silence.expire', expire],
]

const silenceView = (row: SilenceRow, now: Millis): SilenceView => ({
  id: row.id,
  status: silenceState(row, now),
  matchers: formatMatchers(row.matchers),
  comment: row.comment,
  createdBy: row.createdBy,
  startsAt: isoTime(row.startsAt),
  endsAt: isoTime(row.endsAt),
  updatedAt: isoTime(row.updatedAt),
  version: row.version,
})

const inState = (state: SilenceState, now: Millis): SQL | undefined => {
  const { startsAt, endsAt } = silences
  if (state === 'expired') return lte(endsAt, now)
  return and(gt(endsAt, now), state === 'pending' ? gt(startsAt, now) : lte(startsAt, now))
}

export const silenceQueries = (database: DeskSql) => ({
  /** The latest end first. */
  async listSilences(
    filter: { readonly status?: SilenceState | undefined },
    now: Millis,
    limit: number,
    after?: Keyset,
  ): Promise<Page<SilenceView>> {
    const { endsAt, id } = silences
    const rows = await database
      .select()
      .from(silences)
      .where(
        and(
          filter.status && inState(filter.status, now),
          after && sql`(${endsAt}, ${id}) < (${after.key}, ${after.id})`,
        ),
      )
      .orderBy(desc(endsAt), desc(id))
      .limit(limit + 1)
    return toPage(
      rows,
      limit,
      (row) => silenceView(row, now),
      (row) => ({ key: row.endsAt, id: row.id }),
    )
  },

  async findSilence(silenceId: string, now: Millis): Promise<SilenceView | undefined> {
    const row = await findRow(database, silenceId)
    return row && silenceView(row, now)
  },

  /** For Alertmanager's clients: rows as they are, the latest end first. */
  async newestSilences(most: number): Promise<readonly SilenceRow[]> {
    return database.select().from(silences).orderBy(desc(silences.endsAt)).limit(most)
  },

  findSilenceRow: (silenceId: string) => findRow(database, silenceId),
})

const findRow = async (database: DeskSql, id: string): Promise<SilenceRow | undefined> => {
  const [row] = await database.select().from(silences).where(eq(silences.id, id))
  return row
}

/** Silences long over are forgotten; the audit log still has them. */
export const forgetSilences = (work: Work, at: Millis) =>
  work.sql.delete(silences).where(lte(silences.endsAt, at - work.settings.mutesKeptMs))
