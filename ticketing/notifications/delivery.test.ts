// Who is told what, when: rules, quiet hours, escalation, mutes, retries, resolutions, tests.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import type { DeskDatabase } from '../store/database.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { emptyDesk } from '../testing/empty.ts'
import { incidentOutput, outputs, START } from '../testing/records.ts'
import { createReceiver, FAILED, OFFICE, type Receiver, TELLING } from '../testing/telling.ts'
import { type Delivery, pauseAfter, type Send, type SendResult } from './delivery.ts'
import { type NotificationSettings, notificationFaults, onCallAt } from './settings.ts'

let database: DeskDatabase
let desk: DeskApp
let delivery: Delivery
let sent: Receiver['sent']
let answers: Receiver['answers']
let send: Send

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
beforeEach(async () => {
  await emptyDesk(database)
  desk = await startDeskApp(database, {
    settings: { notifications: TELLING, calendars: { office: OFFICE } },
  })
  ;({ sent, answers, send } = createReceiver())
  delivery = desk.desk.createDelivery(send)
})
afterEach(() => desk.close())

const act = async (action: string, body: object = {}, id = 'i1') => {
  const url = `/api/v1/incidents/${id}/${action}`
  expect((await desk.app.inject({ method: 'POST', url, payload: body })).statusCode).toBe(200)
}
const states = async () =>
  Object.fromEntries(
    (await desk.desk.queries.listNotifications({}, 50)).items.map((each) => [
      `${each.event} ${each.channel}`,
      each.status,
    ]),
  )
const opened = (over = {}) => desk.say(outputs(START, incidentOutput(over)))

describe('an incident that opens', () => {
  test('is told by the rules it fits, once, whoever is on call', async () => {
    await opened()
    await delivery.run(START)
    await delivery.run(START)
    expect(sent).toMatchObject([
      { to: 'https://ops.example/hook', what: 'opened', id: 'i1@1/all' },
      { to: 'ada@example' },
    ])
  })

  test('of low priority, wakes nobody', async () => {
    await opened({ severity: 'info' })
    await delivery.run(START)
    expect(sent.map(({ to }) => to)).toEqual(['https://ops.example/hook'])
  })

  test('outside the hours of its rule waits for them', async () => {
    await opened({ scope: 'quiet', severity: 'info' })
    await delivery.run(START)
    await delivery.run(START + 23 * HOUR_MS)
    expect(sent.map(({ to }) => to)).toEqual(['https://ops.example/hook'])
    await delivery.run(START + 24 * HOUR_MS)
    expect(sent.at(-1)?.to).toBe('https://teams.example/hook')
  })

  test('whose alerts are all muted is recorded, and nobody is told, of its resolution neither', async () => {
    await opened({ muted: true })
    await act('resolve')
    await delivery.run(START + HOUR_MS)
    expect(sent).toEqual([])
    expect(await states()).toMatchObject({ 'opened ops': 'muted', 'opened ada': 'muted' })
  })
})

describe('escalation', () => {
  test('reaches the next one while nobody has taken the incident up', async () => {
    await opened()
    await delivery.run(START + 14 * MINUTE_MS)
    expect(sent.map(({ to }) => to)).not.toContain('https://slack.example/hook')
    await delivery.run(START + 15 * MINUTE_MS)
    expect(sent.map(({ to }) => to)).toContain('https://slack.example/hook')
  })

  test('ends when somebody does', async () => {
    await opened()
    await delivery.run(START)
    await act('acknowledge')
    await delivery.run(START + HOUR_MS)
    expect(sent.map(({ to }) => to)).not.toContain('https://slack.example/hook')
    expect(await states()).toMatchObject({ 'opened boss': 'cancelled', 'acknowledged ops': 'sent' })
  })
})

describe('a resolution', () => {
  test('follows every announcement, wherever it went, and only there', async () => {
    await opened()
    await delivery.run(START)
    await act('resolve')
    await delivery.run(START + HOUR_MS)
    expect(sent.map(({ to, what }) => `${to} ${what}`).sort()).toEqual([
      'ada@example new',
      'ada@example resolved',
      'https://ops.example/hook opened',
      'https://ops.example/hook resolved',
    ])
  })

  test('follows also one whose answer never came: it may have arrived', async () => {
    await opened({ severity: 'info' })
    answers.set('https://ops.example/hook', { kind: 'failed', detail: 'timeout', retry: false })
    await delivery.run(START)
    answers.clear()
    await act('resolve')
    await delivery.run(START + HOUR_MS)
    expect(sent.map(({ what }) => what)).toEqual(['resolved'])
  })

  test('before anything was said leaves nothing to say', async () => {
    await opened()
    await act('resolve')
    await delivery.run(START + HOUR_MS)
    expect(sent).toEqual([])
  })

  test('never overtakes an announcement that is still being tried', async () => {
    await opened()
    answers.set('https://ops.example/hook', FAILED)
    await delivery.run(START)
    await act('resolve')
    answers.clear()
    await delivery.run(START + 2_000)
    expect(sent.filter(({ to }) => to.includes('ops'))).toEqual([])
    await delivery.run(START + 10_000)
    await delivery.run(START + 10_000)
    await delivery.run(START + 70_000)
    expect(sent.filter(({ to }) => to.includes('ops')).map(({ what }) => what)).toEqual([
      'opened',
      'resolved',
    ])
  })
})

describe('a target that fails', () => {
  test('is tried again with growing pauses, then shown as dead, and can be replayed', async () => {
    await opened()
    answers.set('https://ops.example/hook', FAILED)
    let now = START
    for (const attempts of [1, 2, 3]) {
      await delivery.run(now)
      await delivery.run(now + pauseAfter(attempts, 'i1@1/all') - 1)
      now += pauseAfter(attempts, 'i1@1/all')
    }
    const [dead] = (await desk.app.inject('/api/v1/notifications?status=dead')).json().items
    expect(dead).toMatchObject({ id: 'i1@1/all', attempts: 3, detail: 'HTTP 500' })
    answers.clear()
    const url = `/api/v1/notifications/${encodeURIComponent(dead.id)}/replay`
    expect((await desk.app.inject({ method: 'POST', url })).json().status).toBe('pending')
    await delivery.run(START + HOUR_MS)
    expect(sent.filter(({ what }) => what === 'opened')).toMatchObject([{ id: 'i1@1/all' }])
    expect((await desk.app.inject({ method: 'POST', url })).statusCode).toBe(409)
  })

  test('is not replayed once what it was to say is over', async () => {
    await opened()
    answers.set('https://ops.example/hook', { kind: 'failed', detail: 'HTTP 410', retry: false })
    await delivery.run(START)
    await act('resolve')
    const url = `/api/v1/notifications/${encodeURIComponent('i1@1/all')}/replay`
    const answer = await desk.app.inject({ method: 'POST', url })
    expect(answer.statusCode).toBe(409)
    expect(answer.json().detail).toBe('INC-1 is over: it is no news any more')
  })

  test('that refuses for good is not asked again', async () => {
    await opened()
    answers.set('https://ops.example/hook', { kind: 'failed', detail: 'HTTP 410', retry: false })
    await delivery.run(START)
    expect(await states()).toMatchObject({ 'opened ops': 'dead' })
  })

  test('says how long to wait and is waited for', async () => {
    await opened()
    answers.set('https://ops.example/hook', { ...FAILED, retryAfterMs: HOUR_MS } as SendResult)
    await delivery.run(START)
    answers.clear()
    await delivery.run(START + 59 * MINUTE_MS)
    expect(sent.map(({ to }) => to)).not.toContain('https://ops.example/hook')
    await delivery.run(START + HOUR_MS)
    expect(sent.map(({ to }) => to)).toContain('https://ops.example/hook')
  })

  test('says how long to wait and is left alone so long, whatever else there is to say', async () => {
    let asked = 0
    const limited = desk.desk.createDelivery(async (outgoing) => {
      if (outgoing.kind !== 'http') return { kind: 'sent' }
      asked += 1
      return { kind: 'failed', detail: 'HTTP 429', retry: true, retryAfterMs: 2 * MINUTE_MS }
    })
    for (const id of ['i1', 'i2', 'i3']) await opened({ id, severity: 'info' })
    for (const later of [0, 1, 60_000, 119_999]) await limited.run(START + later)
    expect(asked).toBe(1)
    await limited.run(START + 2 * MINUTE_MS)
    expect(asked).toBe(2)
  })

  test('FAULTS 34: does not hold up another, and is left alone after five failures in a row', async () => {
    answers.set('https://ops.example/hook', FAILED)
    let attempts = 0
    const counting = desk.desk.createDelivery(async (outgoing) => {
      if (outgoing.kind === 'http' && outgoing.url.includes('ops')) attempts += 1
      return send(outgoing)
    })
    for (let n = 1; n <= 8; n++) {
      await opened({ id: `i${n}` })
      await counting.run(START + n)
    }
    expect(attempts).toBe(5)
    expect(sent.filter(({ to }) => to === 'ada@example')).toHaveLength(8)
  })
})

describe('a channel that is slow', () => {
  test('FAULTS 34: holds up no other: each takes its own turns', async () => {
    await opened()
    let answer = (): void => {}
    const hanging = new Promise<void>((resolve) => {
      answer = resolve
    })
    const slow = desk.desk.createDelivery(async (outgoing) => {
      if (outgoing.kind === 'http') await hanging
      return send(outgoing)
    })
    const waiting = slow.turn('ops', START)
    expect(await slow.turn('ada', START)).toEqual({ sent: 1, failed: 0, more: false })
    expect(sent.map(({ to }) => to)).toEqual(['ada@example'])
    answer()
    expect((await waiting).sent).toBe(1)
  })
})

describe('a test message', () => {
  const tryOut = (payload: object) =>
    desk.app.inject({ method: 'POST', url: '/api/v1/notifications/test', payload })

  test('goes the way of the rule, to whoever is on call, and is listed like every other', async () => {
    const asked = (await tryOut({ rule: 'call' })).json()
    expect(asked).toMatchObject({ channel: 'ada', rule: 'call', event: 'test', status: 'pending' })
    await delivery.run(START + HOUR_MS)
    expect(sent).toMatchObject([{ to: 'ada@example' }])
    expect((await desk.app.inject(`/api/v1/notifications/${asked.id}`)).json().status).toBe('sent')
  })

  test.each([
    [{}, 'name either a rule or a channel'],
    [{ rule: 'call', channel: 'ops' }, 'name either a rule or a channel'],
    [{ rule: 'nobody' }, 'there is no rule nobody; known: all, call, office'],
    [{ channel: 'nowhere' }, 'there is no channel nowhere; known: ops, ada, bob, boss, day'],
  ])('%j is refused: %s', async (body, detail) => {
    const answer = await tryOut(body)
    expect([answer.statusCode, answer.json().detail]).toEqual([422, detail])
  })
})

describe('the settings', () => {
  test('a rotation hands over shift by shift; an override wins', () => {
    const { duty } = TELLING.rotations
    const at = [0, 7 * DAY_MS, 14 * DAY_MS, DAY_MS, -2 * HOUR_MS].map((later) =>
      onCallAt(duty!, START + later),
    )
    expect(at).toEqual(['ada', 'bob', 'ada', 'boss', 'bob'])
  })

  test('what makes no sense is named', () => {
    const wrong: NotificationSettings = {
      ...TELLING,
      rotations: { night: { members: ['zoe'], from: 'now', shiftMs: 0 } },
      rules: [
        { name: 'a', events: [], channel: 'nowhere', hours: 'never' },
        { name: 'a', events: [], channel: 'on-call:day' },
      ],
    }
    expect(notificationFaults(wrong, new Set(['always']))).toEqual([
      'rotation night: now is no time',
      'rotation night: shiftMs must be above 0',
      'rotation night names an unknown channel zoe',
      'notification rule a names an unknown channel nowhere',
      'notification rule a names an unknown calendar never',
      'there are two notification rules called a',
      'notification rule a names an unknown channel on-call:day',
    ])
  })
})
