// A desk with heartbeats for tests: what people ask of it, and what the correlator tells it.
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { Heartbeat, HeartbeatPing } from '../../domain/heartbeat.ts'
import type { HeartbeatRecord } from '../../domain/records.ts'
import type { DeskDatabase } from '../store/database.ts'
import { type DeskApp, startDeskApp } from './app.ts'
import { emptyDesk } from './empty.ts'
import { createMemoryLog } from './memory-log.ts'
import { outputs, START } from './records.ts'

export const UUID = '5bf66975-d4c7-4bf5-bcc8-b8d8a82ea278'
export const OTHER = '11111111-2222-4333-8444-555555555555'

export let database: DeskDatabase
export let desk: DeskApp

/** An empty desk before each test of the file. */
export const useDesk = (open: () => Promise<DeskDatabase>): void => {
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await emptyDesk(database)
    desk = await startDeskApp(database)
  })
  afterEach(() => desk.close())
}

export const call = async (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
  headers = {},
) => {
  const answer = await desk.app.inject({
    method,
    url,
    headers,
    ...(payload === undefined ? {} : { payload }),
  })
  return {
    status: answer.statusCode,
    body: answer.body === '' ? undefined : answer.json(),
    headers: answer.headers,
  }
}
export const get = async (url: string) => (await call('GET', url)).body
export const create = async (over: object = {}) => {
  const body = { name: 'Nightly backup', uuid: UUID, ...over }
  return call('POST', '/api/v1/heartbeats', body)
}

/** The correlator tells of it. */
export const tell = (
  id: string,
  over: Partial<Heartbeat> = {},
  rest: { transitions?: object[]; pings?: HeartbeatPing[] } = {},
) => {
  const heartbeat = {
    id,
    version: 1,
    scope: 'default',
    status: 'new',
    since: START,
    pingCount: 0,
    ...over,
  }
  const { transitions = [], pings = [] } = rest
  return desk.say({
    ...outputs(START),
    outputs: [{ kind: 'heartbeat', heartbeat, transitions, pings }],
  })
}

export const published = async (): Promise<HeartbeatRecord[]> => {
  const { log, all } = createMemoryLog()
  await desk.desk.publishOutbox(log)
  return all('events') as HeartbeatRecord[]
}

export const ping = (number: number, over: Partial<HeartbeatPing> = {}): HeartbeatPing => ({
  number,
  at: START + number,
  signal: 'success',
  ...over,
})
