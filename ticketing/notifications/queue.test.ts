// The queue of what is to be said: crashes at every step, several processes, what is given up.
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import { createDesk } from '../desk.ts'
import type { DeskDatabase } from '../store/database.ts'
import { positions } from '../store/schema.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { emptyDesk } from '../testing/empty.ts'
import { from, incidentOutput, outputs, START } from '../testing/records.ts'
import { createReceiver, FAILED, OFFICE, type Receiver, TELLING } from '../testing/telling.ts'
import type { Delivery, Send } from './delivery.ts'
import type { NotificationSettings } from './settings.ts'

/** One channel, with patience. */
const UNTIRING: NotificationSettings = {
  ...TELLING,
  rules: [{ name: 'all', events: ['opened', 'reopened'], channel: 'ops' }],
  attemptsMax: 100,
  staleAfterMs: 30 * DAY_MS,
}

let database: DeskDatabase
let desk: DeskApp
let delivery: Delivery
let sent: Receiver['sent']
let send: Send

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
beforeEach(async () => {
  await emptyDesk(database)
  desk = await startDeskApp(database, {
    settings: { notifications: TELLING, calendars: { office: OFFICE } },
  })
  ;({ sent, send } = createReceiver())
  delivery = desk.desk.createDelivery(send)
})
afterEach(() => desk.close())

const act = async (action: string, body: object = {}, id = 'i1') => {
  const url = `/api/v1/incidents/${id}/${action}`
  expect((await desk.app.inject({ method: 'POST', url, payload: body })).statusCode).toBe(200)
}
const states = async () =>
  Object.fromEntries(
    (await desk.desk.queries.listNotifications({}, 50)).items.map((each) => [
      `${each.event} ${each.channel}`,
      each.status,
    ]),
  )
const opened = (over = {}) => desk.say(outputs(START, incidentOutput(over)))

describe('several processes on one store', () => {
  test('send each notification once between them', async () => {
    for (let n = 1; n <= 30; n++) await opened({ id: `i${n}`, severity: 'info' })
    const others = [delivery, desk.desk.createDelivery(send), desk.desk.createDelivery(send)]
    for (let round = 0; round < 4; round++) await Promise.all(others.map((each) => each.run(START)))
    expect(sent).toHaveLength(30)
    expect(new Set(sent.map(({ id }) => id)).size).toBe(30)
  })

  test('one that was away for longer than its claim changes nothing when it comes back', async () => {
    await opened({ severity: 'info' })
    let comeBack = (): void => {}
    const away = new Promise<void>((resolve) => {
      comeBack = resolve
    })
    const zombie = desk.desk.createDelivery(async () => {
      await away
      return FAILED
    })
    const turn = zombie.turn('ops', START)
    await delivery.run(START + 3 * MINUTE_MS)
    comeBack()
    await turn
    expect(await states()).toEqual({ 'opened ops': 'sent' })
  })
})

describe('what cannot be said or need not be kept', () => {
  test('for a channel that is no longer configured becomes a dead letter', async () => {
    await opened({ severity: 'info' })
    const settings = { ...TELLING, channels: {}, rules: [], rotations: {} }
    const without = createDesk({ database, settings: { notifications: settings } })
    const sweeper = without.createDelivery(send)
    await sweeper.sweep(START + HOUR_MS)
    expect(await states()).toEqual({ 'opened ops': 'pending' })
    await sweeper.sweep(START + 7 * HOUR_MS)
    expect(await states()).toEqual({ 'opened ops': 'dead' })
  })

  test('of a closed incident is forgotten after its time, of an open one never', async () => {
    await opened({ severity: 'info' })
    await opened({ id: 'i2', severity: 'info' })
    await delivery.run(START)
    await act('resolve')
    await act('close')
    await delivery.sweep(START + 89 * DAY_MS)
    expect((await desk.desk.queries.listNotifications({}, 50)).items).toHaveLength(3)
    await delivery.sweep(START + 91 * DAY_MS)
    const left = (await desk.desk.queries.listNotifications({}, 50)).items
    expect(left.map(({ incidentId }) => incidentId)).toEqual(['i2'])
  })
})

describe('a crash', () => {
  test('between sending and noting it sends again under the same id', async () => {
    await opened({ severity: 'info' })
    const dying = desk.desk.createDelivery(async (outgoing) => {
      await send(outgoing)
      throw new Error('kill -9')
    })
    await expect(dying.run(START)).rejects.toThrow('kill -9')
    await delivery.run(START + MINUTE_MS)
    expect(sent).toHaveLength(1)
    await delivery.run(START + 3 * MINUTE_MS)
    expect(sent.map(({ id }) => id)).toEqual(['i1@1/all', 'i1@1/all'])
  })

  test('at any step loses nothing, doubles only under the same id, and keeps the order', async () => {
    const cut = fc.constantFrom('none', 'before sending', 'after sending', 'refused')
    const deed = fc.record({ incident: fc.integer({ min: 1, max: 2 }), cuts: fc.array(cut) })
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 5 }), async (deeds) => {
        await emptyDesk(database)
        desk = await startDeskApp(database, { settings: { notifications: UNTIRING } })
        const got: string[] = []
        let now = START
        const versions = new Map<number, number>()
        const dying =
          (how: string): Send =>
          async (outgoing) => {
            if (how === 'before sending') throw new Error('kill -9')
            if (how === 'refused') return FAILED
            if (outgoing.kind === 'http') got.push(outgoing.headers['webhook-id']!)
            if (how === 'after sending') throw new Error('kill -9')
            return { kind: 'sent' }
          }
        for (const { incident, cuts } of deeds) {
          const version = (versions.get(incident) ?? 0) + 1
          versions.set(incident, version)
          const status = version % 2 === 1 ? 'open' : 'resolved'
          await desk.say(
            outputs(now, incidentOutput({ id: `i${incident}`, version, status, severity: 'info' })),
          )
          // A process lives until it is cut; its successor waits for the claim to lapse.
          for (const how of cuts) {
            await desk.desk
              .createDelivery(dying(how))
              .turn('ops', now)
              .catch(() => {})
            now += 3 * MINUTE_MS
          }
        }
        for (let rest = 0; rest < 6; rest++) {
          await desk.desk.createDelivery(dying('none')).turn('ops', now)
          now += HOUR_MS
        }
        const rows = (await desk.desk.queries.listNotifications({}, 50)).items.reverse()
        expect(rows.every(({ status }) => status === 'sent' || status === 'cancelled')).toBe(true)
        // First arrivals, incident by incident, are what was to be said, in its order.
        const arrived = [...new Set(got)]
        for (const each of ['i1', 'i2']) {
          const own = rows.filter(
            ({ incidentId, status }) => incidentId === each && status === 'sent',
          )
          expect(arrived.filter((id) => id.startsWith(`${each}@`))).toEqual(own.map(({ id }) => id))
        }
      }),
      { numRuns: 12 },
    )
  }, 60_000)

  test('and a replay of the log enqueue nothing twice', async () => {
    await opened()
    await delivery.run(START)
    await database.sql.delete(positions)
    await desk.desk.apply(
      { topic: 'incidents', partition: 0, next: 1 },
      from(0, outputs(START, incidentOutput())),
    )
    await delivery.run(START)
    expect(sent).toHaveLength(2)
  })

  test('long ago is no news: what was never tried in time is dropped', async () => {
    await opened()
    await delivery.run(START + 7 * HOUR_MS)
    expect(sent).toEqual([])
    expect(await states()).toMatchObject({ 'opened ops': 'stale' })
  })
})
