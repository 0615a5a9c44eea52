// A client that leaves in the middle of a transaction leaves nothing behind for the next.
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWire } from './pglite-wire.ts'

let database: PGlite
beforeAll(async () => {
  database = await PGlite.create()
})
afterAll(() => database.close())

const connect = async (): Promise<pg.Client> => {
  const client = new pg.Client({
    user: 'postgres',
    database: 'postgres',
    stream: () => createWire((messages) => database.execProtocolRaw(messages)),
  })
  await client.connect()
  return client
}

const COUNT = 'select count(*)::int as count from tickets'

test('a transaction that nobody ends is rolled back when its client leaves', async () => {
  const first = await connect()
  await first.query('create table tickets (id int primary key)')
  await first.query('begin')
  await first.query('insert into tickets values (1)')
  await first.end()
  const second = await connect()
  expect((await second.query(COUNT)).rows).toEqual([{ count: 0 }])
  await second.end()
})

test('an error of a statement carries its code, and the connection goes on', async () => {
  const client = await connect()
  await client.query('insert into tickets values (2)')
  await expect(client.query('insert into tickets values (2)')).rejects.toMatchObject({
    code: '23505',
  })
  expect((await client.query(COUNT)).rows).toEqual([{ count: 1 }])
  await client.end()
})
