// FAULTS 24: an alert storm through edge, correlator and desk, on a virtual clock. CI takes a fiftieth:
// FAULTLINE_STORM_GROUPS=1000 FAULTLINE_STORM_ALERTS=100 npx vitest run test/storm.test.ts
import Fastify from 'fastify'
import { afterAll, expect, test } from 'vitest'
import { createCorrelator } from '../correlator/correlator.ts'
import { defaultCorrelatorSettings } from '../correlator/settings.ts'
import type { Log } from '../domain/ports/log.ts'
import { encodeRecord, type IncidentsRecord } from '../domain/records.ts'
import { createMemoryLog } from '../domain/testing/memory-log.ts'
import { isoTime, SECOND_MS } from '../domain/time.ts'
import { createIntake } from '../ingest/intake.ts'
import { ingestRoutes } from '../ingest/routes.ts'
import { defaultIngestSettings } from '../ingest/settings.ts'
import { openPgliteDesk } from '../runtime/adapters/desk-pglite.ts'
import { decodeCursor, type Keyset } from '../ticketing/cursor.ts'
import { createDesk, type Desk } from '../ticketing/desk.ts'
import { notificationSettingsSchema } from '../ticketing/notifications/settings.ts'

const GROUPS = Number(process.env.FAULTLINE_STORM_GROUPS ?? 25)
const ALERTS = Number(process.env.FAULTLINE_STORM_ALERTS ?? 80)
const START = Date.UTC(2026, 2, 2, 12)
const AT_ONCE = 50
const ROOM_BYTES = 100_000

const app = Fastify()
const log = createMemoryLog(1)
let now = START
const limits = { ...defaultIngestSettings.limits, waitingBytesMax: ROOM_BYTES }
const settings = { ...defaultIngestSettings, limits }
/** Durable a moment later, as a disk is: meanwhile others want to come in. */
const slow: Log = {
  ...log,
  append: async (...appended) => {
    await new Promise((resolve) => setImmediate(resolve))
    return log.append(...appended)
  },
}
app.register(ingestRoutes(createIntake({ log: slow, clock: { now: () => now }, settings })))
afterAll(() => app.close())

/** One group as Alertmanager tells of it. */
const bodyOf = (group: number): string =>
  JSON.stringify({
    version: '4',
    groupKey: `{}:{service="service-${group}"}`,
    status: 'firing',
    receiver: 'faultline',
    alerts: Array.from({ length: ALERTS }, (_, index) => ({
      status: 'firing',
      labels: {
        alertname: `Trouble${group}`,
        service: `service-${group}`,
        instance: `node-${group}-${index}:9100`,
        severity: 'critical',
      },
      annotations: { summary: `trouble on service-${group}` },
      startsAt: isoTime(START),
      endsAt: '0001-01-01T00:00:00Z',
    })),
  })

/** As Alertmanager does: again while the answer is 503. @returns the refusals */
const deliver = async (group: number): Promise<number> => {
  for (let refused = 0; ; refused++) {
    const answer = await app.inject({
      method: 'POST',
      url: '/webhooks/alertmanager',
      headers: { 'content-type': 'application/json' },
      payload: bodyOf(group),
    })
    if (answer.statusCode === 200) {
      expect(answer.json()).toMatchObject({ accepted: ALERTS })
      return refused
    }
    expect(answer.statusCode).toBe(503)
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const storm = async (): Promise<number> => {
  let refused = 0
  for (let first = 0; first < GROUPS; first += AT_ONCE) {
    now = START + Math.floor((SECOND_MS * first) / GROUPS)
    const groups = Array.from({ length: Math.min(AT_ONCE, GROUPS - first) }, (_, i) => first + i)
    for (const count of await Promise.all(groups.map(deliver))) refused += count
  }
  return refused
}

const correlated = (): IncidentsRecord[] => {
  const correlator = createCorrelator(defaultCorrelatorSettings)
  const events = log.records('events')
  const ticks = [1, 2, 3].map((s) => ({ kind: 'tick', at: START + s * SECOND_MS }) as const)
  return [...events, ...ticks].map((record, cause) => {
    const at = record.kind === 'events' ? record.receivedAt : record.at
    return { at, cause, outputs: correlator.apply(record, cause) }
  })
}

const everyNotification = async ({ queries }: Desk) => {
  const all = []
  for (let after: Keyset | undefined, more = true; more; ) {
    const page = await queries.listNotifications({}, 200, after)
    all.push(...page.items)
    more = typeof page.nextCursor === 'string'
    if (more) after = decodeCursor(page.nextCursor!)
  }
  return all
}

test(`FAULTS 24: ${GROUPS} groups of ${ALERTS} alerts within a second: all acknowledged, one word each, soon`, async () => {
  const refused = await storm()
  // The room is small, so that somebody has to come again.
  if (GROUPS >= AT_ONCE / 2) expect(refused).toBeGreaterThan(0)
  const kept = log.records('events').flatMap((each) => (each.kind === 'events' ? each.events : []))
  expect(new Set(kept.map(({ fingerprint }) => fingerprint)).size).toBe(GROUPS * ALERTS)

  const database = await openPgliteDesk({})
  const notifications = notificationSettingsSchema.parse({
    channels: { ops: { kind: 'console' } },
    rules: [{ name: 'all', events: ['opened'], channel: 'ops' }],
  })
  const desk = createDesk({ database, settings: { notifications } })
  const records = correlated().map((record, offset) => ({
    offset,
    record: JSON.parse(Buffer.from(encodeRecord('incidents', record)).toString()) as unknown,
  }))
  for (let from = 0; from < records.length; from += AT_ONCE) {
    const batch = records.slice(from, from + AT_ONCE)
    await desk.apply({ topic: 'incidents', partition: 0, next: from + batch.length }, batch)
  }
  const said = await everyNotification(desk)
  await database.close()
  const opened = said.filter(({ event }) => event === 'opened')
  expect(opened).toHaveLength(GROUPS)
  expect(new Set(opened.map(({ incidentId }) => incidentId)).size).toBe(GROUPS)
  const first = Math.min(...opened.map(({ dueAt }) => Date.parse(dueAt)))
  expect(first - START).toBeLessThanOrEqual(2 * SECOND_MS)
}, 1_800_000)
