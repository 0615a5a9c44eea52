// Importing the topology: refused when it makes no sense, compared, replaced, passed on, kept.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Topology } from '../../domain/topology.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import type { DeskDatabase } from '../store/database.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { emptyDesk } from '../testing/empty.ts'
import { createMemoryLog } from '../testing/memory-log.ts'
import { anAlert, incidentOutput, outputs, START } from '../testing/records.ts'

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
    [
      {
        cis: [ci('a'), ci('b'), ci('c')],
        relations: [
          { from: 'a', to: 'b', type: 'runs_on' },
          { from: 'b', to: 'c', type: 'runs_on' },
          { from: 'c', to: 'a', type: 'runs_on' },
        ],
      },
      'runs_on runs in a circle: a -> b -> c -> a',
    ],
    [{ cis: [ci('a', 'host', { lifecycle: 'eaten' })], relations: [] }, 'lifecycle must be one of'],
    [{ cis: [ci('a', 'host', { warranty_until: '2026-02-30' })], relations: [] }, 'must be a date'],
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

describe('the graph over time', () => {
  const T0 = START + 60_000
  const replace = async (at: number, topology: object) => {
    desk.setTime(at)
    expect((await post(topology)).statusCode).toBe(200)
  }

  test('any past moment is shown as it was then', async () => {
    await replace(T0, TOPOLOGY)
    await replace(T0 + 1000, { cis: TOPOLOGY.cis.slice(0, 2), relations: [] })
    await replace(T0 + 2000, TOPOLOGY)
    const sizes = await Promise.all(
      [T0 - 1, T0, T0 + 999, T0 + 1000, T0 + 2000].map(async (at) => {
        const { cis, relations } = await get(`/api/v1/topology?at=${new Date(at).toISOString()}`)
        return [cis.length, relations.length]
      }),
    )
    expect(sizes).toEqual([
      [0, 0],
      [4, 3],
      [4, 3],
      [2, 0],
      [4, 3],
    ])
    expect((await get('/api/v1/cis/db1/history')).items).toMatchObject([
      { validFrom: new Date(T0 + 2000).toISOString() },
      { validFrom: new Date(T0).toISOString(), validTo: new Date(T0 + 1000).toISOString() },
    ])
  })

  test('impact follows what needs the CI, nearest first, also of then', async () => {
    await replace(T0, TOPOLOGY)
    await replace(T0 + 1000, { ...TOPOLOGY, relations: [] })
    const then = new Date(T0).toISOString()
    expect(await get(`/api/v1/cis/db1/impact?at=${then}`)).toMatchObject({
      impact: 'high',
      services: ['checkout', 'shop'],
      dependants: [
        { id: 'checkout', distance: 1 },
        { id: 'shop', distance: 2 },
      ],
    })
    expect(await get('/api/v1/cis/db1/impact')).toEqual({ ci: 'db1', services: [], dependants: [] })
    expect((await desk.app.inject('/api/v1/cis/nothing/impact')).statusCode).toBe(404)
  })
})

describe('a table', () => {
  const csv = (payload: string) =>
    desk.app.inject({
      method: 'POST',
      url: '/api/v1/cis/import',
      payload,
      headers: { 'content-type': 'text/csv' },
    })

  test('is a topology too: relations by id, other columns as attributes', async () => {
    const table = [
      '\ufeffid,kind,name,depends_on,team',
      'shop,service,"The ""shop"", EU",db1; cache,web',
      'db1,database,db1,,',
      'cache,cache,"two',
      'lines",,',
    ].join('\r\n')
    expect((await csv(table)).json()).toMatchObject({ added: 3, relationsAdded: 2 })
    const { cis, relations } = await get('/api/v1/topology')
    expect(cis[0]).toEqual({
      id: 'shop',
      kind: 'service',
      name: 'The "shop", EU',
      attributes: { team: 'web' },
    })
    expect(relations).toHaveLength(2)
  })

  test.each([
    ['', 'empty'],
    ['id,kind\na,host', 'the column name is missing'],
    ['id,kind,name\na,host', 'row 2 has 2 cells, not 3'],
    ['id,kind,name\n,host,a', 'row 2 lacks id'],
    ['id,kind,name\n"a,host,a', 'never closed'],
    ['id,kind,name,name\na,host,a,b', 'same name'],
  ])('%j is refused', async (table, reason) => {
    const response = await csv(table)
    expect(response.statusCode).toBe(400)
    expect(response.json().detail ?? response.json().message).toMatch(
      reason === 'empty' ? /./ : reason,
    )
  })
})

describe('what nobody entered', () => {
  test('is proposed from what alerts call it, and joins only when a person says so', async () => {
    await post(TOPOLOGY)
    const { ci: _, ...labelled } = anAlert({ id: 'a1', labels: { instance: 'web7:9100' } })
    await desk.say(
      outputs(
        START,
        { kind: 'alert', alert: labelled },
        { kind: 'alert', alert: { ...labelled, id: 'a2' } },
        { kind: 'alert', alert: { ...labelled, id: 'a3', labels: { service: 'shop' } } },
        { kind: 'alert', alert: { ...labelled, id: 'a4', labels: { host: '[fe80::1]:22' } } },
      ),
    )
    const proposed = async () => (await get('/api/v1/cis/proposals')).items
    expect(await proposed()).toMatchObject([
      { id: 'web7', kind: 'host', label: 'instance', alerts: 2 },
      { id: '[fe80::1]:22', alerts: 1 },
    ])
    expect((await get('/api/v1/topology')).cis).toHaveLength(4)
    const payload = ci('web7')
    const adopted = await desk.app.inject({ method: 'POST', url: '/api/v1/cis', payload })
    expect(adopted.statusCode).toBe(201)
    expect(await proposed()).toHaveLength(1)
    const again = await desk.app.inject({ method: 'POST', url: '/api/v1/cis', payload })
    expect(again.statusCode).toBe(422)
  })

  test('assets warn before their dates, and services that nobody owns', async () => {
    await post({
      cis: [
        ci('old', 'host', { warranty_until: '2026-01-01' }),
        ci('soon', 'host', { licence_until: '2026-04-01' }),
        ci('later', 'host', { licence_until: '2028-04-01' }),
        ci('gone', 'host', { lifecycle: 'retired', warranty_until: '2026-01-01' }),
        ci('orphan', 'service'),
      ],
      relations: [],
    })
    expect((await get('/api/v1/assets/warnings?days=60')).items).toEqual([
      { ci: 'old', what: 'warranty', text: 'The warranty ended on 2026-01-01', date: '2026-01-01' },
      { ci: 'soon', what: 'licence', text: 'The licence ends on 2026-04-01', date: '2026-04-01' },
      { ci: 'orphan', what: 'owner', text: 'Nobody owns this service' },
    ])
  })
})
