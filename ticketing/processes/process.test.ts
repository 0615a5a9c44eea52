// The process register: versions kept, what needs attention, runbooks on the matching incident.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS, isoTime } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import type { DeskDatabase } from '../store/database.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { emptyDesk } from '../testing/empty.ts'
import { alertOutput, incidentOutput, outputs, START } from '../testing/records.ts'

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

const post = (url: string, payload: object = {}, headers = {}) =>
  desk.app.inject({ method: 'POST', url: `/api/v1/${url}`, payload, headers })
const get = async (url: string) => (await desk.app.inject(`/api/v1/${url}`)).json()
const RUNBOOK = {
  name: 'Restart the pool',
  kind: 'runbook',
  owner: 'sre',
  objective: 'A fresh pool',
  steps: ['drain', 'restart', 'check'],
  reviewBy: isoTime(START + 30 * DAY_MS),
  links: { alertNames: ['HighLatency'] },
}
const enter = async (over: object = {}) => (await post('processes', { ...RUNBOOK, ...over })).json()

describe('a process', () => {
  test('keeps each of its versions', async () => {
    const { id } = await enter()
    const updated = await post(
      `processes/${id}/update`,
      { steps: ['restart'] },
      { 'if-match': '"1"' },
    )
    expect(updated.json()).toMatchObject({ version: 2, steps: ['restart'], owner: 'sre' })
    expect((await get(`processes/${id}/history`)).items).toMatchObject([
      { version: 2, actor: 'ada', steps: ['restart'] },
      { version: 1, steps: ['drain', 'restart', 'check'] },
    ])
    const late = await post(`processes/${id}/update`, { owner: null }, { 'if-match': '"1"' })
    expect(late.statusCode).toBe(412)
  })

  test('that names neither owner nor review date gets those of the settings', async () => {
    const processDefaults = { owner: 'quality', reviewAfterMs: 90 * DAY_MS }
    const settled = await startDeskApp(database, { settings: { processDefaults } })
    const enterBare = async (over: object) =>
      (
        await settled.app.inject({
          method: 'POST',
          url: '/api/v1/processes',
          payload: { name: 'bare', kind: 'process', objective: 'x', steps: ['y'], ...over },
        })
      ).json()
    const { owner, reviewBy, updatedAt } = await enterBare({})
    expect([owner, Date.parse(reviewBy) - Date.parse(updatedAt)]).toEqual(['quality', 90 * DAY_MS])
    const named = { owner: 'sre', reviewBy: isoTime(START + DAY_MS) }
    expect(await enterBare({ name: 'named', ...named })).toMatchObject(named)
    await settled.close()
  })

  test('without owner, without review date or past it is reported', async () => {
    await enter({ name: 'fine' })
    await enter({ name: 'late', reviewBy: isoTime(START - DAY_MS) })
    const { owner: _, reviewBy: __, ...bare } = RUNBOOK
    await post('processes', { ...bare, name: 'orphan', kind: 'process' })
    const { items } = await get('processes?attention=true')
    expect(items.map(({ name, attention }: Record<string, unknown>) => [name, attention])).toEqual([
      ['late', ['Its review was due on 2026-03-01']],
      ['orphan', ['Nobody owns it', 'No review date is set']],
    ])
    expect((await get('processes?kind=process')).items).toHaveLength(1)
  })

  test('retired, it leaves the register', async () => {
    const { id } = await enter()
    await post(`processes/${id}/retire`)
    expect((await get('processes')).items).toEqual([])
    expect((await post('processes/nothing/retire')).statusCode).toBe(404)
  })
})

describe('a runbook', () => {
  const shown = async () =>
    (await get('incidents/i1')).runbooks.map(({ name }: { name: string }) => name)

  test('shows on incidents with its alert type, CI or problem, and on no others', async () => {
    await enter({ name: 'by alert' })
    await enter({ name: 'by ci', links: { cis: ['checkout'] } })
    await enter({ name: 'by problem', links: { problems: ['p1'] } })
    await enter({ name: 'by another', links: { cis: ['elsewhere'] } })
    await enter({ name: 'no runbook', kind: 'process' })
    await desk.say(outputs(START, incidentOutput(), alertOutput()))
    expect(await shown()).toEqual(['by alert', 'by ci'])
    await desk.say(outputs(START, incidentOutput({ version: 2, problemId: 'p1' })))
    expect(await shown()).toEqual(['by alert', 'by ci', 'by problem'])
  })

  test('begun, sets its steps as a checklist whose completion is recorded', async () => {
    const { id } = await enter()
    await desk.say(outputs(START, incidentOutput(), alertOutput()))
    const { tasks } = (await post('incidents/i1/runbook', { process: id })).json()
    expect(tasks.map(({ title, kind }: Record<string, unknown>) => [title, kind])).toEqual(
      RUNBOOK.steps.map((step) => [step, 'runbook-step']),
    )
    await post(`tasks/${tasks[0].id}/complete`)
    const after = await get('incidents/i1')
    expect(after.tasks[0]).toMatchObject({ status: 'done', doneBy: 'ada' })
    expect(after.timeline.at(-1).text).toBe('Done: drain')
    expect((await post('incidents/i1/runbook', { process: 'nothing' })).statusCode).toBe(422)
  })
})
