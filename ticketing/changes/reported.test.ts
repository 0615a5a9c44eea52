// Changes that tools report, suspicion and verdicts, and what stands in a change's way.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HOUR_MS, isoTime } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import type { DeskDatabase } from '../store/database.ts'
import { outbox } from '../store/schema.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { emptyDesk } from '../testing/empty.ts'
import { aCandidate, aCommand, incidentOutput, outputs, START } from '../testing/records.ts'

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

const get = async (path: string) => (await desk.app.inject(`/api/v1/${path}`)).json()
const post = async (path: string, payload: object = {}) => {
  const response = await desk.app.inject({ method: 'POST', url: `/api/v1/${path}`, payload })
  return { status: response.statusCode, body: response.json() }
}

const DEPLOYMENT = {
  id: 'deploy/42',
  ci: 'checkout',
  type: 'deployment',
  summary: 'checkout 1.42',
  startedAt: START,
  link: 'https://ci.example/42',
}
let reports = 0
const report = (over: object = {}) =>
  desk.append(
    aCommand({
      id: `report-${reports++}`,
      action: 'change.report',
      actor: 'deployment',
      target: DEPLOYMENT.id,
      body: { ...DEPLOYMENT, ...over },
    }),
  )
const rfc = async (over: object = {}) =>
  (
    await post('rfcs', {
      type: 'standard',
      title: 'Grow the pool',
      description: 'From 10 to 20',
      cis: ['db1'],
      plannedStart: isoTime(START + HOUR_MS),
      plannedEnd: isoTime(START + 2 * HOUR_MS),
      ...over,
    })
  ).body
const DEPLOYED = `changes/${encodeURIComponent(DEPLOYMENT.id)}`

describe('what tools report', () => {
  test('is listed beside what people request, newest start first', async () => {
    await rfc()
    await report()
    const { items } = await get('changes')
    expect(
      items.map(({ origin, type, number }: Record<string, string>) => [origin, type, number]),
    ).toEqual([
      ['requested', 'standard', 'CHG-1'],
      ['reported', 'deployment', 'CHG-2'],
    ])
    expect((await get('changes?origin=reported&type=deployment&ci=checkout')).items).toHaveLength(1)
    expect((await get('changes?type=config')).items).toHaveLength(0)
  })

  test('runs until its end is reported, and counts once however often it is', async () => {
    await report()
    expect(await get(DEPLOYED)).toMatchObject({
      status: 'implementing',
      summary: 'checkout 1.42',
      link: DEPLOYMENT.link,
    })
    for (const _ of [1, 2]) await report({ startedAt: START + 5, endedAt: START + HOUR_MS })
    expect((await get('changes')).items).toHaveLength(1)
    expect(await get(DEPLOYED)).toMatchObject({
      status: 'closed',
      startedAt: isoTime(START),
      endedAt: isoTime(START + HOUR_MS),
    })
  })

  test('cannot take the place of what people requested', async () => {
    const { id } = await rfc()
    await desk.append(
      aCommand({ id: 'bad', action: 'change.report', target: id, body: { ...DEPLOYMENT, id } }),
    )
    expect(await get(`changes/${id}`)).toMatchObject({
      origin: 'requested',
      title: 'Grow the pool',
    })
  })
})

describe('a suspect change', () => {
  const decisions = async () =>
    (await database.sql.select().from(outbox).orderBy(outbox.sequence))
      .map(({ record }) => JSON.parse(record))
      .flatMap(({ kind, decision }) => (kind === 'membership' ? [decision] : []))
  const hint = (change: string, ci: string) => ({
    ci,
    change,
    score: 1,
    confidence: 0.5,
    reasons: [],
  })

  beforeEach(async () => {
    await report({ endedAt: START + 1 })
    await desk.say(outputs(START, incidentOutput({ hints: [hint(DEPLOYMENT.id, 'checkout')] })))
  })

  test('is suspect until a person says match, from the change or from the incident', async () => {
    const verdict = async () => (await get(DEPLOYED)).suspicions
    expect(await verdict()).toEqual([{ incident: 'i1', number: 'INC-1', verdict: 'suspect' }])
    expect((await post(`${DEPLOYED}/match`, { incident: 'INC-1' })).status).toBe(200)
    expect(await verdict()).toMatchObject([{ verdict: 'match' }])
    await post('incidents/i1/reject-hint', { ci: 'checkout', change: DEPLOYMENT.id })
    expect(await verdict()).toMatchObject([{ verdict: 'no-match' }])
    await post('incidents/i1/confirm-hint', { ci: 'checkout', change: DEPLOYMENT.id })
    expect(await verdict()).toMatchObject([{ verdict: 'match' }])
    const same = { incidentId: 'i1', ci: 'checkout', change: DEPLOYMENT.id }
    expect(await decisions()).toEqual([
      { action: 'confirm-hint', ...same },
      { action: 'reject-hint', ...same },
      { action: 'confirm-hint', ...same },
    ])
    expect(
      (await get('incidents/i1')).timeline.map(({ kind }: { kind: string }) => kind),
    ).toContain('match')
  })

  test('that people requested is told to the correlator under its CI', async () => {
    const { number, id } = await rfc({ cis: ['db1', 'db2'] })
    for (const action of ['submit', 'begin']) await post(`changes/${number}/${action}`)
    await desk.say(outputs(START, incidentOutput({ id: 'i2', hints: [hint(`${id}/db2`, 'db2')] })))
    await post(`changes/${number}/match`, { incident: 'i2' })
    expect(await decisions()).toEqual([
      { action: 'confirm-hint', incidentId: 'i2', ci: 'db2', change: `${id}/db2` },
    ])
    expect((await get(`changes/${encodeURIComponent(`${id}/db2`)}`)).number).toBe(number)
  })

  test('of an incident that is not there is refused', async () => {
    expect((await post(`${DEPLOYED}/match`, { incident: 'INC-9' })).status).toBe(422)
  })
})

test('a change about to start shows what is open on its CIs and on what depends on them', async () => {
  const ci = (id: string, kind: string) => ({ id, kind, name: id, attributes: {} })
  await post('cis/import', {
    cis: [ci('checkout', 'service'), ci('db1', 'database'), ci('spare', 'host')],
    relations: [{ from: 'checkout', to: 'db1', type: 'depends_on' }],
  })
  const { number } = await rfc()
  await post(`changes/${number}/submit`)
  expect((await get(`changes/${number}`)).standing).toEqual({ openIncidents: [], openProblems: [] })
  await desk.say(
    outputs(
      START,
      incidentOutput(),
      incidentOutput({ id: 'i2', cis: ['spare'] }),
      incidentOutput({ id: 'i3', status: 'resolved', resolvedAt: START }),
      { kind: 'problem', problem: aCandidate() },
    ),
  )
  const { standing } = await get(`changes/${number}`)
  expect(standing).toMatchObject({
    openIncidents: [{ number: 'INC-1' }],
    openProblems: [{ number: 'PRB-1' }],
  })
  const begun = (await post(`changes/${number}/begin`)).body
  expect(begun.timeline.at(-1).text).toBe(
    'Implementation began; 1 incident is open on what it touches; 1 problem is open on what it touches',
  )
  const second = await rfc({ title: 'Another' })
  await post(`changes/${second.number}/submit`)
  expect((await get(`changes/${second.number}`)).assessment).toMatchObject({
    openProblems: [{ number: 'PRB-1' }],
    reasons: expect.arrayContaining(['1 problem is open on what it touches']),
  })
})
