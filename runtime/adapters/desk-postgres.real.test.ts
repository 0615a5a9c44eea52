// The desk's contract on a real PostgreSQL, and what only a server can show: two writers, a crash.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { POSTGRES_PROGRAMS, startPostgres, type TestPostgres } from '../../test/support/postgres.ts'
import { describeWith } from '../../test/support/real.ts'
import { deskContract } from '../../ticketing/desk.contract.ts'
import { createDesk } from '../../ticketing/desk.ts'
import { positions } from '../../ticketing/store/schema.ts'
import { from, incidentOutput, outputs, START } from '../../ticketing/testing/records.ts'
import { openPostgresDesk } from './desk-postgres.ts'

describeWith('PostgreSQL', POSTGRES_PROGRAMS, () => {
  let server: TestPostgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.stop())

  deskContract(async () => openPostgresDesk({ url: await server.createDatabase() }), 40)

  test('two processes that start together migrate once', async () => {
    const url = await server.createDatabase()
    const desks = await Promise.all([openPostgresDesk({ url }), openPostgresDesk({ url })])
    await Promise.all(desks.map((desk) => desk.check()))
    await Promise.all(desks.map((desk) => desk.close()))
  })

  test('two processes that apply the same partition do it once between them', async () => {
    const url = await server.createDatabase()
    const stores = await Promise.all([openPostgresDesk({ url }), openPostgresDesk({ url })])
    const records = Array.from({ length: 30 }, (_, index) =>
      outputs(START, incidentOutput({ id: `i${index}` })),
    )
    const applyAll = async (store: (typeof stores)[number]) => {
      const desk = createDesk({ database: store })
      for (let offset = 0; offset < records.length; offset += 3)
        await desk.apply(
          { topic: 'incidents', partition: 0, next: offset + 3 },
          from(offset, ...records.slice(offset, offset + 3)),
        )
    }
    await Promise.all(stores.map(applyAll))
    const { items } = await createDesk({ database: stores[0]! }).queries.listIncidents({}, 50)
    expect(items.map(({ number }) => number).sort()).toEqual(
      Array.from({ length: 30 }, (_, index) => `INC-${index + 1}`).sort(),
    )
    await Promise.all(stores.map((store) => store.close()))
  })

  test('an owner that froze in the middle of a transaction holds its successor up no longer than told', async () => {
    const options = { url: await server.createDatabase(), idleInTransactionMs: 500 }
    const [frozen, successor] = [await openPostgresDesk(options), await openPostgresDesk(options)]
    const position = { topic: 'incidents', partition: 0, nextOffset: 1 }
    await successor.sql.insert(positions).values(position)
    const move = (to: number) => ({ nextOffset: to })
    let wake!: () => void
    const asleep = new Promise<void>((resolve) => {
      wake = resolve
    })
    let held!: () => void
    const holds = new Promise<void>((resolve) => {
      held = resolve
    })
    const interrupted = frozen.sql
      .transaction(async (tx) => {
        await tx.update(positions).set(move(2))
        held()
        await asleep
        await tx.update(positions).set(move(3))
      })
      .catch((error: Error) => error)
    await holds
    await successor.sql.update(positions).set(move(4))
    wake()
    expect(await interrupted).toBeInstanceOf(Error)
    expect(await successor.sql.select().from(positions)).toMatchObject([{ nextOffset: 4 }])
    // It goes on with another connection.
    await frozen.check()
    await Promise.all([frozen, successor].map((store) => store.close()))
  })

  test('a server that restarts is found again without a restart of ours', async () => {
    const lost: Error[] = []
    const store = await openPostgresDesk({
      url: await server.createDatabase(),
      onError: (error) => lost.push(error),
    })
    await store.check()
    await server.restart()
    await expect
      .poll(() =>
        store.check().then(
          () => 'ok',
          () => 'away',
        ),
      )
      .toBe('ok')
    await store.close()
  })
})
