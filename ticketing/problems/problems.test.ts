// The life of a problem record: analysed, worked around, fixed by a change, watched, back again.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import type { DeskDatabase } from '../store/database.ts'
import { outbox } from '../store/schema.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { emptyDesk } from '../testing/empty.ts'
import { aCandidate, incidentOutput, outputs, START } from '../testing/records.ts'

let database: DeskDatabase
let desk: DeskApp
let actor: string

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
beforeEach(async () => {
  await emptyDesk(database)
  actor = 'ada'
  desk = await startDeskApp(database, { actor: () => actor })
  await desk.say(
    outputs(
      START,
      incidentOutput(),
      incidentOutput({ id: 'i2', problemId: 'p1', version: 1 }),
      incidentOutput({ id: 'i3', status: 'open' }),
      { kind: 'problem', problem: aCandidate({ incidentIds: ['i1'] }) },
    ),
  )
})

const get = async (path: string) => (await desk.app.inject(`/api/v1/${path}`)).json()
const post = async (path: string, payload: object = {}) => {
  const response = await desk.app.inject({ method: 'POST', url: `/api/v1/${path}`, payload })
  return { status: response.statusCode, body: response.json() }
}

const aChange = async (): Promise<string> => {
  const { body } = await post('rfcs', {
    type: 'standard',
    title: 'Raise the pool limit',
    description: 'from 50 to 200',
    cis: ['checkout'],
    plannedStart: new Date(START + DAY_MS).toISOString(),
    plannedEnd: new Date(START + DAY_MS + 3_600_000).toISOString(),
  })
  return body.number
}

const carryOut = async (change: string, outcome: string): Promise<void> => {
  await post(`changes/${change}/submit`)
  await post(`changes/${change}/begin`)
  await post(`changes/${change}/finish`, { outcome })
  expect((await post(`changes/${change}/close`)).status).toBe(200)
}

describe('its incidents', () => {
  const problemOf = async (id: string) => (await get(`incidents/${id}`)).problemId
  const recurred = (version: number, incidentIds: readonly string[]) =>
    desk.say(
      outputs(START, {
        kind: 'problem',
        problem: aCandidate({
          version,
          incidentIds,
          statistics: { ...aCandidate().statistics, count: incidentIds.length },
        }),
      }),
    )

  test('all show the problem, also those that the correlator no longer tells', async () => {
    expect(await problemOf('i1')).toBe('p1')
    await recurred(2, ['i1', 'i3'])
    expect(await problemOf('i3')).toBe('p1')
    const { items } = await get('incidents?problem=p1')
    expect(items.map(({ id }: { id: string }) => id).sort()).toEqual(['i1', 'i2', 'i3'])
  })

  test('one that a person took out shows it no more', async () => {
    await recurred(2, ['i1', 'i3'])
    await recurred(3, ['i1'])
    expect([await problemOf('i1'), await problemOf('i3')]).toEqual(['p1', undefined])
  })
})

describe('the analysis', () => {
  test('is a chain of whys and factors by category, each with evidence that leads somewhere', async () => {
    await post('problems/p1/accept')
    const change = await aChange()
    const analysis = {
      whys: [
        {
          why: 'Why did checkout slow down?',
          because: 'It waited for a connection',
          evidence: [{ kind: 'incident', ref: 'INC-1' }],
        },
        {
          why: 'Why did it wait?',
          because: 'The pool holds 50',
          evidence: [{ kind: 'change', ref: change, note: 'set here' }],
        },
      ],
      factors: [{ category: 'process', text: 'Nobody reviews limits' }],
    }
    const { status, body } = await post('problems/p1/analyse', analysis)
    expect(status).toBe(200)
    expect(body.analysis).toEqual(analysis)
    expect(body.timeline.at(-1).text).toBe(
      'Analysed: 2 whys, down to: The pool holds 50; 1 contributing factors',
    )
    await post('problems/p1/analyse', { factors: [] })
    expect((await get('problems/p1')).analysis).toEqual({ whys: analysis.whys, factors: [] })
  })

  test.each([
    [{ kind: 'incident', ref: 'INC-99' }, 'there is no incident INC-99'],
    [{ kind: 'change', ref: 'CHG-99' }, 'there is no change CHG-99'],
    [{ kind: 'ci', ref: 'moon' }, 'there is no CI moon'],
    [{ kind: 'link', ref: 'javascript:alert(1)' }, 'no http or https address'],
  ])('evidence %j is refused and nothing is written', async (evidence, said) => {
    await post('problems/p1/accept')
    const before = await get('problems/p1')
    const whys = [{ why: 'Why?', because: 'So', evidence: [evidence] }]
    const { status, body } = await post('problems/p1/analyse', { whys })
    expect([status, body.detail]).toEqual([422, expect.stringContaining(said)])
    expect(await get('problems/p1')).toEqual(before)
  })
})

describe('the workaround', () => {
  test('reaches every open incident of the problem, and those that join later', async () => {
    await post('incidents/i1/resolve')
    await post('problems/p1/workaround', { workaround: 'Restart the pool' })
    const i2 = await get('incidents/i2')
    expect(i2.knownErrors).toMatchObject([{ number: 'PRB-1', workaround: 'Restart the pool' }])
    expect(i2.timeline.at(-1)).toMatchObject({
      kind: 'workaround',
      text: 'PRB-1: Restart the pool',
    })
    expect(
      (await get('incidents/i1')).timeline.map(({ kind }: { kind: string }) => kind),
    ).not.toContain('workaround')
    await desk.say(outputs(START, incidentOutput({ id: 'i3', version: 2, problemId: 'p1' })))
    expect((await get('incidents/i3')).timeline.at(-1).text).toBe('PRB-1: Restart the pool')
  })

  test('comes with the cause, and is taken back', async () => {
    await post('problems/p1/record-cause', { cause: 'The pool', workaround: 'Restart it' })
    await post('problems/p1/workaround', { workaround: null })
    const { knownErrors, timeline } = await get('incidents/i2')
    expect(knownErrors[0]).not.toHaveProperty('workaround')
    expect(timeline.slice(-2).map(({ text }: { text: string }) => text)).toEqual([
      'PRB-1: Restart it',
      'PRB-1: the workaround was taken back',
    ])
  })
})

describe('the permanent fix', () => {
  let change: string
  beforeEach(async () => {
    change = await aChange()
    await post('problems/p1/record-cause', { cause: 'The pool holds 50' })
    expect((await post('problems/p1/fix', { change })).body.fix).toMatchObject({
      number: change,
      verification: 'pending',
    })
  })

  const recur = (openedAt: number) =>
    desk.say(
      outputs(openedAt, incidentOutput({ id: 'i9', openedAt, problemId: 'p1' }), {
        kind: 'problem',
        problem: aCandidate({ version: 2, incidentIds: ['i1', 'i9'] }),
      }),
    )

  test('resolves the problem when the change has succeeded, and a recurrence reopens it with evidence', async () => {
    await carryOut(change, 'successful')
    const fixed = await get('problems/p1')
    expect([fixed.status, fixed.fix.verification]).toEqual(['resolved', 'holding'])
    await post('problems/p1/close')
    await recur(START + 12 * DAY_MS)
    const back = await get('problems/p1')
    expect([back.status, back.fix.verification]).toEqual(['investigating', 'recurred'])
    expect(back.timeline.at(-1)).toMatchObject({
      kind: 'recur',
      text: 'Recurred 11 days after CHG-1 was to have fixed it: INC-4 on 2026-03-14',
    })
  })

  test('an incident of before the fix does not reopen it', async () => {
    await carryOut(change, 'successful')
    await desk.say(
      outputs(START + DAY_MS, {
        kind: 'problem',
        problem: aCandidate({ version: 2, incidentIds: ['i1', 'i2', 'i3'] }),
      }),
    )
    expect((await get('problems/p1')).status).toBe('resolved')
  })

  test('a change that failed resolves nothing and says so', async () => {
    await carryOut(change, 'backed-out')
    const { status, timeline } = await get('problems/p1')
    expect(status).toBe('known-error')
    expect(timeline.at(-1).text).toBe('Its fix CHG-1 ended backed-out: not resolved')
  })

  test('is a change that exists', async () => {
    expect((await post('problems/p1/fix', { change: 'CHG-99' })).status).toBe(422)
  })
})

test('a dismissal and its withdrawal reach the detector', async () => {
  await post('problems/p1/dismiss', { reason: 'a load test' })
  expect((await get('problems/p1')).dismissedBecause).toBe('a load test')
  expect((await get('incidents/i2')).knownErrors).toEqual([])
  await post('problems/p1/accept')
  expect(await get('problems/p1')).not.toHaveProperty('dismissedBecause')
  const told = (await database.sql.select().from(outbox).orderBy(outbox.sequence))
    .filter(({ topic }) => topic === 'events')
    .map(({ record }) => JSON.parse(record))
  expect(told.map(({ decision, undo }) => [decision, undo])).toEqual([
    [{ action: 'dismiss-problem', problemId: 'p1' }, undefined],
    [{ action: 'dismiss-problem', problemId: 'p1' }, true],
  ])
})
