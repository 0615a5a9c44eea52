// Work is not given to people who have left, or to teams that are no more.
import { and, eq, inArray } from 'drizzle-orm'
import { type Refusal, refuse } from '../commands/outcome.ts'
import type { DeskSql } from '../store/database.ts'
import { teams, users } from './tables.ts'

/** Those of the names that belong to a disabled user. Names that nobody registered are no fault. */
export const disabledAmong = async (
  database: DeskSql,
  names: readonly string[],
): Promise<ReadonlySet<string>> => {
  if (names.length === 0) return new Set()
  const found = await database
    .select({ id: users.id })
    .from(users)
    .where(and(inArray(users.id, [...new Set(names)]), eq(users.disabled, true)))
  return new Set(found.map(({ id }) => id))
}

/** @returns why these cannot be given work, or undefined */
export const absence = async (
  database: DeskSql,
  people: readonly (string | null | undefined)[],
  team?: string | null,
): Promise<Refusal | undefined> => {
  const gone = await disabledAmong(
    database,
    people.flatMap((name) => name ?? []),
  )
  if (gone.size > 0) return refuse('invalid', `${[...gone].join(', ')} is no longer here`)
  if (team === null || team === undefined) return undefined
  const [retired] = await database
    .select({ id: teams.id })
    .from(teams)
    .where(and(eq(teams.id, team), eq(teams.retired, true)))
  return retired && refuse('invalid', `the team ${team} is no more`)
}
