// The desk over HTTP: pages, conditions, retries, bad input, live changes.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HOUR_MS } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import { tickCommand } from '../commands/tick.ts'
import type { DeskDatabase } from '../store/database.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { emptyDesk } from '../testing/empty.ts'
import { aCandidate, alertOutput, incidentOutput, outputs, START } from '../testing/records.ts'
import { keyedCommandId } from './context.ts'

let database: DeskDatabase
let desk: DeskApp

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
beforeEach(async () => {
  await emptyDesk(database)
  desk = await startDeskApp(database)
  await desk.say(outputs(START, incidentOutput(), alertOutput()))
})
afterEach(() => desk.close())

const get = async (url: string) => (await desk.app.inject(url)).json()
const post = (url: string, payload?: object | string, headers: Record<string, string> = {}) =>
  desk.app.inject({ method: 'POST', url, ...(payload === undefined ? {} : { payload }), headers })

describe('reading', () => {
  test('an incident has exactly the fields that others script against', async () => {
    expect(Object.keys((await get('/api/v1/incidents')).items[0])).toEqual(
      expect.arrayContaining([
        'id',
        'number',
        'title',
        'status',
        'severity',
        'priority',
        'scope',
        'openedAt',
        'lastEventAt',
        'alertCount',
        'occurrenceCount',
      ]),
    )
  })

  test('pages follow their cursor to the end', async () => {
    await desk.say(
      outputs(
        START,
        ...[2, 3, 4, 5].map((n) => incidentOutput({ id: `i${n}`, openedAt: START + n })),
      ),
    )
    const first = await get('/api/v1/incidents?limit=3')
    const second = await get(`/api/v1/incidents?limit=3&cursor=${first.nextCursor}`)
    expect([...first.items, ...second.items].map(({ id }: { id: string }) => id)).toEqual([
      'i5',
      'i4',
      'i3',
      'i2',
      'i1',
    ])
    expect(second).not.toHaveProperty('nextCursor')
  })

  test.each([
    ['/api/v1/incidents?cursor=nonsense', 400],
    [`/api/v1/incidents?cursor=${Buffer.from('["a",1]').toString('base64url')}`, 400],
    ['/api/v1/incidents?limit=0', 400],
    ['/api/v1/incidents?limit=501', 400],
    ['/api/v1/incidents?status=sleeping', 400],
    ['/api/v1/incidents?since=yesterday', 400],
    ['/api/v1/incidents?colour=red', 400],
    ['/api/v1/incidents/nothing', 404],
    ['/api/v1/incidents/%00', 400],
    ['/api/v1/problems/nothing', 404],
    ['/api/v1/cis/nothing', 404],
  ])('%s answers %i, clearly', async (url, status) => {
    const response = await desk.app.inject(url)
    expect(response.statusCode).toBe(status)
    // What fails its schema is answered by the server's own problem+json; see runtime/http.
    const { status: own, statusCode } = response.json()
    expect(own ?? statusCode).toBe(status)
  })

  test.each([
    '/api/v1/incidents?status=open&status=resolved&severity=critical&priority=P2&q=slow',
    '/api/v1/incidents?status=new&scope=default&since=2026-01-01T00:00:00Z',
    '/api/v1/alerts?status=firing&incident=i1&ci=checkout&severity=critical&q=latency',
  ])('%s finds the one', async (url) => {
    expect((await get(url)).items).toHaveLength(1)
  })

  test('each list answers items', async () => {
    for (const list of ['alerts', 'problems', 'dead-letters', 'audit', 'cis', 'services'])
      expect(await get(`/api/v1/${list}`), list).toHaveProperty('items')
  })
})

describe('acting', () => {
  test('a lost race is refused with the version that won', async () => {
    const { headers } = await desk.app.inject('/api/v1/incidents/i1')
    expect(headers.etag).toBe('"1"')
    const etag = String(headers.etag)
    expect(
      (await post('/api/v1/incidents/i1/acknowledge', {}, { 'if-match': etag })).statusCode,
    ).toBe(200)
    const late = await post('/api/v1/incidents/i1/start', {}, { 'if-match': etag })
    expect(late.statusCode).toBe(412)
    expect(late.json()).toMatchObject({ reason: 'version-conflict', version: 2 })
    expect((await post('/api/v1/incidents/i1/start', {}, { 'if-match': '"2"' })).statusCode).toBe(
      200,
    )
    expect((await post('/api/v1/incidents/i1/hold', {}, { 'if-match': 'two' })).statusCode).toBe(
      400,
    )
  })

  test('the same key twice acts once; for another action it is refused', async () => {
    const key = { 'idempotency-key': 'k1' }
    const first = await post('/api/v1/incidents/i1/notes', { text: 'once' }, key)
    const again = await post('/api/v1/incidents/i1/notes', { text: 'once' }, key)
    expect([first.statusCode, again.statusCode]).toEqual([200, 200])
    expect(again.json()).toEqual(first.json())
    expect(desk.commands).toHaveLength(1)
    expect((await post('/api/v1/incidents/i1/notes', { text: 'twice' }, key)).statusCode).toBe(422)
    expect(
      (await post('/api/v1/incidents/i1/start', {}, { 'idempotency-key': '' })).statusCode,
    ).toBe(400)
  })

  test("a person's key is neither another person's nor one of the desk's own", async () => {
    const tick = tickCommand(START)
    await post('/api/v1/incidents/i1/notes', { text: 'mine' }, { 'idempotency-key': tick.id })
    expect(desk.commands.map(({ id }) => id)).toEqual([keyedCommandId('ada', tick.id)])
    expect(keyedCommandId('ada', 'k')).not.toBe(keyedCommandId('bob', 'k'))
  })

  test('a ticket can be named by its number', async () => {
    expect((await post('/api/v1/incidents/INC-1/acknowledge')).json()).toMatchObject({ id: 'i1' })
  })

  test.each([
    ['a note without text', 'incidents/i1/notes', {}],
    ['an empty note', 'incidents/i1/notes', { text: '' }],
    ['a note too long', 'incidents/i1/notes', { text: 'a'.repeat(20_000) }],
    ['a number for a note', 'incidents/i1/notes', { text: 5 }],
    ['a field too many', 'incidents/i1/notes', { text: 'a', colour: 'red' }],
    ['an array for a body', 'incidents/i1/notes', []],
    ['an unknown priority', 'incidents/i1/prioritise', { priority: 'P0', reason: 'x' }],
    ['a hold without reason', 'incidents/i1/hold', {}],
    ['a workaround without cause', 'problems/p1/record-cause', { workaround: 'none' }],
  ])('%s is refused and nothing is written', async (_what, path, body) => {
    await desk.say(outputs(START, { kind: 'problem', problem: aCandidate() }))
    expect((await post(`/api/v1/${path}`, body)).statusCode).toBe(400)
    expect(desk.commands).toEqual([])
  })

  test('an unknown ticket is refused before anything reaches the log', async () => {
    expect((await post('/api/v1/incidents/i9/acknowledge')).statusCode).toBe(404)
    expect((await post('/api/v1/problems/p9/accept')).statusCode).toBe(404)
    expect(desk.commands).toEqual([])
  })

  test('FAULTS 21: markup in text comes back as the text that it is', async () => {
    const text = '<script>alert(1)</script> =HYPERLINK("http://x")'
    const { timeline } = (await post('/api/v1/incidents/i1/notes', { text })).json()
    expect(timeline.at(-1).text).toBe(text)
  })

  test('a problem becomes a known error, and its incident shows cause and workaround', async () => {
    const knownPatterns = [{ problemId: 'p1', title: 'old title', similarity: 0.9 }]
    await desk.say(
      outputs(
        START,
        { kind: 'problem', problem: aCandidate() },
        incidentOutput({ version: 2, knownPatterns }),
      ),
    )
    await post('/api/v1/problems/PRB-1/accept')
    const body = { cause: 'the nightly job locks the table', workaround: 'kill the job' }
    expect((await post('/api/v1/problems/p1/record-cause', body)).json()).toMatchObject({
      status: 'known-error',
      ...body,
    })
    expect((await get('/api/v1/incidents/i1')).knownErrors).toEqual([
      {
        problemId: 'p1',
        number: 'PRB-1',
        status: 'known-error',
        similarity: 0.9,
        title: 'Checkout slows down on Mondays',
        ...body,
      },
    ])
    expect((await post('/api/v1/problems/p1/close')).json()).toMatchObject({
      status: 409,
      legalActions: ['record-cause', 'resolve', 'analyse', 'workaround', 'fix', 'assign', 'notes'],
    })
  })

  test('a durable command that nobody has applied yet is answered 202', async () => {
    const slow = await startDeskApp(database, {
      gate: { append: async () => {}, waitMaxMs: 0, pollMs: 1 },
    })
    const response = await slow.app.inject({ method: 'POST', url: '/api/v1/incidents/i1/start' })
    expect(response.statusCode).toBe(202)
    expect(response.json()).toEqual({ commandId: 'id-1', status: 'accepted' })
    await slow.close()
  })
})

describe('the audit log', () => {
  test('exported, its chain can be followed without us', async () => {
    for (const text of ['one', 'two', 'three']) await post('/api/v1/incidents/i1/notes', { text })
    const { body, headers } = await desk.app.inject('/api/v1/audit/export')
    expect(headers['content-type']).toBe('application/x-ndjson')
    const lines = body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    let previous = '0'.repeat(64)
    for (const { entry, hash } of lines) {
      previous = createHash('sha256').update(`${previous}\n${entry}`).digest('hex')
      expect(hash).toBe(previous)
    }
    expect(lines.map(({ entry }) => JSON.parse(entry).target)).toEqual(['i1', 'i1', 'i1'])
    expect(await get('/api/v1/audit/verify')).toMatchObject({ entries: 3, intact: true })
  })
})

describe('the stream', () => {
  /** Server-sent events, one at a time. */
  const open = async (url: string, headers: Record<string, string> = {}) => {
    const request = http.get(url, { headers, agent: false })
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    const chunks = response.setEncoding('utf8')[Symbol.asyncIterator]()
    let text = ''
    return {
      async next(): Promise<{ id: number; event: string; data: { status: string } }> {
        for (;;) {
          const end = text.indexOf('\n\n')
          if (end < 0) {
            text += (await chunks.next()).value ?? ''
            continue
          }
          const match = /^id: (\d+)\nevent: (\w+)\ndata: (.*)$/.exec(text.slice(0, end))
          text = text.slice(end + 2)
          if (match) return { id: Number(match[1]), event: match[2]!, data: JSON.parse(match[3]!) }
        }
      },
      date: Date.parse(response.headers.date ?? ''),
      close: () => request.destroy(),
    }
  }

  test('tells changes as they happen, and on return what was missed', async () => {
    const url = `${await desk.app.listen({ host: '127.0.0.1', port: 0 })}/api/v1/stream`
    const live = await open(`${url}?lastEventId=0`)
    expect((await live.next()).data.status).toBe('new')
    expect(live.date - START, "the desk's clock, not this machine's").toBeLessThan(HOUR_MS)
    await post('/api/v1/incidents/i1/acknowledge')
    const { id, data } = await live.next()
    expect(data.status).toBe('acknowledged')
    live.close()
    await post('/api/v1/incidents/i1/start')
    await desk.say(outputs(START, { kind: 'problem', problem: aCandidate() }))
    const back = await open(url, { 'last-event-id': String(id) })
    expect(await back.next()).toMatchObject({ event: 'incident', data: { status: 'in-progress' } })
    expect(await back.next()).toMatchObject({ event: 'problem', data: { status: 'candidate' } })
    back.close()
  })

  test('without a point to resume from, begins with what changes next', async () => {
    const url = `${await desk.app.listen({ host: '127.0.0.1', port: 0 })}/api/v1/stream`
    const live = await open(url)
    await post('/api/v1/incidents/i1/acknowledge')
    expect((await live.next()).data.status).toBe('acknowledged')
    live.close()
  })

  test('open streams do not keep the server from stopping', async () => {
    const url = `${await desk.app.listen({ host: '127.0.0.1', port: 0 })}/api/v1/stream`
    const request = http.get(url, { agent: false })
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    response.resume()
    const ended = once(response, 'end')
    await desk.app.close()
    await ended
  })
})
