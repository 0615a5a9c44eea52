// The small schemas that the API's views are made of.
import { Type } from 'typebox'
import { SEVERITIES } from '../../domain/severity.ts'
import { PRIORITIES } from '../priority.ts'

/** ISO 8601, UTC, milliseconds: `2026-03-01T12:00:00.000Z`. */
export const Time = Type.String({ format: 'date-time' })
export const Count = Type.Integer({ minimum: 0 })
export const Score = Type.Number()
export const Texts = Type.Array(Type.String())
export const Labels = Type.Record(Type.String(), Type.String())
export const SeverityWord = Type.Enum([...SEVERITIES])
export const PriorityWord = Type.Enum([...PRIORITIES])

/** A keyset list: hand `nextCursor` back as `?cursor=`; absent on the last page. */
export const pageOf = <T extends Type.TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: Type.Optional(Type.String()) })
