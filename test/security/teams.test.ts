// IDOR across teams: whoever is limited to teams meets no other team's ticket, however they ask.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { permissionOf } from '../../runtime/http/permissions.ts'
import { INCIDENT_ACTIONS } from '../../ticketing/lifecycles/incident.ts'
import {
  type Answer,
  type Browser,
  type Composed,
  startComposed,
  withAdmin,
  withUser,
} from '../support/composed.ts'
import { eventually } from '../support/processes.ts'

let composed: Composed
let admin: Browser
let dba: Browser
let token: string
/** By team: the incident's number, its task's and its alert's id. */
const tickets = new Map<string, { number: string; id: string; task: string; alert: string }>()

const LAPTOP = {
  id: 'laptop',
  title: 'A laptop',
  description: 'For work',
  form: { properties: {} },
  approvers: [],
  tasks: ['Order it'],
  targetMs: 3_600_000,
  calendar: 'always',
}

const raise = async (team: string): Promise<void> => {
  const cis = ['db', 'web'].map((each) => ({
    id: `${each}-1`,
    kind: 'service',
    name: `${each}-1`,
    attributes: { team: each },
  }))
  await admin.ask('/api/v1/cis/import', { body: { cis, relations: [] } })
  const body = { name: `${team}Down`, severity: 'critical', labels: { host: `${team}-1` } }
  expect((await admin.ask('/api/v1/events', { body })).status).toBe(200)
  const found = await eventually(`the incident of ${team}`, 20_000, async () => {
    const { json } = await admin.ask('/api/v1/incidents')
    return json.items.find(({ title }: { title: string }) => title.includes(`${team}Down`))
  })
  const { number, id } = found
  await admin.ask(`/api/v1/incidents/${number}/assign`, { body: { team } })
  await admin.ask(`/api/v1/incidents/${number}/tasks`, { body: { title: `Look at ${team}` } })
  const detail = (await admin.ask(`/api/v1/incidents/${number}`)).json
  tickets.set(team, { number, id, task: detail.tasks[0].id, alert: detail.alerts[0].id })
}

beforeAll(async () => {
  composed = await startComposed({ desk: { catalogue: [{ ...LAPTOP, team: 'web' }] } } as object, [
    'ingest',
    'correlator',
    'ticketing',
    'facts',
  ])
  admin = await withAdmin(composed)
  await raise('db')
  await raise('web')
  await admin.ask('/api/v1/requests', { body: { item: 'laptop', values: {} } })
  dba = await withUser(composed, admin, {
    name: 'dba',
    roles: ['responder', 'problem-manager', 'change-manager'],
    teams: ['db'],
    limitedToTeams: true,
  })
  const made = await admin.ask('/api/v1/tokens', {
    body: { name: 'dba', roles: ['responder'], teams: ['db'] },
  })
  token = made.json.token
}, 120_000)
afterAll(() => composed?.stop())

const byToken = (path: string, body?: unknown): Promise<Answer> =>
  composed.ask(path, {
    ...(body === undefined ? {} : { body }),
    headers: { authorization: `Bearer ${token}` },
  })
const ways = () =>
  [
    ['a limited user', (path: string, body?: unknown) => dba.ask(path, body ? { body } : {})],
    ['a limited token', byToken],
  ] as const

/** Everything by which the other team's ticket could be recognised. */
const traces = () => {
  const { number, id, task, alert } = tickets.get('web')!
  return [number, id, task, alert, 'webDown', 'web-1'].map((trace) => new RegExp(`${trace}\\b`))
}

describe.each([0, 1])('IDOR across teams (%#)', (nth) => {
  const ask = (path: string, body?: unknown) => ways()[nth]![1](path, body)

  test('its own tickets are there, and can be worked', async () => {
    const { number, task } = tickets.get('db')!
    const { json } = await ask('/api/v1/incidents')
    expect(json.items.map((each: { number: string }) => each.number)).toEqual([number])
    expect((await ask(`/api/v1/incidents/${number}`)).status).toBe(200)
    expect((await ask(`/api/v1/incidents/${number}/notes`, { text: 'mine' })).status).toBe(200)
    expect((await ask(`/api/v1/tasks/${task}/assign`, { assignee: 'dba' })).status).toBe(200)
  })

  test('no list tells of another team’s', async () => {
    const { id } = tickets.get('web')!
    for (const path of [
      '/api/v1/incidents',
      '/api/v1/incidents?team=web',
      `/api/v1/incidents?q=web`,
      '/api/v1/alerts',
      `/api/v1/alerts?incident=${id}`,
      '/api/v1/tasks',
      `/api/v1/tasks?ticket=${id}`,
      '/api/v1/requests',
    ]) {
      const { status, text } = await ask(path)
      expect([path, status]).toEqual([path, 200])
      for (const trace of traces()) expect(text).not.toMatch(trace)
    }
  })

  test('no other route that it may use tells of it either', async () => {
    const { number, id, task, alert } = tickets.get('web')!
    const told: string[] = []
    const asked = [...new Set(composed.routes)].filter((route) => {
      const [method = '', url = ''] = route.split(' ')
      // The status page is what customers are told: that is everybody's.
      if (method !== 'GET' || /\/(stream$|status\b)/.test(url)) return false
      return permissionOf(method, url).limit !== 'refused'
    })
    expect(asked.length).toBeGreaterThan(20)
    for (const route of asked) {
      // CIs are everybody's: what stands on another team's CI must not be.
      const { text } = await ask(route.replace('GET ', '').replaceAll(/:\w+/g, 'web-1'))
      for (const trace of [number, id, task, alert, 'webDown'])
        if (text.includes(trace)) told.push(`${route}: ${trace}`)
    }
    expect(told).toEqual([])
  })

  test('by number and by id another’s is as if it were not there', async () => {
    const { number, id, task } = tickets.get('web')!
    for (const name of [number, id]) {
      const there = await ask(`/api/v1/incidents/${name}`)
      const nowhere = await ask('/api/v1/incidents/INC-999')
      expect([there.status, nowhere.status]).toEqual([404, 404])
      expect(there.text.replace(name, 'X')).toBe(nowhere.text.replace('INC-999', 'X'))
    }
    expect((await ask(`/api/v1/tasks/${task}/complete`, {})).status).toBe(404)
    expect((await ask('/api/v1/requests/REQ-1')).status).toBe(404)
    expect((await ask('/api/v1/requests/REQ-1/cancel', { reason: 'mine now' })).status).toBe(404)
  })

  test.each(INCIDENT_ACTIONS)('%s on another team’s incident is refused', async (action) => {
    const { number, id } = tickets.get('web')!
    const before = (await admin.ask(`/api/v1/incidents/${number}`)).json.version
    for (const name of [number, id]) {
      const { status } = await ask(`/api/v1/incidents/${name}/${action}`, BODIES[action] ?? {})
      expect([400, 404]).toContain(status)
    }
    expect((await admin.ask(`/api/v1/incidents/${number}`)).json.version).toBe(before)
  })

  test('its own incident cannot be joined to another team’s', async () => {
    const own = tickets.get('db')!
    const other = tickets.get('web')!
    for (const name of [other.number, other.id])
      for (const [action, body] of [
        ['merge', { into: name }],
        ['move', { alertIds: [own.alert], to: name }],
        ['relate', { incident: name }],
      ] as const) {
        const answer = await ask(`/api/v1/incidents/${own.number}/${action}`, body)
        expect([action, answer.status]).toEqual([action, 404])
      }
  })

  test('what is about the whole installation is refused', async () => {
    const wrong: string[] = []
    for (const route of composed.routes) {
      const [method = '', url = ''] = route.split(' ')
      if (permissionOf(method, url).limit !== 'refused') continue
      const path = url.replaceAll(/:\w+/g, 'x')
      const { status } = method === 'GET' ? await ask(path) : await ask(path, {})
      // Other methods than POST are asked as POST, and so are not there.
      if (status !== 403 && !(status === 404 && !/^(GET|POST)$/.test(method)))
        wrong.push(`${route}: ${status}`)
    }
    expect(wrong).toEqual([])
  })
})

/** Bodies that fit, so that it is not their shape that is refused. */
const BODIES: Readonly<Record<string, object>> = {
  hold: { reason: 'no' },
  notes: { text: 'no' },
  tasks: { title: 'no' },
  relate: { incident: 'x' },
  unrelate: { incident: 'x' },
  runbook: { process: 'x' },
  review: { summary: 'no' },
  roles: { commander: 'dba' },
  assign: { team: 'db' },
  prioritise: { priority: 'P5', reason: 'no' },
  merge: { into: 'x' },
  split: { alertIds: ['x'] },
  move: { alertIds: ['x'], to: 'y' },
  rate: { score: 1 },
  'confirm-hint': { ci: 'web-1' },
  'reject-hint': { ci: 'web-1' },
  'link-problem': { problemId: 'x' },
  'unlink-problem': { problemId: 'x' },
}

describe('the live stream', () => {
  test('tells a limited user of its own team’s incidents only', async () => {
    const { number } = tickets.get('db')!
    const response = await fetch(`${composed.url}/api/v1/stream?lastEventId=0`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes(number)) text += (await reader.read()).value ?? ''
    await reader.cancel()
    for (const trace of traces()) expect(text).not.toMatch(trace)
  })
})
