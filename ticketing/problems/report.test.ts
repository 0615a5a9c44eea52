// The report for problem managers: each figure is the sum of the incidents that are named beneath it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Incident } from '../../domain/incident.ts'
import { DAY_MS, isoTime, MINUTE_MS } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import type { ReportedProblem } from '../api/report-schemas.ts'
import type { DeskDatabase } from '../store/database.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { aCandidate, incidentOutput, outputs, START } from '../testing/records.ts'

let database: DeskDatabase
let desk: DeskApp

const NOW = START + 30 * DAY_MS
const WEEK = 7 * DAY_MS

/** An incident that lasted so many minutes and ended. */
const past = (id: string, openedAt: number, minutes: number, over: Partial<Incident> = {}) => {
  const resolvedAt = openedAt + minutes * MINUTE_MS
  return incidentOutput({ id, openedAt, resolvedAt, status: 'resolved', firingCount: 0, ...over })
}

const problem = (id: string, lastAt: number, over: object = {}) => ({
  kind: 'problem' as const,
  problem: aCandidate({
    id,
    title: id,
    incidentIds: [],
    statistics: { ...aCandidate().statistics, lastAt },
    ...over,
  }),
})

const post = async (path: string, payload: object = {}): Promise<void> => {
  const response = await desk.app.inject({ method: 'POST', url: `/api/v1/${path}`, payload })
  expect(response.statusCode, response.body).toBe(200)
}
const report = async (query = '') =>
  desk.app.inject(`/api/v1/problems/report?from=${isoTime(NOW - WEEK)}&to=${isoTime(NOW)}${query}`)

beforeAll(async () => {
  database = await openPgliteDesk({})
  desk = await startDeskApp(database)
  const thisWeek = NOW - 2 * DAY_MS
  const lastWeek = NOW - 9 * DAY_MS
  await desk.say(
    outputs(
      START,
      problem('quiet', START),
      problem('leak', thisWeek, { title: '=1+1, "leak"', incidentIds: ['l3'] }),
      problem('noise', thisWeek),
      past('q1', START, 10, { problemId: 'quiet' }),
      past('l1', thisWeek, 30, { problemId: 'leak' }),
      past('l2', thisWeek + 1, 20, { problemId: 'leak' }),
      past('l3', thisWeek + 2, 10.5),
      past('l0', lastWeek, 60, { problemId: 'leak' }),
      past('n1', thisWeek, 5, { problemId: 'noise' }),
      past('elsewhere', thisWeek, 500),
      incidentOutput({ id: 'running', openedAt: NOW - 60 * MINUTE_MS, problemId: 'fresh' }),
    ),
    outputs(thisWeek, problem('fresh', NOW - 60 * MINUTE_MS, { incidentIds: ['running'] })),
  )
  desk.setTime(START + DAY_MS)
  await post('problems/quiet/record-cause', { cause: 'a full disk' })
  await post('problems/quiet/resolve', { resolution: 'log rotation' })
  await post('problems/noise/dismiss', { reason: 'a load test' })
  await post('problems/leak/accept')
  await post('problems/leak/assign', { assignee: 'bo' })
  desk.setTime(NOW)
})
afterAll(async () => {
  await desk.close()
  await database.close()
})

test('every list has what it says, and every figure its incidents', async () => {
  const body = (await report()).json()
  const ids = (list: ReportedProblem[]) => list.map(({ id }) => id)
  expect(ids(body.top)).toEqual(['leak', 'fresh'])
  expect(ids(body.new)).toEqual(['fresh'])
  expect(ids(body.worsening)).toEqual(['leak'])
  expect(ids(body.fixedAndSilent)).toEqual(['quiet'])
  expect(ids(body.awaitingDecision)).toEqual(['fresh'])
  expect(body.fixedAndSilent[0]).toMatchObject({ silentDays: 29 })
  const [leak, fresh] = body.top
  expect(leak).toMatchObject({
    incidents: 3,
    minutesLost: 60.5,
    before: { incidents: 1, minutesLost: 60 },
    owner: 'bo',
  })
  expect(fresh).toMatchObject({ incidents: 1, minutesLost: 60 })
  for (const entry of body.top as ReportedProblem[]) {
    expect(entry.beneath).toHaveLength(entry.incidents)
    const sum = entry.beneath.reduce((total, each) => total + each.minutesLost, 0)
    expect(sum).toBeCloseTo(entry.minutesLost, 6)
    for (const { link, alerts } of entry.beneath)
      for (const path of [link, alerts]) expect((await desk.app.inject(path)).statusCode).toBe(200)
  }
})

test('the Markdown is what was agreed', async () => {
  const response = await report('&format=markdown')
  expect(response.headers['content-type']).toContain('text/markdown')
  expect(response.body).toMatchSnapshot()
})

test('no cell of the CSV is a formula (FAULTS 22)', async () => {
  const response = await report('&format=csv')
  expect(response.headers['content-type']).toContain('text/csv')
  const lines = response.body.trimEnd().split('\n')
  expect(lines).toHaveLength(1 + 2 + 1 + 1 + 1 + 1)
  expect(lines[1]).toContain(`top,PRB-2,"'=1+1, ""leak""",investigating,bo,3,60.5,1,60,`)
})

test.each(['?from=2026-03-09&to=2026-03-02', '?from=yesterday', '?format=pdf', '?week=1'])(
  '%s is refused',
  async (query) => {
    expect((await desk.app.inject(`/api/v1/problems/report${query}`)).statusCode).toBe(400)
  },
)
