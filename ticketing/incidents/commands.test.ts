// What people do with incidents: every state x action over HTTP, and what each action changes.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import {
  INCIDENT_ACTIONS,
  INCIDENT_LIFECYCLE,
  INCIDENT_STATES,
  type IncidentAction,
  type IncidentState,
  legalIncidentActions,
} from '../lifecycles/incident.ts'
import type { DeskDatabase } from '../store/database.ts'
import { processes } from '../store/schema.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { emptyDesk } from '../testing/empty.ts'
import { createMemoryLog } from '../testing/memory-log.ts'
import { aCandidate, alertOutput, incidentOutput, outputs, START } from '../testing/records.ts'

let database: DeskDatabase
let desk: DeskApp

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
const background = () =>
  outputs(START, incidentOutput({ id: 'i2' }), incidentOutput({ id: 'elsewhere', scope: 'eu' }), {
    kind: 'problem',
    problem: aCandidate(),
  })
/** An incident of two alerts. */
const opening = (id: string) =>
  outputs(
    START,
    incidentOutput({ id, alertCount: 2 }),
    alertOutput({ id: `${id}-a1`, incidentId: id }),
    alertOutput({ id: `${id}-a2`, incidentId: id }),
  )

const act = (action: string, body: object = {}, id = 'i1') =>
  desk.app.inject({ method: 'POST', url: `/api/v1/incidents/${id}/${action}`, payload: body })
const detail = async (id = 'i1') => (await desk.app.inject(`/api/v1/incidents/${id}`)).json()
const published = async () => {
  const { log, all } = createMemoryLog()
  await desk.desk.publishOutbox(log)
  return { events: all('events'), tickets: all('tickets') }
}

const bodies = (id: string): { readonly [A in IncidentAction]: object } => ({
  acknowledge: {},
  start: {},
  hold: { reason: 'waiting for the vendor' },
  resume: {},
  resolve: { resolution: 'restarted' },
  close: {},
  reopen: {},
  notes: { text: 'seen' },
  tasks: { title: 'restart the pool' },
  watch: {},
  unwatch: {},
  relate: { incident: 'i2' },
  unrelate: { incident: 'i2' },
  review: { summary: 'The pool was too small' },
  rate: { rating: 4 },
  runbook: { process: 'proc-1' },
  roles: { commander: 'bob' },
  assign: { assignee: 'bob' },
  prioritise: { priority: 'P5', reason: 'test system' },
  merge: { into: 'i2' },
  split: { alertIds: [`${id}-a2`] },
  move: { alertIds: [`${id}-a2`], to: 'i2' },
  'confirm-hint': { ci: 'db1' },
  'reject-hint': { ci: 'db1' },
  'link-problem': { problemId: 'p1' },
  'unlink-problem': { problemId: 'p1' },
})
const BODY = bodies('i1')

/** How a fresh incident is brought into each state. */
const bring: { readonly [S in IncidentState]: (id: string) => Promise<unknown> } = {
  new: async () => {},
  acknowledged: (id) => act('acknowledge', {}, id),
  'in-progress': (id) => act('start', {}, id),
  'on-hold': (id) => act('hold', BODY.hold, id),
  resolved: (id) => act('resolve', {}, id),
  closed: async (id) => {
    await act('resolve', {}, id)
    await act('close', {}, id)
  },
  reopened: async (id) => {
    await act('resolve', {}, id)
    await act('reopen', {}, id)
  },
  merged: (id) =>
    desk.say(
      outputs(START, incidentOutput({ id, version: 2, status: 'merged', mergedInto: 'i2' })),
    ),
}

describe('each action in each state', () => {
  beforeAll(async () => {
    await emptyDesk(database)
    desk = await startDeskApp(database)
    await desk.say(background())
    await database.sql.insert(processes).values({
      id: 'proc-1',
      name: 'Restart the pool',
      kind: 'runbook',
      owner: 'sre',
      reviewBy: null,
      retired: false,
      body: { objective: 'A fresh pool', steps: ['drain', 'restart'] },
      updatedAt: START,
      version: 1,
    })
  })
  afterAll(() => desk.close())

  const matrix = INCIDENT_STATES.flatMap((state) =>
    INCIDENT_ACTIONS.map((action) => [state, action] as const),
  )

  test.each(matrix)('%s: %s does what the lifecycle says', async (state, action) => {
    const id = `${state}-${action}`
    await desk.say(opening(id))
    await bring[state](id)
    expect(await detail(id)).toMatchObject({ status: state, actions: legalIncidentActions(state) })
    const response = await act(action, bodies(id)[action], id)
    const target = INCIDENT_LIFECYCLE[state][action]
    if (target === null) {
      expect(response.statusCode).toBe(409)
      expect(response.headers['content-type']).toMatch('application/problem+json')
      expect(response.json()).toMatchObject({
        reason: 'illegal-transition',
        legalActions: legalIncidentActions(state),
      })
    } else {
      expect(response.statusCode).toBe(['merge', 'split', 'move'].includes(action) ? 202 : 200)
      expect(response.json().status).toBe(target)
      expect(response.json().timeline.at(-1)).toMatchObject({ kind: action, actor: 'ada' })
    }
  })
})

const eachOnAFreshDesk = (): void => {
  beforeEach(async () => {
    await emptyDesk(database)
    desk = await startDeskApp(database)
    await desk.say(opening('i1'), background())
  })
  afterEach(() => desk.close())
}

describe('what an action changes', () => {
  eachOnAFreshDesk()

  test('an acknowledgement is timed once: the first that took it up', async () => {
    await act('acknowledge')
    desk.setTime(START + 600_000)
    await act('start')
    expect((await detail()).acknowledgedAt).toBe('2026-03-02T09:01:00.000Z')
  })

  test('a hold says why until work goes on', async () => {
    await act('hold', BODY.hold)
    expect(await detail()).toMatchObject({ holdReason: 'waiting for the vendor' })
    await act('resume')
    expect(await detail()).not.toHaveProperty('holdReason')
  })

  test('reopening takes the resolution back and counts', async () => {
    await act('resolve', BODY.resolve)
    expect(await detail()).toMatchObject({ resolution: 'restarted', reopenCount: 0 })
    await act('reopen', { reason: 'still slow' })
    const after = await detail()
    expect(after).toMatchObject({ status: 'reopened', reopenCount: 1 })
    expect(after).not.toHaveProperty('resolvedAt')
    expect(after).not.toHaveProperty('resolution')
  })

  test('assigning: null takes away, absent leaves, and only a change of hands counts', async () => {
    await act('assign', { assignee: 'bob', team: 'sre' })
    await act('assign', { assignee: 'bob' })
    await act('assign', { assignee: null })
    expect(await detail()).toMatchObject({ team: 'sre' })
    expect(await detail()).not.toHaveProperty('assignee')
    const tickets = (await published()).tickets.filter(({ ticketId }) => ticketId === 'i1')
    expect(tickets.at(-1)?.fields).toMatchObject({ reassignmentCount: 1 })
    expect((await act('assign', {})).statusCode).toBe(422)
  })

  test("a person's priority stays until it is taken back", async () => {
    await act('prioritise', { priority: 'P5', reason: 'test system' })
    await desk.say(outputs(START, incidentOutput({ version: 2, severity: 'warning' })))
    expect(await detail()).toMatchObject({ priority: 'P5', priorityReason: 'test system' })
    await act('prioritise', { reason: 'it is production after all' })
    expect(await detail()).toMatchObject({ priority: 'P4', urgency: 'low' })
  })
})

describe('people around an incident', () => {
  eachOnAFreshDesk()

  test('a task is done by somebody, and the timeline says so', async () => {
    const { taskId } = (await act('tasks', { title: 'restart the pool', assignee: 'bob' })).json()
    const done = await desk.app.inject({ method: 'POST', url: `/api/v1/tasks/${taskId}/complete` })
    expect(done.json()).toMatchObject({ status: 'done', doneBy: 'ada', assignee: 'bob' })
    const again = await desk.app.inject({ method: 'POST', url: `/api/v1/tasks/${taskId}/complete` })
    expect(again.json()).toMatchObject({ status: 409, legalActions: ['reopen'] })
    const after = await detail()
    expect(after.tasks).toMatchObject([{ id: taskId, status: 'done' }])
    expect(after.timeline.at(-1)).toMatchObject({ text: 'Done: restart the pool' })
    const mine = (await desk.app.inject('/api/v1/tasks?assignee=bob&status=done')).json()
    expect(mine.items).toHaveLength(1)
    const reviews = (await desk.app.inject('/api/v1/tasks?kind=review-action')).json()
    expect(reviews.items).toEqual([])
  })

  test('roles are given and taken one by one', async () => {
    await act('roles', { commander: 'bob', communications: 'eve' })
    await act('roles', { communications: null })
    const after = await detail()
    expect(after).toMatchObject({ commander: 'bob' })
    expect(after).not.toHaveProperty('communications')
    expect((await act('roles', {})).statusCode).toBe(422)
  })

  test('who watches twice watches once', async () => {
    await act('watch')
    await act('watch', { person: 'bob' })
    await act('watch')
    expect((await detail()).watchers).toEqual(['bob', 'ada'])
    await act('unwatch')
    expect((await detail()).watchers).toEqual(['bob'])
  })

  test('two incidents are related in both directions, or in none', async () => {
    await act('relate', { incident: 'i2' })
    expect([(await detail()).related, (await detail('i2')).related]).toEqual([['i2'], ['i1']])
    await act('unrelate', { incident: 'i1' }, 'i2')
    expect([(await detail()).related, (await detail('i2')).related]).toEqual([[], []])
    await act('relate', { incident: (await detail('i2')).number })
    expect([(await detail()).related, (await detail('i2')).related]).toEqual([['i2'], ['i1']])
    expect((await act('relate', { incident: 'i1' })).statusCode).toBe(422)
    expect((await act('relate', { incident: 'nothing' })).statusCode).toBe(422)
  })

  test('its document has times, timeline and actions filled in, and markup in them is text', async () => {
    await act('acknowledge')
    await act('review', { summary: 'The pool was <b>too small</b>' })
    await act('tasks', { title: 'alert on pool size', assignee: 'bob', kind: 'review-action' })
    const { headers, body } = await desk.app.inject('/api/v1/incidents/INC-1/review')
    expect(headers['content-type']).toContain('text/markdown')
    expect(body).toContain('# Review of INC-1: Checkout is slow')
    expect(body).toContain('Taken up after 1 min, resolved not yet')
    expect(body).toContain('The pool was \\<b\\>too small')
    expect(body).toContain('- [ ] alert on pool size (bob, open)')
    expect(body).toContain('2026-03-02T09:01:00Z Acknowledged (ada)')
    expect(body).toContain('_To be written._')
  })

  test('a review is written over the timeline, and its actions are tracked', async () => {
    await act('resolve')
    await act('review', { summary: 'The pool was too small', lessons: 'Watch the pool' })
    await act('tasks', { title: 'alert on pool size', kind: 'review-action' })
    expect(await detail()).toMatchObject({
      review: { summary: 'The pool was too small', lessons: 'Watch the pool', by: 'ada' },
      tasks: [{ kind: 'review-action', status: 'open' }],
    })
  })
})

describe('membership is the correlator’s: the desk passes decisions on', () => {
  eachOnAFreshDesk()

  const decision = async () =>
    (await published()).events.map((record) => ('decision' in record ? record.decision : record))

  test.each([
    ['resolve', {}, { action: 'resolve', incidentId: 'i1' }],
    ['merge', { into: 'i2' }, { action: 'merge', incidentId: 'i1', into: 'i2' }],
    ['move', BODY.move, { action: 'move', alertIds: ['i1-a2'], from: 'i1', to: 'i2' }],
    ['confirm-hint', { ci: 'db1' }, { action: 'confirm-hint', incidentId: 'i1', ci: 'db1' }],
    ['reject-hint', { ci: 'db1', change: 'c' }, { action: 'reject-hint', change: 'c' }],
    ['link-problem', BODY['link-problem'], { action: 'same-problem', problemId: 'p1' }],
    ['unlink-problem', BODY['unlink-problem'], { action: 'not-same-problem' }],
  ])('%s', async (action, body, expected) => {
    await act(action, body)
    expect(await decision()).toEqual([expect.objectContaining(expected)])
  })

  test('another incident is named by number as well: what decides has its id', async () => {
    const { number } = await detail('i2')
    await act('merge', { into: number })
    expect(await decision()).toEqual([{ action: 'merge', incidentId: 'i1', into: 'i2' }])
  })

  test('a split names the new incident at once', async () => {
    const { newIncidentId } = (await act('split', BODY.split)).json()
    expect(await decision()).toMatchObject([
      { action: 'split', incidentId: 'i1', alertIds: ['i1-a2'], newIncidentId },
    ])
  })

  test.each([
    ['merge', { into: 'i1' }, 'with itself'],
    ['merge', { into: 'nothing' }, 'there is no incident nothing'],
    ['merge', { into: 'elsewhere' }, 'another scope'],
    ['move', { alertIds: ['a9'], to: 'i2' }, 'not alerts of INC-1: a9'],
    ['split', { alertIds: ['i1-a1', 'i1-a2'] }, 'leave at least one alert'],
    ['split', { alertIds: ['a1', 'a1'] }, 'duplicate'],
    ['link-problem', { problemId: 'p9' }, 'there is no problem p9'],
  ])('%s %j is refused and nothing is half-written', async (action, body, reason) => {
    const response = await act(action, body)
    expect([400, 422]).toContain(response.statusCode)
    expect(response.json().detail ?? response.json().message).toContain(reason)
    expect((await detail()).version).toBe(1)
    expect((await published()).events).toEqual([])
  })
})

describe('what the correlator says moves the ticket', () => {
  eachOnAFreshDesk()

  const say = (version: number, status: 'open' | 'resolved', at = START + 120_000) =>
    desk.say(
      outputs(
        at,
        incidentOutput({ version, status, ...(status === 'resolved' ? { resolvedAt: at } : {}) }),
      ),
    )

  test('all alerts resolved: the ticket resolves, at the time the correlator names', async () => {
    await say(2, 'resolved')
    expect(await detail()).toMatchObject({
      status: 'resolved',
      resolvedAt: '2026-03-02T09:02:00.000Z',
    })
  })

  test('a hold outlives the recovery', async () => {
    await act('hold', BODY.hold)
    await say(2, 'resolved')
    expect((await detail()).status).toBe('on-hold')
  })

  test('alerts fire again: a resolved and a closed ticket reopen', async () => {
    await say(2, 'resolved')
    await act('close')
    await say(3, 'open')
    expect(await detail()).toMatchObject({ status: 'reopened', reopenCount: 1 })
  })

  test("counts that arrive after a person's resolve do not reopen the ticket", async () => {
    await act('resolve')
    await say(2, 'open')
    expect((await detail()).status).toBe('resolved')
    await say(3, 'resolved')
    expect((await detail()).status).toBe('resolved')
  })

  test('a worse severity raises the priority, with a line in the timeline', async () => {
    await desk.say(outputs(START, incidentOutput({ id: 'i3', severity: 'warning' })))
    await desk.say(outputs(START, incidentOutput({ id: 'i3', version: 2, severity: 'critical' })))
    const after = (await desk.app.inject('/api/v1/incidents/i3')).json()
    expect(after).toMatchObject({ priority: 'P2', urgency: 'high' })
    expect(after.timeline.at(-1).text).toBe('Priority is P2 (was P4): impact medium, urgency high')
  })
})
