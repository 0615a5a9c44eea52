// What holds for tickets of every kind over HTTP: state x action, lost races, retries.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOUR_MS, isoTime } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import { legalActions } from '../lifecycles/lifecycle.ts'
import {
  legalProblemActions,
  PROBLEM_ACTIONS,
  PROBLEM_LIFECYCLE,
  PROBLEM_STATES,
  type ProblemAction,
} from '../lifecycles/problem.ts'
import {
  REQUEST_ACTIONS,
  REQUEST_LIFECYCLE,
  REQUEST_STATES,
  type RequestAction,
} from '../lifecycles/request.ts'
import { TASK_ACTIONS, TASK_LIFECYCLE, TASK_STATES, type TaskAction } from '../lifecycles/task.ts'
import type { DeskDatabase } from '../store/database.ts'
import { problems, requests, tasks } from '../store/schema.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { aCandidate, incidentOutput, outputs, START } from '../testing/records.ts'

let database: DeskDatabase
let desk: DeskApp
let made = 0

beforeAll(async () => {
  database = await openPgliteDesk({})
  desk = await startDeskApp(database, {
    settings: {
      catalogue: [
        {
          id: 'laptop',
          title: 'A laptop',
          description: '',
          form: { properties: {} },
          approvers: ['ada'],
          tasks: [],
          targetMs: HOUR_MS,
          calendar: 'always',
        },
      ],
    },
  })
})
afterAll(async () => {
  await desk.close()
  await database.close()
})

const post = (path: string, payload: object = {}, headers: Record<string, string> = {}) =>
  desk.app.inject({ method: 'POST', url: `/api/v1/${path}`, payload, headers })
const get = (path: string) => desk.app.inject(`/api/v1/${path}`)

/** Opens a ticket of a kind in its first state. @returns its id */
const OPEN = {
  incidents: async () => {
    const id = `i${++made}`
    await desk.say(outputs(START, incidentOutput({ id })))
    return id
  },
  problems: async () => {
    const id = `p${++made}`
    await desk.say(
      outputs(START, { kind: 'problem', problem: aCandidate({ id, incidentIds: [] }) }),
    )
    return id
  },
  changes: async () => {
    const [plannedStart, plannedEnd] = [isoTime(START), isoTime(START + HOUR_MS)]
    const words = { type: 'normal', title: 'A change', description: 'x', cis: ['db1'] }
    return (await post('rfcs', { ...words, plannedStart, plannedEnd })).json().id as string
  },
  requests: async () =>
    (await post('requests', { item: 'laptop', values: {} })).json().id as string,
  tasks: async () => {
    const incident = await OPEN.incidents()
    return (await post(`incidents/${incident}/tasks`, { title: 'Look' })).json().taskId as string
  },
} as const
type Kind = keyof typeof OPEN
const KINDS = Object.keys(OPEN) as Kind[]

const PROBLEM_BODY: { readonly [A in ProblemAction]: object } = {
  accept: {},
  dismiss: { reason: 'noise' },
  'record-cause': { cause: 'the pool' },
  resolve: { resolution: 'done' },
  close: {},
  reopen: { reason: 'again' },
  analyse: { whys: [{ why: 'Why?', because: 'So' }] },
  workaround: { workaround: 'restart' },
  fix: { change: null },
  assign: { assignee: 'bo' },
  notes: { text: 'seen' },
}
const REQUEST_BODY: { readonly [A in RequestAction]: object } = {
  approve: {},
  reject: { reason: 'no' },
  fulfil: {},
  reopen: { reason: 'broken' },
  close: {},
  cancel: { reason: 'not needed' },
  assign: { assignee: 'bo' },
  notes: { text: 'seen' },
}
const TASK_BODY: { readonly [A in TaskAction]: object } = {
  complete: {},
  drop: {},
  reopen: {},
  assign: { assignee: 'bo' },
}

/** Incidents and changes have their own matrix beside their commands. */
const MATRIX = [
  ...PROBLEM_STATES.flatMap((state) =>
    PROBLEM_ACTIONS.map((action) => ({
      kind: 'problems' as const,
      state,
      action,
      body: PROBLEM_BODY[action],
      target: PROBLEM_LIFECYCLE[state][action] as string | null,
      legal: legalProblemActions(state) as string[],
    })),
  ),
  ...REQUEST_STATES.flatMap((state) =>
    REQUEST_ACTIONS.map((action) => ({
      kind: 'requests' as const,
      state,
      action,
      body: REQUEST_BODY[action],
      target: REQUEST_LIFECYCLE[state][action] as string | null,
      legal: legalActions<string, string>(REQUEST_LIFECYCLE, state),
    })),
  ),
  ...TASK_STATES.flatMap((state) =>
    TASK_ACTIONS.map((action) => ({
      kind: 'tasks' as const,
      state,
      action,
      body: TASK_BODY[action],
      target: TASK_LIFECYCLE[state][action] as string | null,
      legal: legalActions<string, string>(TASK_LIFECYCLE, state),
    })),
  ),
]
const TABLE = { problems, requests, tasks } as const

describe('state x action', () => {
  test.each(MATRIX)(
    '$kind: $state: $action',
    async ({ kind, state, action, body, target, legal }) => {
      const id = await OPEN[kind]()
      await database.sql.update(TABLE[kind]).set({ status: state } as never)
      const response = await post(`${kind}/${id}/${action}`, body)
      const { status } = (await get(`${kind}/${id}`)).json()
      expect([response.statusCode, status]).toEqual(target === null ? [409, state] : [200, target])
      if (target === null)
        expect(response.json()).toMatchObject({ reason: 'illegal-transition', legalActions: legal })
    },
  )
})

/** An action that is legal in the first state, and leaves the ticket where a second one is too. */
const ACT: { readonly [K in Kind]: readonly [action: string, body: object] } = {
  incidents: ['notes', { text: 'one' }],
  problems: ['notes', { text: 'one' }],
  changes: ['notes', { text: 'one' }],
  requests: ['notes', { text: 'one' }],
  tasks: ['assign', { assignee: 'bo' }],
}

describe.each(KINDS)('%s', (kind) => {
  const [action, body] = ACT[kind]

  test('a race that is lost is refused with the version that won, and writes nothing', async () => {
    const id = await OPEN[kind]()
    const path = `${kind}/${id}`
    const seen = String((await get(path)).headers.etag)
    const first = await post(`${path}/${action}`, body, { 'if-match': seen })
    expect([first.statusCode, first.headers.etag]).toEqual([200, '"2"'])
    const before = (await get(path)).json()
    const late = await post(`${path}/${action}`, body, { 'if-match': seen })
    expect(late.statusCode).toBe(412)
    expect(late.json()).toMatchObject({ reason: 'version-conflict', version: 2 })
    expect((await get(path)).json()).toEqual(before)
  })

  test('a retry with its key is answered again and done once; the key serves nothing else', async () => {
    const id = await OPEN[kind]()
    const path = `${kind}/${id}`
    const key = { 'idempotency-key': `key-of-${kind}` }
    const answers = [1, 2].map(() => post(`${path}/${action}`, body, key))
    for (const { statusCode } of await Promise.all(answers)) expect(statusCode).toBe(200)
    const after = await get(path)
    expect(after.json().version).toBe(2)
    const other = await post(`${kind}/${await OPEN[kind]()}/${action}`, body, key)
    expect([other.statusCode, other.json().reason]).toEqual([422, 'key-reused'])
  })
})

test.each([
  [
    'rfcs',
    {
      type: 'normal',
      title: 'A',
      description: 'x',
      cis: ['a'],
      plannedStart: isoTime(START),
      plannedEnd: isoTime(START + 1),
    },
  ],
  ['requests', { item: 'laptop', values: {} }],
  ['processes', { name: 'A', kind: 'process', objective: 'x', steps: ['y'] }],
])('POST /%s with the same key makes one', async (path, payload) => {
  const key = { 'idempotency-key': `new-${path}` }
  const [first, second] = [await post(path, payload, key), await post(path, payload, key)]
  expect([first.statusCode, second.statusCode]).toEqual([201, 201])
  expect(second.json().id).toBe(first.json().id)
})
