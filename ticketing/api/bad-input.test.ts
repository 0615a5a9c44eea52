// Bad input to the desk: a clear error each time, and nothing half written.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HOUR_MS, isoTime } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import { teams, users } from '../people/tables.ts'
import type { DeskDatabase } from '../store/database.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { dumpDesk, emptyDesk } from '../testing/empty.ts'
import { aCandidate, incidentOutput, outputs, START } from '../testing/records.ts'

let database: DeskDatabase
let desk: DeskApp

const ITEM = {
  id: 'laptop',
  title: 'A laptop',
  description: '',
  form: { properties: { model: { type: 'string' } }, required: ['model'] },
  approvers: [],
  tasks: ['Order'],
  targetMs: HOUR_MS,
  calendar: 'always',
}
const RFC = {
  type: 'normal',
  title: 'Grow the pool',
  description: 'x',
  cis: ['db1'],
  plannedStart: isoTime(START),
  plannedEnd: isoTime(START + HOUR_MS),
}
const ci = (id: string, attributes = {}) => ({ id, kind: 'host', name: id, attributes })
const TOPOLOGY = { cis: [ci('db1', { owner: 'gone' }), ci('db2')], relations: [] }

const post = (path: string, payload: object | string = {}) =>
  desk.app.inject({ method: 'POST', url: `/api/v1/${path}`, payload })

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
beforeEach(async () => {
  await emptyDesk(database)
  desk = await startDeskApp(database, { settings: { catalogue: [ITEM] } })
  await desk.say(
    outputs(START, incidentOutput(), { kind: 'problem', problem: aCandidate({ incidentIds: [] }) }),
  )
  await post('cis/import', TOPOLOGY)
  await post('rfcs', RFC)
  await post('requests', { item: 'laptop', values: { model: 'x1' } })
  await post('processes', { name: 'Patching', kind: 'process', objective: 'x', steps: ['y'] })
  const nobody = { roles: [], teams: [], limitedToTeams: false, createdAt: START, version: 1 }
  await database.sql.insert(users).values({
    ...nobody,
    id: 'gone',
    disabled: true,
    displayName: null,
    email: null,
    passwordHash: null,
    external: null,
  })
  await database.sql.insert(teams).values({ id: 'old', title: 'Old', retired: true, version: 1 })
})

/** What a refusal may write: who asked for what, and what came of it. */
const TRACES = ['audit', 'command_results', 'counters', 'positions']
const stored = () => dumpDesk(database, TRACES)

const idOf = async (list: string): Promise<string> => {
  const { items } = (await desk.app.inject(`/api/v1/${list}`)).json()
  return items[0].id
}
const LISTS = ['incidents', 'problems', 'changes', 'requests'] as const

describe.each(LISTS)('on %s', (list) => {
  test.each([
    ['a note of 1 MB', { text: 'a'.repeat(1_048_576 - 100) }],
    ['a field too many', { text: 'a', colour: 'red' }],
    ['a note that is no text', { text: { a: 1 } }],
    ['an empty note', { text: '' }],
  ])('%s is refused and leaves no trace', async (_what, body) => {
    const id = await idOf(list)
    const before = await stored()
    const commands = desk.commands.length
    const response = await post(`${list}/${id}/notes`, body)
    expect([400, 413]).toContain(response.statusCode)
    expect(desk.commands).toHaveLength(commands)
    expect(await stored()).toEqual(before)
  })

  test('markup, formulas, controls and prototypes in a note stay the text that they are', async () => {
    const id = await idOf(list)
    for (const text of [
      '<img src=x onerror=alert(1)>',
      '=HYPERLINK("http://evil","click")',
      '[a](javascript:alert(1))',
      '__proto__',
      'line\nbreak \u202e\u001b[31m',
    ]) {
      const { timeline } = (await post(`${list}/${id}/notes`, { text })).json()
      expect(timeline.at(-1).text).toBe(text)
    }
  })

  test('work is not given to somebody who has left', async () => {
    const id = await idOf(list)
    const before = await stored()
    const response = await post(`${list}/${id}/assign`, { assignee: 'gone' })
    expect([response.statusCode, response.json().detail]).toEqual([422, 'gone is no longer here'])
    expect(await stored()).toEqual(before)
    expect((await post(`${list}/${id}/assign`, { assignee: 'new-hire' })).statusCode).toBe(200)
  })
})

test.each([
  ['a role', 'incidents/i1/roles', { commander: 'gone' }, 'gone is no longer here'],
  ['a team', 'incidents/i1/assign', { team: 'old' }, 'the team old is no more'],
  [
    'a process',
    'processes',
    { name: 'B', kind: 'process', objective: 'x', steps: ['y'], owner: 'gone' },
    'gone is no longer here',
  ],
  ['a change', 'rfcs', { ...RFC, cis: ['db1', 'moon'] }, 'there is no CI moon'],
  ['a change edited', 'changes/CHG-1/update', { cis: ['moon'] }, 'there is no CI moon'],
  [
    'a form',
    'requests',
    { item: 'laptop', values: { colour: 'red' } },
    "required property 'model'",
  ],
  ['an item', 'requests', { item: 'car', values: {} }, 'the catalogue has no car'],
  [
    'a circle',
    'cis/import',
    {
      cis: TOPOLOGY.cis,
      relations: [
        { from: 'db1', to: 'db2', type: 'runs_on' },
        { from: 'db2', to: 'db1', type: 'runs_on' },
      ],
    },
    'runs_on runs in a circle: db1 -> db2 -> db1',
  ],
  [
    'a loose end',
    'cis/import',
    { cis: [ci('db1')], relations: [{ from: 'db1', to: 'moon', type: 'depends_on' }] },
    'there is no CI moon',
  ],
  [
    'an asset date',
    'cis/import',
    { cis: [ci('db1', { warranty_until: '30 June' })], relations: [] },
    'warranty_until must be a date',
  ],
  ['a CI twice', 'cis', ci('db1'), 'CI db1 is there twice'],
])('%s that makes no sense is refused: %s', async (_what, path, body, said) => {
  const before = await stored()
  const response = await post(path, body)
  expect(response.statusCode).toBe(422)
  expect(response.headers['content-type']).toContain('application/problem+json')
  expect(response.json().detail).toContain(said)
  expect(await stored()).toEqual(before)
})

test.each([
  ['incidents/i1/acknowledge', '{"note":'],
  ['rfcs', '[]'],
  ['cis/import', '{"cis":[{"id":"a"}],"relations":[]}'],
  ['requests', '{"item":"laptop","values":{},"__proto__":{"admin":true}}'],
])('/%s with %s is refused', async (path, payload) => {
  const before = await stored()
  const response = await desk.app.inject({
    method: 'POST',
    url: `/api/v1/${path}`,
    payload,
    headers: { 'content-type': 'application/json' },
  })
  expect(response.statusCode).toBe(400)
  expect(await stored()).toEqual(before)
})

test('what has lost its owner is reported', async () => {
  await post('processes', { name: 'C', kind: 'process', objective: 'x', steps: ['y'], owner: 'bo' })
  await database.sql.update(users).set({ id: 'bo' })
  const { items } = (await desk.app.inject('/api/v1/processes?attention=true')).json()
  expect(items.find(({ name }: { name: string }) => name === 'C').attention).toContain(
    'Its owner bo is no longer here',
  )
  await database.sql.update(users).set({ id: 'gone' })
  expect((await desk.app.inject('/api/v1/assets/warnings')).json().items).toEqual([
    { ci: 'db1', what: 'owner', text: 'Its owner gone is no longer here' },
  ])
})
