// Service requests: the form, every state x action, approval, tasks, target time.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HOUR_MS, isoTime } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import {
  REQUEST_ACTIONS,
  REQUEST_LIFECYCLE,
  REQUEST_STATES,
  type RequestAction,
} from '../lifecycles/request.ts'
import type { DeskDatabase } from '../store/database.ts'
import { requests } from '../store/schema.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { emptyDesk } from '../testing/empty.ts'
import { createMemoryLog } from '../testing/memory-log.ts'
import { START } from '../testing/records.ts'
import { type CatalogueItem, createCatalogue } from './catalogue.ts'

const LAPTOP: CatalogueItem = {
  id: 'laptop',
  title: 'A laptop',
  description: 'For a new colleague',
  form: {
    properties: { for: { type: 'string', minLength: 1 }, screen: { enum: [13, 15] } },
    required: ['for'],
  },
  approvers: ['boss'],
  tasks: ['Order it', 'Hand it over'],
  team: 'it',
  targetMs: 8 * HOUR_MS,
  calendar: 'office',
}
const SETTINGS = {
  catalogue: [LAPTOP, { ...LAPTOP, id: 'mouse', title: 'A mouse', approvers: [] }],
  calendars: {
    office: {
      timeZone: 'UTC',
      week: { mon: [['09:00', '17:00']], tue: [['09:00', '17:00']] } as const,
      holidays: [],
    },
  },
}

let database: DeskDatabase
let desk: DeskApp
let actor = 'boss'

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
beforeEach(async () => {
  await emptyDesk(database)
  desk = await startDeskApp(database, { settings: SETTINGS, actor: () => actor })
})
afterEach(() => desk.close())

const post = (url: string, payload: object = {}) =>
  desk.app.inject({ method: 'POST', url: `/api/v1/${url}`, payload })
const get = async (url: string) => (await desk.app.inject(`/api/v1/${url}`)).json()
const ask = (item = 'laptop', values: object = { for: 'eve' }) => post('requests', { item, values })
const finishTasks = async () => {
  for (const { id } of (await get('requests/REQ-1')).tasks) await post(`tasks/${id}/complete`)
}

describe('each action in each state', () => {
  const BODY: { readonly [A in RequestAction]: object } = {
    approve: {},
    reject: { reason: 'no budget' },
    fulfil: {},
    reopen: { reason: 'wrong one' },
    close: {},
    cancel: { reason: 'left' },
    assign: { assignee: 'bob' },
    notes: { text: 'seen' },
  }
  test.each(
    REQUEST_STATES.flatMap((state) => REQUEST_ACTIONS.map((action) => [state, action] as const)),
  )('%s: %s does what the lifecycle says', async (state, action) => {
    await ask()
    await database.sql.update(requests).set({ status: state })
    const { statusCode } = await post(`requests/REQ-1/${action}`, BODY[action])
    const target = REQUEST_LIFECYCLE[state][action]
    expect([statusCode, (await get('requests/REQ-1')).status]).toEqual(
      target === null ? [409, state] : [200, target],
    )
  })
})

describe('a request', () => {
  test('approved, is fulfilled with the last of its tasks', async () => {
    expect((await ask()).json()).toMatchObject({
      status: 'awaiting-approval',
      // Monday 09:01 to 17:00 leaves a minute for Tuesday.
      dueAt: isoTime(START + 24 * HOUR_MS + 60_000),
      tasks: [],
    })
    await post('requests/REQ-1/approve')
    const { tasks } = await get('requests/REQ-1')
    expect(tasks.map(({ title }: { title: string }) => title)).toEqual(LAPTOP.tasks)
    await post(`tasks/${tasks[0].id}/complete`)
    expect((await get('requests/REQ-1')).status).toBe('fulfilling')
    await post(`tasks/${tasks[1].id}/complete`)
    expect((await get('requests/REQ-1')).status).toBe('fulfilled')
    const { log, all } = createMemoryLog(1)
    await desk.desk.publishOutbox(log)
    expect(all('tickets').at(-1)).toMatchObject({
      ticketKind: 'request',
      toState: 'fulfilled',
      fields: { inTime: true, team: 'it' },
    })
  })

  test('fulfilled after its target is not in time', async () => {
    await ask('mouse')
    desk.setTime(START + 30 * HOUR_MS)
    await finishTasks()
    const { log, all } = createMemoryLog(1)
    await desk.desk.publishOutbox(log)
    expect(all('tickets').at(-1)?.fields).toMatchObject({ inTime: false })
  })

  test('is approved by its approvers alone', async () => {
    await ask()
    actor = 'eve'
    expect((await post('requests/REQ-1/approve')).statusCode).toBe(422)
    actor = 'boss'
    expect((await post('requests/REQ-1/approve')).statusCode).toBe(200)
  })

  test.each([
    ['an unknown item', { item: 'castle', values: {} }, 422],
    ['a field missing', { item: 'laptop', values: {} }, 422],
    ['a field too many', { item: 'laptop', values: { for: 'eve', colour: 'red' } }, 422],
    ['a value of the wrong type', { item: 'laptop', values: { for: 5 } }, 422],
    ['a form too long', { item: 'laptop', values: { for: 'a'.repeat(20_000) } }, 422],
    ['no values at all', { item: 'laptop' }, 400],
  ])('with %s is refused', async (_what, body, status) => {
    expect((await post('requests', body)).statusCode).toBe(status)
    expect((await get('requests')).items).toEqual([])
  })

  test('a catalogue that makes no sense stops the start', () => {
    expect(() => createCatalogue([LAPTOP, LAPTOP])).toThrow('share an id')
    const form = { properties: { for: { type: 'strnig' } } }
    expect(() => createCatalogue([{ ...LAPTOP, form }])).toThrow()
  })
})
