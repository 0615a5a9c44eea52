// Silences as Alertmanager's API v2 writes them, for amtool, Karma and whatever else speaks it.
import { type Static, Type } from 'typebox'
import type { Matcher, MatcherOperator } from '../../domain/matcher.ts'
import { isoTime, type Millis } from '../../domain/time.ts'
import type { NewSilence } from './bodies.ts'
import type { SilenceRow } from './tables.ts'
import type { SilenceState } from './views.ts'

const AmMatcher = Type.Object({
  name: Type.String({ minLength: 1 }),
  value: Type.String(),
  isRegex: Type.Boolean(),
  /** Absent in clients from before there were negative matchers: true. */
  isEqual: Type.Optional(Type.Boolean()),
})
type AmMatcher = Static<typeof AmMatcher>

const parts = {
  matchers: Type.Array(AmMatcher, { minItems: 1 }),
  startsAt: Type.String({ format: 'date-time' }),
  endsAt: Type.String({ format: 'date-time' }),
  createdBy: Type.String(),
  comment: Type.String(),
}

/** With an id it changes that silence, unless it has expired. */
export const PostableSilence = Type.Object({ id: Type.Optional(Type.String()), ...parts })
export type PostableSilence = Static<typeof PostableSilence>

export const GettableSilence = Type.Object({
  id: Type.String(),
  status: Type.Object({ state: Type.Enum(['pending', 'active', 'expired']) }),
  updatedAt: Type.String({ format: 'date-time' }),
  ...parts,
})
export type GettableSilence = Static<typeof GettableSilence>

const operatorOf = ({ isRegex, isEqual = true }: AmMatcher): MatcherOperator =>
  isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!='

const readMatcher = (matcher: AmMatcher): Matcher => ({
  name: matcher.name,
  operator: operatorOf(matcher),
  value: matcher.value,
})

const writeMatcher = ({ name, operator, value }: Matcher): AmMatcher => ({
  name,
  value,
  isRegex: operator === '=~' || operator === '!~',
  isEqual: operator === '=' || operator === '=~',
})

/** Its times come with whatever fraction of a second: whole milliseconds are kept. */
export const readSilence = ({
  matchers,
  startsAt,
  endsAt,
  createdBy,
  comment,
}: PostableSilence): NewSilence => ({
  matchers: matchers.map(readMatcher),
  startsAt: isoTime(Date.parse(startsAt)),
  endsAt: isoTime(Date.parse(endsAt)),
  comment: comment === '' ? 'no comment' : comment,
  ...(createdBy === '' ? {} : { createdBy }),
})

export const silenceState = ({ startsAt, endsAt }: SilenceRow, now: Millis): SilenceState =>
  endsAt <= now ? 'expired' : startsAt > now ? 'pending' : 'active'

export const writeSilence = (row: SilenceRow, now: Millis): GettableSilence => ({
  id: row.id,
  status: { state: silenceState(row, now) },
  updatedAt: isoTime(row.updatedAt),
  matchers: row.matchers.map(writeMatcher),
  startsAt: isoTime(row.startsAt),
  endsAt: isoTime(row.endsAt),
  createdBy: row.createdBy,
  comment: row.comment,
})
