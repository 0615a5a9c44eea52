// Silences and windows at the desk: made, listed, ended, told to the correlator; Alertmanager's API.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Mute } from '../../domain/mute.ts'
import { DAY_MS, HOUR_MS, isoTime, MINUTE_MS } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import { tickCommand } from '../commands/tick.ts'
import type { DeskDatabase } from '../store/database.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { emptyDesk } from '../testing/empty.ts'
import { createMemoryLog } from '../testing/memory-log.ts'
import { alertOutput, outputs, START } from '../testing/records.ts'

let database: DeskDatabase
let desk: DeskApp
const NOW = START + MINUTE_MS

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
beforeEach(async () => {
  await emptyDesk(database)
  desk = await startDeskApp(database, { settings: { mutesMax: 3 } })
})
afterEach(() => desk.close())

const send = async (method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object) => {
  const response = await desk.app.inject({
    method,
    url: `/api/${path}`,
    ...(payload === undefined ? {} : { payload }),
  })
  return { status: response.statusCode, body: response.body === '' ? '' : response.json() }
}
const post = (path: string, payload: object = {}) => send('POST', path, payload)
const get = async (path: string) => (await send('GET', path)).body

const SILENCE = { matchers: '{service="db"}', comment: 'disk swap', durationMs: HOUR_MS }

/** What the correlator has been told since the last look, in each partition. */
const told = async (): Promise<Mute[]> => {
  const { log, all } = createMemoryLog(2)
  await desk.desk.publishOutbox(log)
  const mutes = all('events').flatMap((record) => (record.kind === 'mute' ? [record.mute] : []))
  expect(mutes.length % 2).toBe(0)
  return mutes.slice(0, mutes.length / 2)
}

const refusal = async (path: string, payload: object) => {
  const { status, body } = await post(path, payload)
  return `${status} ${body.detail}`
}

describe('a silence', () => {
  test('is told to the correlator in every partition, version by version', async () => {
    const { status, body } = await post('v1/silences', SILENCE)
    expect([status, body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        status: 'active',
        matchers: '{service="db"}',
        comment: 'disk swap',
        createdBy: 'ada',
        startsAt: isoTime(NOW),
        endsAt: isoTime(NOW + HOUR_MS),
        updatedAt: isoTime(NOW),
        version: 1,
      },
    ])
    const mute = {
      id: body.id,
      version: 1,
      reason: 'silence',
      title: 'disk swap',
      by: 'ada',
      matchers: [{ name: 'service', operator: '=', value: 'db' }],
      cis: [],
      spans: [{ from: NOW, to: NOW + HOUR_MS }],
    }
    expect(await told()).toEqual([mute])
    desk.setTime(NOW + MINUTE_MS)
    await post(`v1/silences/${body.id}/update`, { endsAt: isoTime(NOW + 2 * HOUR_MS) })
    expect(await told()).toEqual([
      { ...mute, version: 2, spans: [{ from: NOW, to: NOW + 2 * HOUR_MS }] },
    ])
    await post(`v1/silences/${body.id}/expire`)
    expect(await told()).toEqual([
      { ...mute, version: 3, spans: [{ from: NOW, to: NOW + MINUTE_MS }] },
    ])
  })

  test('is pending, active and expired in its time, and listed so', async () => {
    const startsAt = isoTime(NOW + HOUR_MS)
    const { body } = await post('v1/silences', { ...SILENCE, startsAt })
    const states = async () => {
      const found: string[] = []
      for (const status of ['pending', 'active', 'expired'])
        for (const { id } of (await get(`v1/silences?status=${status}`)).items)
          found.push(`${status} ${id === body.id}`)
      return found
    }
    expect(await states()).toEqual(['pending true'])
    desk.setTime(NOW + HOUR_MS)
    expect(await states()).toEqual(['active true'])
    desk.setTime(NOW + 2 * HOUR_MS)
    expect(await states()).toEqual(['expired true'])
    expect((await post(`v1/silences/${body.id}/expire`)).status).toBe(409)
  })

  test('one that has not begun and is expired never holds', async () => {
    const startsAt = isoTime(NOW + HOUR_MS)
    const { body } = await post('v1/silences', { ...SILENCE, startsAt })
    await post(`v1/silences/${body.id}/expire`)
    expect((await told()).at(-1)?.spans).toEqual([])
  })

  test.each([
    ['no end', { durationMs: undefined }, '422 give endsAt or durationMs'],
    ['two ends', { endsAt: isoTime(NOW + HOUR_MS) }, '422 give endsAt or durationMs, not both'],
    [
      'an end before its start',
      { durationMs: undefined, startsAt: isoTime(NOW + DAY_MS), endsAt: isoTime(NOW + HOUR_MS) },
      '422 endsAt must be after startsAt',
    ],
    [
      'an end that is past',
      { startsAt: isoTime(NOW - DAY_MS) },
      '422 endsAt must not be in the past',
    ],
    [
      'text that is no matcher',
      { matchers: 'service' },
      '422 service: expected label="value" at 7',
    ],
    [
      'matchers that match everything',
      { matchers: 'service=~".*"' },
      '422 at least one matcher must not match an alert without labels',
    ],
  ])('with %s is refused', async (_what, over, expected) => {
    expect(await refusal('v1/silences', { ...SILENCE, ...over })).toBe(expected)
    expect(await told()).toEqual([])
  })

  test('FAULTS 19: a pattern that is invalid, or longer than 10 kB, is refused at save', async () => {
    const pattern = (value: string) => ({
      ...SILENCE,
      matchers: [{ name: 'a', operator: '=~', value }],
    })
    expect(await refusal('v1/silences', pattern('('))).toMatch(/^422 .*missing closing \)/)
    expect(await refusal('v1/silences', pattern('(?=a)'))).toMatch(/^422 /)
    expect(await refusal('v1/silences', pattern('a'.repeat(10_241)))).toMatch(/10240 bytes/)
    expect((await post('v1/silences', pattern('(a+)+$'))).status).toBe(201)
  })

  test('beyond the limit is refused until another has expired', async () => {
    const made = [SILENCE, SILENCE, SILENCE, SILENCE].map((each) => post('v1/silences', each))
    const answers = []
    for (const each of made) answers.push(await each)
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 422])
    await post(`v1/silences/${answers[0]!.body.id}/expire`)
    expect((await post('v1/silences', SILENCE)).status).toBe(201)
  })

  test('long over is forgotten', async () => {
    await post('v1/silences', SILENCE)
    await desk.append(tickCommand(NOW + 90 * DAY_MS))
    expect((await get('v1/silences')).items).toHaveLength(1)
    await desk.append(tickCommand(NOW + 90 * DAY_MS + HOUR_MS))
    expect((await get('v1/silences')).items).toEqual([])
  })

  test('shows beforehand which live alerts it would mute', async () => {
    const on = (id: string, labels: Record<string, string>, ci: string) =>
      alertOutput({ id, fingerprint: id, labels, ci })
    await post('v1/cis/import', {
      cis: ['db', 'web', 'mail'].map((id) => ({ id, kind: 'service', name: id, attributes: {} })),
      relations: [{ from: 'web', to: 'db', type: 'depends_on' }],
    })
    await desk.say(
      outputs(
        START,
        on('a1', { service: 'db' }, 'db'),
        on('a2', { service: 'web' }, 'web'),
        on('a3', { service: 'mail' }, 'mail'),
        alertOutput({ id: 'a4', labels: { service: 'db' }, status: 'resolved' }),
      ),
    )
    const preview = async (body: object, kind = 'silences') => {
      const answer = (await post(`v1/${kind}/preview`, body)).body
      return `${answer.items.map(({ id }: { id: string }) => id).sort()} of ${answer.looked}`
    }
    expect(await preview({ matchers: 'service=~"db|mail"' })).toBe('a1,a3 of 3')
    expect(await preview({ matchers: 'alertname=HighLatency' })).toBe('a1,a2,a3 of 3')
    expect(await preview({ cis: ['db'] }, 'maintenance-windows')).toBe('a1,a2 of 3')
    expect(await preview({ cis: ['db'], matchers: 'service=web' }, 'maintenance-windows')).toBe(
      'a2 of 3',
    )
    expect(await refusal('v1/silences/preview', { matchers: 'a=~"("' })).toMatch(/^422/)
  })
})

describe('a maintenance window', () => {
  const WINDOW = { title: 'new disks', cis: ['host1'], endsAt: isoTime(NOW + HOUR_MS) }

  test('once: is told with its CIs, and again when it is cancelled', async () => {
    const { body } = await post('v1/maintenance-windows', WINDOW)
    expect(body).toMatchObject({ status: 'active', cis: ['host1'], createdBy: 'ada' })
    const [mute] = await told()
    expect(mute).toMatchObject({
      reason: 'maintenance',
      title: 'new disks',
      cis: ['host1'],
      matchers: [],
      spans: [{ from: NOW, to: NOW + HOUR_MS }],
    })
    desk.setTime(NOW + MINUTE_MS)
    await post(`v1/maintenance-windows/${body.id}/cancel`)
    expect(await told()).toEqual([
      { ...mute, version: 2, spans: [{ from: NOW, to: NOW + MINUTE_MS }] },
    ])
    expect((await post(`v1/maintenance-windows/${body.id}/cancel`)).status).toBe(409)
  })

  const NIGHTLY = {
    title: 'backup',
    matchers: 'job="backup"',
    recurrence: { cron: '0 2 * * *', timeZone: 'Europe/Berlin', durationMs: HOUR_MS },
  }

  test('recurring: shows the occurrence that holds or comes next', async () => {
    const { body } = await post('v1/maintenance-windows', NIGHTLY)
    expect(body).toMatchObject({
      status: 'planned',
      startsAt: '2026-03-03T01:00:00.000Z',
      endsAt: '2026-03-03T02:00:00.000Z',
      matchers: '{job="backup"}',
      recurrence: { ...NIGHTLY.recurrence, from: isoTime(NOW) },
    })
    desk.setTime(Date.parse('2026-03-03T01:30:00Z'))
    expect((await get('v1/maintenance-windows?status=active')).items).toHaveLength(1)
    expect((await get('v1/maintenance-windows?status=planned')).items).toEqual([])
  })

  test('recurring: its occurrences are told again before they run out, and never doubled', async () => {
    await post('v1/maintenance-windows', NIGHTLY)
    let known = (await told())[0]!
    expect(known.spans).toHaveLength(32)
    let version = 1
    for (let day = 1; day <= 100; day++) {
      const at = NOW + day * DAY_MS
      await desk.append(tickCommand(at))
      const [again] = await told()
      if (again !== undefined) {
        expect(again.version).toBe(++version)
        known = again
      }
      const ahead = known.spans.filter(({ to }) => to > at)
      expect(ahead.length).toBeGreaterThan(10)
    }
    expect(version).toBeLessThan(10)
  })

  test('recurring and cancelled: nothing of it is left', async () => {
    const { body } = await post('v1/maintenance-windows', NIGHTLY)
    await post(`v1/maintenance-windows/${body.id}/cancel`)
    expect((await told()).at(-1)?.spans).toEqual([])
    expect((await get('v1/maintenance-windows')).items[0].status).toBe('cancelled')
    await desk.append(tickCommand(NOW + 90 * DAY_MS))
    expect(await told()).toEqual([])
  })

  test.each([
    ['nothing named', { cis: [] }, 'name CIs, or a matcher that does not match everything'],
    ['no end', { endsAt: undefined }, 'give endsAt, or a recurrence'],
    ['an end before its start', { endsAt: isoTime(NOW) }, 'endsAt must be after startsAt'],
    [
      'a cron that never comes',
      { recurrence: { cron: '0 0 31 2 *', durationMs: HOUR_MS } },
      'cron: 0 0 31 2 * never comes',
    ],
  ])('with %s is refused', async (_what, over, expected) => {
    expect(await refusal('v1/maintenance-windows', { ...WINDOW, ...over })).toBe(`422 ${expected}`)
  })
})

describe('Alertmanager’s silences API v2', () => {
  const posted = {
    matchers: [
      { name: 'alertname', value: 'Disk.*', isRegex: true, isEqual: true },
      { name: 'env', value: 'test', isRegex: false, isEqual: false },
    ],
    startsAt: '2026-03-02T09:01:00.000Z',
    endsAt: '2026-03-02T11:01:00.123456789Z',
    createdBy: 'bob',
    comment: 'amtool',
  }

  test('makes, shows, changes and expires the same silences', async () => {
    const { status, body } = await post('v2/silences', posted)
    expect(status).toBe(200)
    const id = body.silenceID
    const shown = {
      ...posted,
      id,
      createdBy: 'bob (ada)',
      endsAt: '2026-03-02T11:01:00.123Z',
      status: { state: 'active' },
      updatedAt: isoTime(NOW),
    }
    expect(await get('v2/silences')).toEqual([shown])
    expect(await get(`v2/silence/${id}`)).toEqual(shown)
    expect((await get(`v1/silences/${id}`)).matchers).toBe('{alertname=~"Disk.*",env!="test"}')
    const longer = { ...posted, id, endsAt: '2026-03-02T12:00:00Z' }
    expect((await post('v2/silences', longer)).body).toEqual({ silenceID: id })
    expect((await get(`v2/silence/${id}`)).endsAt).toBe('2026-03-02T12:00:00.000Z')
    expect((await send('DELETE', `v2/silence/${id}`)).status).toBe(200)
    expect((await get(`v2/silence/${id}`)).status).toEqual({ state: 'expired' })
    const anew = (await post('v2/silences', longer)).body.silenceID
    expect(anew).not.toBe(id)
  })

  test('filters as amtool does', async () => {
    await post('v2/silences', posted)
    const found = async (filter: string) =>
      (await get(`v2/silences?filter=${encodeURIComponent(filter)}`)).length
    expect(await found('alertname="Disk.*"')).toBe(1)
    expect(await found('alertname=~"Disk.+"')).toBe(1)
    expect(await found('alertname="Other"')).toBe(0)
    expect((await send('GET', 'v2/silences?filter=nonsense')).status).toBe(400)
    const missing = await send('GET', 'v2/silence/none')
    expect([missing.status, missing.body]).toEqual([404, 'There is no silence none.'])
    expect((await send('DELETE', 'v2/silence/none')).status).toBe(404)
  })
})
