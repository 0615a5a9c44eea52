// Several ticketing processes on one PostgreSQL: each notification is sent by exactly one of them.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { POSTGRES_PROGRAMS, startPostgres, type TestPostgres } from '../../test/support/postgres.ts'
import { describeWith } from '../../test/support/real.ts'
import { createDesk, type Desk } from '../../ticketing/desk.ts'
import { notificationSettingsSchema } from '../../ticketing/notifications/settings.ts'
import type { DeskDatabase } from '../../ticketing/store/database.ts'
import { from, incidentOutput, outputs, START } from '../../ticketing/testing/records.ts'
import { openPostgresDesk } from './desk-postgres.ts'

const PROCESSES = 3
const INCIDENTS = 60

const settings = {
  notifications: notificationSettingsSchema.parse({
    channels: { ops: { kind: 'webhook', url: 'https://ops.example', secrets: ['whsec_b25l'] } },
    rules: [{ name: 'all', events: ['opened'], channel: 'ops' }],
  }),
}

describeWith('PostgreSQL', POSTGRES_PROGRAMS, () => {
  let postgres: TestPostgres
  const databases: DeskDatabase[] = []
  const desks: Desk[] = []
  beforeAll(async () => {
    postgres = await startPostgres()
    const url = await postgres.createDatabase()
    for (let n = 0; n < PROCESSES; n++) {
      const database = await openPostgresDesk({ url })
      databases.push(database)
      desks.push(createDesk({ database, settings }))
    }
  })
  afterAll(async () => {
    for (const database of databases) await database.close()
    await postgres?.stop()
  })

  test('three that send at once send each notification once', async () => {
    const sent: string[] = []
    const deliveries = desks.map((desk) =>
      desk.createDelivery(async (outgoing) => {
        if (outgoing.kind === 'http') sent.push(outgoing.headers['webhook-id']!)
        return { kind: 'sent' }
      }),
    )
    const incidents = Array.from({ length: INCIDENTS }, (_, n) => incidentOutput({ id: `i${n}` }))
    await desks[0]!.apply(
      { topic: 'incidents', partition: 0, next: 1 },
      from(0, outputs(START, ...incidents)),
    )
    const resolved = Array.from({ length: INCIDENTS }, (_, n) =>
      incidentOutput({ id: `i${n}`, version: 2, status: 'resolved', resolvedAt: START + 1 }),
    )
    const sendAll = async (): Promise<void> => {
      for (let turn = 0; turn < INCIDENTS; turn++) {
        const turns = await Promise.all(deliveries.map((each) => each.run(START + 10)))
        if (turns.every((each) => each.sent === 0)) return
      }
    }
    await sendAll()
    expect(new Set(sent).size).toBe(INCIDENTS)
    await desks[1]!.apply(
      { topic: 'incidents', partition: 0, next: 2 },
      from(1, outputs(START + 5, ...resolved)),
    )
    await sendAll()
    expect(sent).toHaveLength(2 * INCIDENTS)
    expect(new Set(sent).size).toBe(2 * INCIDENTS)
  })
})
