// Heartbeats at the desk: what people define and change.
import { describe, expect, test } from 'vitest'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import { call, create, get, OTHER, published, tell, UUID, useDesk } from '../testing/heartbeats.ts'

useDesk(() => openPgliteDesk({}))

describe('defining a heartbeat', () => {
  test('makes it, with a URL to copy, and tells the correlator', async () => {
    const { status, body, headers } = await create({
      periodSeconds: 600,
      graceSeconds: 60,
      labels: { host: 'db-1' },
      tags: ['backup'],
    })
    expect(status).toBe(201)
    expect(headers.location).toBe(`/api/v1/heartbeats/${body.id}`)
    expect(body).toMatchObject({
      name: 'Nightly backup',
      slug: 'nightly-backup',
      status: 'new',
      periodSeconds: 600,
      graceSeconds: 60,
      severity: 'error',
      pingUrl: `http://localhost:80/ping/${UUID}`,
      createdBy: 'ada',
      version: 1,
    })
    expect(await published()).toMatchObject([
      {
        kind: 'heartbeat',
        change: {
          action: 'define',
          definition: {
            id: body.id,
            schedule: { kind: 'period', periodMs: 600_000 },
            graceMs: 60_000,
            labels: { host: 'db-1' },
          },
        },
      },
    ])
  })

  test('takes a day with an hour of grace where nothing is said, as healthchecks.io does', async () => {
    expect((await create()).body).toMatchObject({ periodSeconds: 86_400, graceSeconds: 3_600 })
  })

  test('again under the same key gives the same, with the same UUID', async () => {
    const body = { name: 'Nightly backup', uuid: UUID }
    const first = await call('POST', '/api/v1/heartbeats', body, { 'idempotency-key': 'k1' })
    const again = await call(
      'POST',
      '/api/v1/heartbeats',
      { name: 'Nightly backup' },
      { 'idempotency-key': 'k1' },
    )
    expect(again.body).toEqual(first.body)
    expect((await get('/api/v1/heartbeats')).items.length).toBe(1)
  })

  test.each([
    [
      { schedule: '30 2 * * 1-5', timeZone: 'Europe/Berlin' },
      { scheduleKind: 'cron', timeZone: 'Europe/Berlin' },
    ],
    [{ schedule: '@daily' }, { scheduleKind: 'cron', timeZone: 'UTC' }],
    [{ schedule: 'Mon..Fri 22:00' }, { scheduleKind: 'on-calendar' }],
    [{ schedule: 'daily' }, { scheduleKind: 'on-calendar' }],
  ])('reads the schedule %j', async (said, shown) => {
    expect((await create(said)).body).toMatchObject(shown)
  })

  test.each([
    [{ schedule: '61 2 * * *' }, 422, 'schedule: Invalid value for minute: 61'],
    [{ schedule: '0 0 30 2 *' }, 422, 'schedule: it is never due'],
    [{ schedule: 'Foo 12:00' }, 422, 'schedule: "Foo" is no day of the week'],
    [
      { schedule: '* * * * *', timeZone: 'Mars/Base' },
      422,
      'timeZone: "Mars/Base" is no IANA time zone',
    ],
    [{ schedule: '* * * * *', periodSeconds: 60 }, 422, 'say either periodSeconds or schedule'],
    [{ name: '???' }, 422, 'the name gives no slug, so one must be said'],
  ])('%j is refused with what is wrong', async (over, status, detail) => {
    const answer = await create(over)
    expect([answer.status, answer.body.detail]).toEqual([status, detail])
    expect(await published()).toEqual([])
  })

  test.each([
    { periodSeconds: 0 },
    { graceSeconds: 1.5 },
    { slug: 'Not A Slug' },
    { uuid: 'x' },
    { nmae: 'x' },
  ])('%j is no heartbeat', async (over) => {
    expect((await create(over)).status).toBe(400)
  })

  test('a slug and a UUID belong to one only', async () => {
    await create()
    expect((await create({ uuid: OTHER })).body.detail).toBe(
      'another heartbeat has the slug "nightly-backup"',
    )
    expect((await create({ name: 'another' })).body.detail).toBe('another heartbeat has the uuid')
  })
})

describe('changing a heartbeat', () => {
  test('keeps what is not said, and tells the correlator all of it', async () => {
    const { body } = await create({ periodSeconds: 600, labels: { host: 'db-1' } })
    await published()
    const { status, body: changed } = await call('PATCH', `/api/v1/heartbeats/${body.id}`, {
      graceSeconds: 30,
    })
    expect(status).toBe(200)
    expect(changed).toMatchObject({
      periodSeconds: 600,
      graceSeconds: 30,
      labels: { host: 'db-1' },
      version: 2,
    })
    const [record] = await published()
    expect(record?.change).toMatchObject({
      definition: { graceMs: 30_000, labels: { host: 'db-1' } },
    })
  })

  test('another kind of schedule replaces the old one', async () => {
    const { body } = await create({ periodSeconds: 600 })
    const cron = { schedule: '0 3 * * *', timeZone: 'Europe/Berlin' }
    const url = `/api/v1/heartbeats/${body.id}`
    expect((await call('PATCH', url, cron)).body).toMatchObject({ scheduleKind: 'cron', ...cron })
    expect((await call('PATCH', url, { schedule: '0 4 * * *' })).body).toMatchObject({
      timeZone: 'Europe/Berlin',
    })
    const period = (await call('PATCH', url, { periodSeconds: 60 })).body
    expect(period).toMatchObject({ scheduleKind: 'period', periodSeconds: 60 })
    expect(period.schedule).toBeUndefined()
  })

  test('a source is set and taken away', async () => {
    const { body } = await create({ source: { name: 'alertmanager' } })
    expect(body.source).toEqual({ name: 'alertmanager', labels: {}, deliveries: false })
    const { body: changed } = await call('PATCH', `/api/v1/heartbeats/${body.id}`, { source: null })
    expect(changed.source).toBeUndefined()
  })

  test('loses a race by If-Match', async () => {
    const { body } = await create()
    const url = `/api/v1/heartbeats/${body.id}`
    expect((await call('PATCH', url, { graceSeconds: 30 }, { 'if-match': '"7"' })).status).toBe(412)
    expect((await call('PATCH', url, { graceSeconds: 30 }, { 'if-match': '"1"' })).status).toBe(200)
  })

  test('pause and resume go to the correlator, and are shown at once', async () => {
    const { body } = await create()
    await published()
    const url = `/api/v1/heartbeats/${body.id}`
    expect((await call('POST', `${url}/resume`)).status).toBe(409)
    expect((await call('POST', `${url}/pause`)).body.status).toBe('paused')
    expect((await call('POST', `${url}/resume`)).body.status).toBe('new')
    expect((await published()).map(({ change }) => change)).toEqual([
      { action: 'pause', id: body.id },
      { action: 'resume', id: body.id },
    ])
  })

  test('deleted, it is gone, its slug and UUID are free, and late word of it changes nothing', async () => {
    const { body } = await create()
    const url = `/api/v1/heartbeats/${body.id}`
    expect((await call('DELETE', url)).status).toBe(204)
    await tell(body.id, { status: 'up', version: 9 })
    expect((await call('GET', url)).status).toBe(404)
    expect((await call('DELETE', url)).status).toBe(404)
    expect((await get('/api/v1/heartbeats')).items).toEqual([])
    expect((await create()).status).toBe(201)
    expect((await published()).map(({ change }) => change.action)).toEqual([
      'define',
      'delete',
      'define',
    ])
  })

  test('everything that people do is in the audit log, without the UUID', async () => {
    const { body } = await create()
    await call('POST', `/api/v1/heartbeats/${body.id}/pause`)
    const { items } = await get('/api/v1/audit')
    expect(items.map(({ action }: { action: string }) => action)).toEqual([
      'heartbeat.pause',
      'heartbeat.create',
    ])
    expect(JSON.stringify(items)).not.toContain(UUID)
  })
})
