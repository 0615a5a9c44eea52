// From one version's schema to the next and back: rows stay, and the older program still fits.
import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeskSql } from '../ticketing/store/database.ts'
import { migrate } from '../ticketing/store/migrate.ts'
import { MIGRATIONS } from '../ticketing/store/migrations/index.ts'

interface Column {
  readonly table: string
  readonly column: string
  readonly type: string
  readonly nullable: 'YES' | 'NO'
  readonly fallback: string | null
  readonly generated: string
  readonly identity: string
}

type Row = Readonly<Record<string, unknown>>
type Schema = ReadonlyMap<string, Column>
type Content = ReadonlyMap<string, Row>

const COLUMNS = `SELECT table_name AS table, column_name AS column, data_type AS type,
    is_nullable AS nullable, column_default AS fallback, is_generated AS generated,
    is_identity AS identity
  FROM information_schema.columns
  WHERE table_schema = 'public' AND table_name <> 'migrations'
    AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public')
  ORDER BY ordinal_position`

/** Something of each type; what a CHECK wants instead makes the table be left out. */
const VALUES: Readonly<Record<string, string>> = {
  bigint: '1700000000000',
  integer: '7',
  smallint: '7',
  'double precision': '0.5',
  boolean: 'true',
  text: `'kept'`,
  jsonb: `'{"kept": 1}'`,
  json: `'{"kept": 1}'`,
  bytea: `'\\x07'`,
  ARRAY: `'{kept}'`,
}

let database: PGlite
/** The schema after each migration, and the one row that each table was given when it was new. */
const steps: { readonly name: string; readonly schema: Schema; readonly content: Content }[] = []
const filled = new Set<string>()
const tables = new Set<string>()

const readSchema = async (): Promise<Schema> => {
  const { rows } = await database.query<Column>(COLUMNS)
  return new Map(rows.map((each) => [`${each.table}.${each.column}`, each]))
}

const fill = async (schema: Schema): Promise<void> => {
  for (const table of new Set([...schema.values()].map((each) => each.table))) {
    if (tables.has(table)) continue
    tables.add(table)
    const wanted = [...schema.values()].filter(
      (each) => each.table === table && each.generated === 'NEVER' && each.identity === 'NO',
    )
    const names = wanted.map(({ column }) => `"${column}"`).join(', ')
    const values = wanted.map(({ type }) => VALUES[type] ?? 'NULL').join(', ')
    await database.query(`INSERT INTO "${table}" (${names}) VALUES (${values})`).then(
      () => filled.add(table),
      () => {},
    )
  }
}

const readContent = async (): Promise<Content> => {
  const content = new Map<string, Row>()
  for (const table of filled) {
    const { rows } = await database.query<Row>(`SELECT * FROM "${table}"`)
    if (rows[0] !== undefined) content.set(table, rows[0])
  }
  return content
}

beforeAll(async () => {
  database = await PGlite.create()
  await database.exec(`SET session_replication_role = 'replica'`) // rows without their parents
  const sql = drizzle({ client: database }) as unknown as DeskSql
  for (let count = 1; count <= MIGRATIONS.length; count++) {
    await migrate(sql, MIGRATIONS.slice(0, count))
    const schema = await readSchema()
    await fill(schema)
    steps.push({ name: MIGRATIONS[count - 1]!.name, schema, content: await readContent() })
  }
})
afterAll(() => database.close())

const pairs = MIGRATIONS.slice(1).map(({ name }, index) => [name, index] as const)

test('most tables could be given a row, so that the rest here means something', () => {
  expect(filled.size / tables.size).toBeGreaterThan(0.8)
})

describe.each(pairs)('the step to %s', (_name, before) => {
  test('keeps every row as it was', () => {
    const after = steps[before + 1]!.content
    for (const [table, row] of steps[before]!.content)
      expect(after.get(table), table).toMatchObject(row)
  })

  test('takes no column from the program before, and asks it for none that it does not know', () => {
    const { schema: older } = steps[before]!
    const { schema: newer } = steps[before + 1]!
    for (const [name, { type }] of older) expect(newer.get(name)?.type, name).toBe(type)
    const olderTables = new Set([...older.values()].map(({ table }) => table))
    for (const [name, column] of newer) {
      if (older.has(name) || !olderTables.has(column.table)) continue
      const mayBeLeftOut =
        column.nullable === 'YES' || column.fallback !== null || column.generated !== 'NEVER'
      expect(mayBeLeftOut, `${name} is needed by an INSERT that does not know it`).toBe(true)
    }
  })
})

test('a program that goes back leaves what a newer one added alone', async () => {
  const sql = drizzle({ client: database }) as unknown as DeskSql
  await migrate(sql, [...MIGRATIONS, { name: '9999-later', statements: ['CREATE TABLE later ()'] }])
  expect(await migrate(sql)).toEqual([])
  expect((await readContent()).size).toBe(filled.size)
})
