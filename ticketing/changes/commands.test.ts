// Changes from request to review: every state x action, assessment, votes, windows, suspicion.
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, isoTime } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import {
  CHANGE_ACTIONS,
  CHANGE_LIFECYCLE,
  CHANGE_STATES,
  type ChangeAction,
  type ChangeState,
} from '../lifecycles/change.ts'
import type { DeskSettings } from '../settings.ts'
import type { DeskDatabase } from '../store/database.ts'
import { changes } from '../store/schema.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { emptyDesk } from '../testing/empty.ts'
import { createMemoryLog } from '../testing/memory-log.ts'
import { incidentOutput, outputs, START } from '../testing/records.ts'

let database: DeskDatabase
let desk: DeskApp
let actor = 'rita'
const SETTINGS: Partial<DeskSettings> = {
  changePolicy: { quorum: 2, approvers: ['cab1', 'cab2', 'cab3'], passWithoutVote: ['low'] },
  freezeWindows: [
    { name: 'year end', from: '2026-12-20T00:00:00Z', to: '2027-01-05T00:00:00Z' },
    { name: 'db1 audit', from: '2026-03-05T00:00:00Z', to: '2026-03-06T00:00:00Z', cis: ['db1'] },
  ],
}

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
beforeEach(async () => {
  await emptyDesk(database)
  actor = 'rita'
  desk = await startDeskApp(database, { settings: SETTINGS, actor: () => actor })
})
afterEach(() => desk.close())

const NEW = {
  type: 'normal',
  title: 'Grow the pool',
  description: 'From 10 to 20 connections',
  cis: ['db1'],
  plannedStart: isoTime(START + HOUR_MS),
  plannedEnd: isoTime(START + 3 * HOUR_MS),
}

const post = async (url: string, payload: object = {}) =>
  desk.app.inject({ method: 'POST', url: `/api/v1/${url}`, payload })
const get = async (url: string) => (await desk.app.inject(`/api/v1/${url}`)).json()
const request = async (over: object = {}) => (await post('rfcs', { ...NEW, ...over })).json()
const act = (action: string, body: object = {}, id = 'CHG-1') =>
  post(`changes/${id}/${action}`, body)
const as = async (who: string, action: string, body: object = {}, id = 'CHG-1') => {
  actor = who
  const response = await act(action, body, id)
  actor = 'rita'
  return response
}
const graph = () => {
  const ci = (id: string, kind: string, attributes = {}) => ({ id, kind, name: id, attributes })
  return post('cis/import', {
    cis: [
      ci('shop', 'service', { criticality: 'critical' }),
      ci('db1', 'database'),
      ci('spare', 'host', { criticality: 'low' }),
    ],
    relations: [{ from: 'shop', to: 'db1', type: 'depends_on' }],
  })
}

describe('each action in each state', () => {
  const BODY: { readonly [A in ChangeAction]: object } = {
    update: { title: 'Another title' },
    submit: {},
    approve: {},
    reject: { comment: 'too risky' },
    revise: { reason: 'plan unclear' },
    begin: {},
    finish: { outcome: 'successful' },
    close: {},
    cancel: { reason: 'not needed' },
    assign: { assignee: 'bob' },
    notes: { text: 'seen' },
    match: { incident: 'i1' },
    'no-match': { incident: 'i1' },
  }
  const matrix = CHANGE_STATES.flatMap((state) =>
    CHANGE_ACTIONS.map((action): [ChangeState, ChangeAction] => [state, action]),
  )

  test.each(matrix)('%s: %s does what the lifecycle says', async (state, action) => {
    await desk.say(outputs(START, incidentOutput()))
    await request()
    await database.sql.update(changes).set({ status: state })
    actor = 'cab1'
    const response = await act(action, BODY[action])
    const target = CHANGE_LIFECYCLE[state][action]
    const shown = await get('changes/CHG-1')
    expect([response.statusCode, shown.status]).toEqual(
      target === null ? [409, state] : [200, target],
    )
    if (target === null)
      for (const legal of response.json().legalActions)
        expect(CHANGE_LIFECYCLE[state][legal as ChangeAction]).not.toBeNull()
  })
})

describe('approval', () => {
  test('a vote passes with its quorum, each person once, the newest word counting', async () => {
    await graph()
    await request()
    await act('submit')
    await as('cab1', 'approve')
    await as('cab1', 'approve')
    expect((await get('changes/CHG-1')).status).toBe('awaiting-approval')
    await as('cab1', 'reject', { comment: 'wait' })
    await as('cab2', 'approve')
    expect((await get('changes/CHG-1')).status).toBe('awaiting-approval')
    await as('cab3', 'approve', { comment: 'go' })
    const after = await get('changes/CHG-1')
    expect(after).toMatchObject({ status: 'scheduled' })
    expect(after.votes).toHaveLength(3)
    expect(after.timeline.at(-1).text).toBe('Approved by 2 of 2 needed')
  })

  test('enough against ends it; revised, it starts over without votes', async () => {
    await graph()
    await request()
    await act('submit')
    await as('cab1', 'reject', { comment: 'no' })
    await as('cab2', 'reject', { comment: 'no' })
    expect((await get('changes/CHG-1')).status).toBe('rejected')
    await act('revise', { reason: 'smaller' })
    expect(await get('changes/CHG-1')).toMatchObject({ status: 'draft', votes: [] })
  })

  test('who is no approver cannot vote', async () => {
    await graph()
    await request()
    await act('submit')
    expect((await as('eve', 'approve')).json()).toMatchObject({
      status: 422,
      detail: 'eve is not an approver',
    })
  })

  test.each([
    ['standard', { type: 'standard' }, 'scheduled'],
    ['normal of low risk, by policy', { cis: ['spare'] }, 'scheduled'],
    ['normal', {}, 'awaiting-approval'],
    ['emergency', { type: 'emergency' }, 'scheduled'],
    [
      'standard in a freeze',
      {
        type: 'standard',
        plannedStart: isoTime(START + 3 * DAY_MS),
        plannedEnd: isoTime(START + 4 * DAY_MS),
      },
      'awaiting-approval',
    ],
  ])('%s, once submitted, is %s', async (_what, over, status) => {
    await graph()
    await request(over)
    expect((await act('submit')).json()).toMatchObject({ status })
  })

  test('an emergency closes only once it was approved after the fact', async () => {
    await request({ type: 'emergency' })
    await act('submit')
    await act('begin')
    await act('finish', { outcome: 'successful' })
    expect((await act('close')).statusCode).toBe(422)
    await as('cab1', 'approve')
    await as('cab2', 'approve')
    expect((await act('close')).json()).toMatchObject({ status: 'closed' })
  })
})

describe('assessment', () => {
  test('names the services it could hit, conflicts, freezes and open incidents', async () => {
    await graph()
    await desk.say(outputs(START, incidentOutput({ cis: ['shop'] })))
    await request({ type: 'standard', title: 'Patch the shop', cis: ['shop'] })
    await act('submit')
    const frozen = { plannedEnd: isoTime(START + 3 * DAY_MS) }
    const { id } = await request({ ...frozen, cis: ['db1'] })
    const { assessment } = (await act('submit', {}, id)).json()
    expect(assessment).toMatchObject({
      impact: 'high',
      risk: 'high',
      services: ['shop'],
      freezes: ['db1 audit'],
      conflicts: [{ number: 'CHG-1' }],
      openIncidents: [{ number: 'INC-1' }],
    })
    expect(assessment.reasons).toEqual([
      'Impact high: 1 service needs what it changes',
      'No normal change was made on these CIs before',
      'Meets 1 other change at the same time',
      'Falls into the freeze db1 audit',
      '1 incident is open on what it touches',
    ])
  })

  test('changes that went wrong before make the next one risky', async () => {
    for (const outcome of ['failed', 'successful', 'backed-out']) {
      const { id } = await request({ cis: ['spare'] })
      await database.sql.update(changes).set({ status: 'implementing' }).where(eq(changes.id, id))
      await act('finish', { outcome }, id)
      await act('close', {}, id)
    }
    const { id } = await request({ cis: ['spare', 'other'] })
    expect((await act('submit', {}, id)).json().assessment).toMatchObject({
      risk: 'high',
      reasons: expect.arrayContaining([
        '2 of 3 earlier changes of this type on these CIs went wrong',
      ]),
    })
  })
})

describe('carrying out', () => {
  beforeEach(async () => {
    await request({ type: 'standard', cis: ['db1', 'spare'] })
    await act('submit')
    await act('begin')
  })
  const windows = async () => (await get('maintenance-windows')).items

  test('opens its maintenance window and closes it when it ends', async () => {
    expect(await windows()).toMatchObject([
      {
        title: 'CHG-1 Grow the pool',
        status: 'active',
        cis: ['db1', 'spare'],
        endsAt: NEW.plannedEnd,
      },
    ])
    desk.setTime(START + 2 * HOUR_MS)
    await act('finish', { outcome: 'successful' })
    expect(await windows()).toMatchObject([
      { status: 'over', endsAt: isoTime(START + 2 * HOUR_MS) },
    ])
  })

  test('tells the correlator of beginning and end, for each CI', async () => {
    await act('finish', { outcome: 'successful' })
    const { log, all } = createMemoryLog(1)
    await desk.desk.publishOutbox(log)
    const told = all('events').flatMap((record) =>
      record.kind === 'change' ? [record.change] : [],
    )
    expect(told.map(({ ci, endedAt }) => [ci, endedAt !== undefined])).toEqual([
      ['db1', false],
      ['spare', false],
      ['db1', true],
      ['spare', true],
    ])
    expect(new Set(told.map(({ id }) => id)).size).toBe(2)
  })

  test('an incident that the correlator suspects it of is attached by itself', async () => {
    const { id } = await get('changes/CHG-1')
    const hints = [
      { ci: 'db1', change: `${id}/db1`, score: 3, confidence: 0.8, reasons: [] },
      { ci: 'db1', change: 'deploy-17', score: 1, confidence: 0.1, reasons: [] },
    ]
    const at = START + HOUR_MS
    await desk.say(outputs(at, incidentOutput({ hints })))
    await desk.say(outputs(at, incidentOutput({ version: 2, hints })))
    const after = await get('changes/CHG-1')
    expect(after).toMatchObject({ incidentCount: 1, incidents: [{ number: 'INC-1' }] })
    expect(after.timeline.at(-1)).toMatchObject({ kind: 'suspected' })
  })
})

describe('bad input', () => {
  test.each([
    ['an end before the start', { plannedEnd: isoTime(START) }, 422],
    ['no CI', { cis: [] }, 400],
    ['30 February', { plannedStart: '2026-02-30T25:00:00Z' }, 400],
    ['a field too many', { colour: 'red' }, 400],
  ])('%s is refused', async (_what, over, status) => {
    expect((await post('rfcs', { ...NEW, ...over })).statusCode).toBe(status)
    expect((await get('changes')).items).toEqual([])
  })

  test('a maintenance window that ends before it begins is refused', async () => {
    const window = { title: 'w', cis: ['a'], startsAt: isoTime(START), endsAt: isoTime(START) }
    expect((await post('maintenance-windows', window)).statusCode).toBe(422)
    expect((await post('maintenance-windows/nothing/cancel')).statusCode).toBe(404)
  })

  test('a planned maintenance window can be cancelled', async () => {
    const { id } = (
      await post('maintenance-windows', {
        title: 'Power work',
        cis: ['rack1'],
        startsAt: isoTime(START + DAY_MS),
        endsAt: isoTime(START + 2 * DAY_MS),
      })
    ).json()
    expect((await get('maintenance-windows')).items).toMatchObject([{ id, status: 'planned' }])
    expect((await post(`maintenance-windows/${id}/cancel`)).json().status).toBe('cancelled')
  })
})

test('the calendar feed shows what is planned', async () => {
  await request({ type: 'standard' })
  await act('submit')
  await request({ title: 'A draft' })
  const feed = await desk.app.inject('/api/v1/changes.ics')
  expect(feed.headers['content-type']).toMatch('text/calendar')
  expect(feed.body).toContain('SUMMARY:CHG-1 Grow the pool\r\n')
  expect(feed.body).not.toContain('A draft')
})
