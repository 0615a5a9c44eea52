// Importing the topology: refused when it makes no sense, compared, replaced, passed on, kept.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Topology } from '../../domain/topology.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import type { DeskDatabase } from '../store/database.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { emptyDesk } from '../testing/empty.ts'
import { createMemoryLog } from '../testing/memory-log.ts'
import { incidentOutput, outputs, START } from '../testing/records.ts'

const ci = (id: string, kind = 'host', attributes = {}) => ({ id, kind, name: id, attributes })

/** shop (a critical service) depends on checkout, which runs on db1. */
const TOPOLOGY: Topology = {
  cis: [
    ci('shop', 'service', { criticality: 'critical', team: 'web' }),
    ci('checkout', 'service', { criticality: 'low', team: 'payments' }),
    ci('db1', 'database'),
    ci('spare'),
  ],
  relations: [
    { from: 'shop', to: 'checkout', type: 'depends_on' },
    { from: 'checkout', to: 'db1', type: 'runs_on' },
    { from: 'spare', to: 'db1', type: 'connects_to' },
  ],
}

let database: DeskDatabase
let desk: DeskApp

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
beforeEach(async () => {
  await emptyDesk(database)
  desk = await startDeskApp(database)
})
afterEach(() => desk.close())

const post = (payload: object, query = '') =>
  desk.app.inject({ method: 'POST', url: `/api/v1/cis/import${query}`, payload })
const get = async (url: string) => (await desk.app.inject(url)).json()

describe('a topology', () => {
  test.each([
    [{ cis: [ci('a'), ci('a')], relations: [] }, 'CI a is there twice'],
    [{ cis: [ci('a')], relations: [{ from: 'a', to: 'b', type: 'runs_on' }] }, 'there is no CI b'],
    [{ cis: [ci('a')], relations: [{ from: 'a', to: 'a', type: 'runs_on' }] }, 'a runs_on itself'],
  ])('%j is refused whole', async (topology, reason) => {
    await post(TOPOLOGY)
    const response = await post(topology)
    expect(response.statusCode).toBe(422)
    expect(response.json().detail).toContain(reason)
    expect((await get('/api/v1/topology')).cis).toHaveLength(4)
  })

  test('a dry run tells the difference and changes nothing', async () => {
    await post(TOPOLOGY)
    const { cis, relations } = TOPOLOGY
    const next = {
      cis: [...cis.slice(0, 2), { ...cis[2]!, name: 'db one' }, ci('new')],
      relations: relations.slice(0, 2),
    }
    expect((await post(next, '?dryRun=true')).json()).toMatchObject({
      added: [{ id: 'new' }],
      changed: [{ id: 'db1', name: 'db one' }],
      removed: [{ id: 'spare' }],
      relationsAdded: [],
      relationsRemoved: [{ from: 'spare' }],
    })
    expect(desk.commands).toHaveLength(1)
  })

  test('goes to every partition of the correlator, whole', async () => {
    await post(TOPOLOGY)
    const { log, records } = createMemoryLog(3)
    await desk.desk.publishOutbox(log)
    for (const partition of [0, 1, 2])
      expect(records('events', partition)).toEqual([
        { kind: 'topology', at: START + 60_000, topology: TOPOLOGY },
      ])
  })

  test('imported again, the same is no difference; what left and came back is there once', async () => {
    const none = { added: 0, changed: 0, removed: 0, relationsAdded: 0, relationsRemoved: 0 }
    expect((await post(TOPOLOGY)).json()).toEqual({ ...none, added: 4, relationsAdded: 3 })
    expect((await post(TOPOLOGY)).json()).toEqual(none)
    await post({ cis: [], relations: [] })
    await post(TOPOLOGY)
    const { cis, relations } = await get('/api/v1/topology')
    expect([cis.length, relations.length]).toEqual([4, 3])
  })

  test('gives an incident its impact, its priority and its team', async () => {
    await post(TOPOLOGY)
    await desk.say(
      outputs(
        START,
        incidentOutput({ id: 'root', cis: ['db1'] }),
        incidentOutput({ id: 'leaf', cis: ['spare', 'checkout'], severity: 'warning' }),
        incidentOutput({ id: 'aside', cis: ['spare'] }),
      ),
    )
    expect(await get('/api/v1/incidents/root')).toMatchObject({ impact: 'high', priority: 'P1' })
    expect(await get('/api/v1/incidents/leaf')).toMatchObject({
      impact: 'high',
      priority: 'P3',
      team: 'payments',
    })
    expect(await get('/api/v1/incidents/aside')).toMatchObject({ impact: 'medium' })
    const { items } = await get('/api/v1/services')
    expect(items.map(({ id, health }: { id: string; health: string }) => [id, health])).toEqual([
      ['shop', 'P1'],
      ['checkout', 'P1'],
    ])
    expect(await get('/api/v1/cis/db1')).toMatchObject({
      kind: 'database',
      openIncidents: [{ id: 'root' }],
      relations: expect.arrayContaining([{ from: 'checkout', to: 'db1', type: 'runs_on' }]),
    })
  })
})
