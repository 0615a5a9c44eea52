// What PostgreSQL's background processes do where it is a server: PGlite has none of them.

/** As much of a `pg` pool as is needed here. */
interface Queries {
  query(text: string): Promise<{ rows: { name: string }[] }>
}

/** The rule by which a server's autovacuum chooses, from smaller tables on. */
const WITH_DEAD_ROWS = `SELECT relname AS name FROM pg_stat_user_tables
  WHERE n_dead_tup > 200 + 0.2 * n_live_tup`

/**
 * Gives the room of dead rows back to their tables, and of written changes back to the directory.
 * Without it every update of a row would make the store longer, and each look at it slower.
 * @returns names of the tables that were gone through
 */
export const keepUp = async (database: Queries): Promise<string[]> => {
  await database.query('SELECT pg_stat_force_next_flush()')
  const { rows } = await database.query(WITH_DEAD_ROWS)
  for (const { name } of rows) await database.query(`VACUUM (ANALYZE) "${name}"`)
  await database.query('CHECKPOINT')
  return rows.map(({ name }) => name)
}
