// What the desk promises on whichever SQL store it runs: schema, projection, queries.
import { getTableName, is, sql } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDesk, type Desk } from './desk.ts'
import type { DeskTopic } from './records.ts'
import type { DeskDatabase } from './store/database.ts'
import { migrate } from './store/migrate.ts'
import { MIGRATIONS } from './store/migrations/index.ts'
import * as schema from './store/schema.ts'
import { dumpDesk, emptyDesk, tableNames } from './testing/empty.ts'
import { play, step } from './testing/histories.ts'
import { createMemoryLog } from './testing/memory-log.ts'
import {
  aCandidate,
  aCommand,
  alertOutput,
  from,
  incidentOutput,
  outputs,
  START,
} from './testing/records.ts'

const tables = Object.values(schema).flatMap((value) => (is(value, PgTable) ? [value] : []))

/** One column as both sides write it: `incidents.version integer not null`. */
const columnsOfSchema = (): string[] =>
  tables
    .flatMap((table) =>
      getTableConfig(table).columns.map(
        (column) =>
          `${getTableName(table)}.${column.name} ${column.getSQLType()}${column.notNull ? ' not null' : ''}`,
      ),
    )
    .sort()

const columnsOfStore = async (database: DeskDatabase): Promise<string[]> => {
  const { rows } = (await database.sql.execute(sql`
    select table_name || '.' || column_name || ' ' || data_type ||
      case is_nullable when 'NO' then ' not null' else '' end as line
    from information_schema.columns
    where table_schema = 'public' and table_name <> 'migrations'`)) as {
    rows: { line: string }[]
  }
  return rows.map(({ line }) => line).sort()
}

export const deskContract = (
  open: () => Promise<DeskDatabase>,
  /** Histories tried per property. */
  histories: number,
): void => {
  let database: DeskDatabase
  let desk: Desk

  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database?.close())
  beforeEach(async () => {
    await emptyDesk(database)
    desk = createDesk({ database })
  })

  const apply = (topic: DeskTopic, offset: number, ...records: unknown[]) =>
    desk.apply({ topic, partition: 0, next: offset + records.length }, from(offset, ...records))

  describe('the schema', () => {
    test('is what the typed tables say, column by column', async () => {
      expect(await columnsOfStore(database)).toEqual(columnsOfSchema())
    })

    test('is migrated once: the second time there is nothing to do', async () => {
      expect(await migrate(database.sql)).toEqual([])
    })

    test('a migration edited after it was applied stops the start', async () => {
      const edited = MIGRATIONS.map((each) => ({
        ...each,
        statements: [...each.statements, 'select 1'],
      }))
      await expect(migrate(database.sql, edited)).rejects.toThrow('was edited')
    })

    test('a migration that fails leaves nothing behind', async () => {
      const before = await tableNames(database)
      const broken = {
        name: '9999-broken',
        statements: ['create table half_done (id text)', 'select no_such_function()'],
      }
      await expect(migrate(database.sql, [...MIGRATIONS, broken])).rejects.toThrow()
      expect(await tableNames(database)).toEqual(before)
    })

    test('the audit log can only be appended to', async () => {
      await apply('commands', 0, aCommand())
      await expect(
        database.sql.execute(sql`update audit set actor = 'nobody'`),
      ).rejects.toMatchObject({ cause: { message: 'the audit log is only appended to' } })
      await expect(database.sql.execute(sql`delete from audit`)).rejects.toThrow()
    })
  })

  describe('the projection', () => {
    test('a batch redelivered changes nothing, and neither does a shorter one', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.nat(14), async (steps, cut) => {
          await emptyDesk(database)
          await play(desk, steps)
          const once = await dumpDesk(database)
          await play(desk, steps.slice(0, cut))
          await play(desk, steps)
          expect(await dumpDesk(database)).toEqual(once)
        }),
        { numRuns: histories },
      )
    })

    test('replayed from lost positions, ids and versions keep the tickets as they were', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
          await emptyDesk(database)
          await play(desk, steps)
          const once = await dumpDesk(database, ['positions'])
          await database.sql.delete(schema.positions)
          await play(desk, steps)
          expect(await dumpDesk(database, ['positions'])).toEqual(once)
        }),
        { numRuns: histories },
      )
    })

    test('one batch or one by one makes the same tickets', async () => {
      const records = Array.from({ length: 12 }, (_, index) =>
        outputs(
          START + index,
          incidentOutput({ id: `i${index % 3}`, version: index, alertCount: index }),
          alertOutput({ id: `a${index % 5}`, version: index, incidentId: `i${index % 3}` }),
        ),
      )
      await apply('incidents', 0, ...records)
      const together = await dumpDesk(database, ['counters', 'incidents'])
      const list = await desk.queries.listIncidents({}, 10)
      await emptyDesk(database)
      for (const [offset, record] of records.entries()) await apply('incidents', offset, record)
      expect(await dumpDesk(database, ['counters', 'incidents'])).toEqual(together)
      expect(await desk.queries.listIncidents({}, 10)).toEqual(list)
    })

    test('batches of two partitions at the same time both arrive, with distinct numbers', async () => {
      const place = (partition: number) => ({ topic: 'incidents' as const, partition, next: 20 })
      const records = (scope: string) =>
        Array.from({ length: 20 }, (_, index) =>
          outputs(START, incidentOutput({ id: `${scope}${index}`, scope })),
        )
      await Promise.all([
        desk.apply(place(0), from(0, ...records('a'))),
        desk.apply(place(1), from(0, ...records('b'))),
      ])
      const { items } = await desk.queries.listIncidents({}, 50)
      expect(new Set(items.map(({ number }) => number)).size).toBe(40)
    })

    test('two processes that take turns build on what the other wrote, not on what they remember', async () => {
      const other = createDesk({ database })
      await apply('incidents', 0, outputs(START, incidentOutput({ alertCount: 1 })))
      const place = { topic: 'commands' as const, partition: 0, next: 1 }
      await other.apply(place, from(0, aCommand()))
      await apply('incidents', 1, outputs(START + 1, incidentOutput({ version: 2, alertCount: 2 })))
      expect(await desk.queries.findIncident('i1')).toMatchObject({
        status: 'acknowledged',
        alertCount: 2,
      })
    })

    test('NUL bytes and lone surrogates are stored as visible replacements', async () => {
      await apply('incidents', 0, outputs(START, incidentOutput({ title: 'a\0b\ud800c' })))
      expect((await desk.queries.findIncident('i1'))?.title).toBe('a\u2400b\ufffdc')
    })

    test('FAULTS 28: a poison record is set aside with its reason and the partition goes on', async () => {
      const bad = { at: START, cause: 0, outputs: [{ kind: 'riddle' }] }
      const tooBig = outputs(START, incidentOutput({ id: 'big', alertCount: 2 ** 40 }))
      const letters = await apply(
        'incidents',
        0,
        outputs(START, incidentOutput({ id: 'before' })),
        bad,
        tooBig,
        outputs(START, incidentOutput({ id: 'after' })),
      )
      expect(letters.map(({ detail, position }) => [position?.offset, detail])).toEqual([
        [1, 'unknown output kind riddle'],
        [2, expect.stringMatching(/out of range/)],
      ])
      expect((await desk.queries.listIncidents({}, 10)).items.map(({ id }) => id)).toEqual([
        'before',
        'after',
      ])
      expect(await desk.position('incidents', 0)).toBe(4)
      const { log, all } = createMemoryLog()
      await desk.publishOutbox(log)
      expect(
        all('dead-letters')
          .map(({ id }) => id)
          .sort(),
      ).toEqual(letters.map(({ id }) => id).sort())
    })

    test('what the log does not take stays in the outbox, in order', async () => {
      await apply('incidents', 0, outputs(START, incidentOutput()))
      const { log, fail, all } = createMemoryLog(1)
      fail(new Error('disk full'))
      await expect(desk.publishOutbox(log)).rejects.toThrow('disk full')
      fail(undefined)
      expect(await desk.publishOutbox(log)).toBe(1)
      expect(all('tickets')).toHaveLength(1)
    })
  })

  describe('the queries', () => {
    test('a list is paged without gaps or repeats, also where times are equal', async () => {
      await apply(
        'incidents',
        0,
        outputs(
          START,
          ...Array.from({ length: 25 }, (_, index) =>
            incidentOutput({ id: `i${index}`, openedAt: START + Math.floor(index / 10) }),
          ),
        ),
      )
      const seen: string[] = []
      let after: { key: number; id: string } | undefined
      for (;;) {
        const page = await desk.queries.listIncidents({}, 4, after)
        seen.push(...page.items.map(({ id }) => id))
        if (page.nextCursor === undefined) break
        const [key, id] = JSON.parse(Buffer.from(page.nextCursor, 'base64url').toString())
        after = { key, id }
      }
      expect(seen).toHaveLength(25)
      expect(new Set(seen).size).toBe(25)
    })

    test('each filter narrows the list to what it names', async () => {
      await apply(
        'incidents',
        0,
        outputs(
          START,
          incidentOutput({ id: 'one', title: '100% CPU', problemId: 'p1' }),
          incidentOutput({ id: 'two', severity: 'info', scope: 'eu', lastEventAt: START + 9 }),
          incidentOutput({ id: 'three', status: 'resolved', title: '1000 CPUs' }),
        ),
      )
      await apply(
        'commands',
        0,
        aCommand({
          action: 'incident.assign',
          target: 'one',
          body: { assignee: 'ada', team: 'sre' },
        }),
      )
      const ids = async (filter: Parameters<typeof desk.queries.listIncidents>[0]) =>
        (await desk.queries.listIncidents(filter, 10)).items.map(({ id }) => id).sort()
      expect(await ids({ status: ['open'] })).toEqual(['one', 'two'])
      expect(await ids({ status: ['resolved', 'closed'] })).toEqual(['three'])
      expect(await ids({ status: ['open', 'resolved'] })).toEqual(['one', 'three', 'two'])
      expect(await ids({ severity: ['info'] })).toEqual(['two'])
      expect(await ids({ priority: ['P4'] })).toEqual(['two'])
      expect(await ids({ scope: 'eu' })).toEqual(['two'])
      expect(await ids({ assignee: 'ada' })).toEqual(['one'])
      expect(await ids({ team: 'sre' })).toEqual(['one'])
      expect(await ids({ problem: 'p1' })).toEqual(['one'])
      expect(await ids({ since: START + 1 })).toEqual(['two'])
      expect(await ids({ q: '100%' })).toEqual(['one'])
      expect(await ids({ q: 'cpu' })).toEqual(['one', 'three'])
      expect(await ids({ q: 'inc-2' })).toEqual(['two'])
      expect(await ids({ q: "'; drop table incidents; --" })).toEqual([])
    })

    test('alerts, problems, dead letters and audit are listed with their filters', async () => {
      await apply(
        'incidents',
        0,
        outputs(
          START,
          incidentOutput(),
          alertOutput(),
          alertOutput({ id: 'a2', status: 'resolved', ci: 'db1', name: 'Disk_full' }),
          { kind: 'problem', problem: aCandidate() },
        ),
      )
      await apply('commands', 0, aCommand(), aCommand({ id: 'c2', actor: 'bob' }))
      const letter = { id: 'd1', at: START, source: 's', reason: 'r', detail: 'd', payload: '{}' }
      await apply('dead-letters', 0, letter, { ...letter, id: 'd2', reason: 'other', index: 3 })
      const { queries } = desk
      const count = async (page: Promise<{ items: unknown[] }>) => (await page).items.length
      expect(await count(queries.listAlerts({}, 10))).toBe(2)
      expect(await count(queries.listAlerts({ status: 'firing', incident: 'i1' }, 10))).toBe(1)
      expect(await count(queries.listAlerts({ ci: 'db1', severity: 'critical' }, 10))).toBe(1)
      expect(await count(queries.listAlerts({ q: 'k_f', scope: 'default' }, 10))).toBe(1)
      expect(await count(queries.listProblems({ status: ['candidate'] }, 10))).toBe(1)
      expect(await count(queries.listProblems({ status: ['closed'] }, 10))).toBe(0)
      expect(await count(queries.listDeadLetters({}, 10))).toBe(2)
      expect((await queries.listDeadLetters({ reason: 'other' }, 10)).items).toMatchObject([
        { id: 'd2', index: 3 },
      ])
      expect((await queries.listAudit({}, 10)).items).toMatchObject([
        { sequence: 2, actor: 'bob', outcome: 'illegal-transition' },
        { sequence: 1, outcome: 'applied', before: { status: 'new' } },
      ])
      expect(await count(queries.listAudit({ actor: 'ada', target: 'i1' }, 10))).toBe(1)
      expect(await queries.verifyAuditChain()).toEqual({
        entries: 2,
        end: { sequence: 2, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      })
    })

    test('each of the others runs on this store, filters and cursors included', async () => {
      const { queries } = desk
      const after = { key: START, id: 'x' }
      const lists = await Promise.all([
        queries.listChanges({ status: ['draft'], type: ['normal'], ci: 'a' }, 5, after),
        queries.plannedChanges(START),
        queries.listWindows({ status: 'active' }, START, 5, after),
        queries.listSilences({ status: 'active' }, START, 5, after),
        queries.previewMute({ matchers: [], cis: ['a'] }, ['ops']),
        queries.listCis({ kind: 'host', q: 'a' }, 5, after),
        queries.listServices(),
        queries.ciHistory('a'),
        queries.ciProposals(),
        queries.assetWarnings(START, 1),
        queries.listTasks({ status: 'open', assignee: 'a', ticket: 'b' }, 5, after),
        queries.listRequests({ status: ['closed'], requester: 'a', assignee: 'b' }, 5, after),
        queries.listProcesses({ kind: 'runbook', attention: true }, START),
        queries.processHistory('a'),
        queries.listAlerts({}, 5, after),
        queries.listProblems({}, 5, after),
        queries.listDeadLetters({ source: 'a' }, 5, after),
        queries.listAudit({}, 5, after),
      ])
      for (const list of lists) expect(Array.isArray(list) ? list : list.items).toEqual([])
      const found = await Promise.all([
        queries.findIncident('x'),
        queries.findProblem('x'),
        queries.findChange('x'),
        queries.findRequest('x'),
        queries.findProcess('x'),
        queries.findTask('x'),
        queries.findWindow('x', START),
        queries.findCi('x'),
        queries.impactOfCi('x', START),
      ])
      expect(found.every((each) => each === undefined)).toBe(true)
      expect(await queries.topology(START)).toEqual({ cis: [], relations: [] })
    })

    test('who was away is told each changed ticket once, as it is now', async () => {
      await apply('incidents', 0, outputs(START, incidentOutput(), incidentOutput({ id: 'i2' })))
      const seen = await desk.queries.lastChange()
      await apply('commands', 0, aCommand(), aCommand({ id: 'c2', action: 'incident.start' }))
      const events = await desk.queries.changesAfter(seen, 10)
      expect(events).toMatchObject([
        { event: 'incident', data: { id: 'i1', status: 'in-progress' } },
      ])
      expect(await desk.queries.changesAfter(events[0]!.change, 10)).toEqual([])
    })
  })
}
