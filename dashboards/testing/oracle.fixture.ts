// Test support: what every KPI must say, computed from the estate's objects without any SQL.

import type { TimeRange } from '../../domain/range.ts'
import type { TicketRecord } from '../../domain/records.ts'
import { MINUTE_MS } from '../../domain/time.ts'
import type { Estate } from './estate.fixture.ts'

type Item = Record<string, unknown>
type Values = Record<string, number | null>

interface Oracle {
  /** The population, each with the dimensions that it can be grouped by. */
  items(estate: Estate, range: TimeRange): Item[]
  values(items: Item[], range: TimeRange): Values
  /** Size of the population; default the number of items. */
  count?(items: Item[]): number
}

const num = (item: Item, field: string): number => item[field] as number
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
const mean = (numbers: readonly number[]): number | null =>
  numbers.length === 0 ? null : sum(numbers) / numbers.length
const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
const within = ({ from, to }: TimeRange, at: unknown): boolean =>
  typeof at === 'number' && at >= from && at < to
const where = (items: Item[], test: (item: Item) => boolean): number => items.filter(test).length

/** Linear between neighbours. */
const percentile = (numbers: readonly number[], level: number): number | null => {
  if (numbers.length === 0) return null
  const sorted = [...numbers].sort((a, b) => a - b)
  const place = (sorted.length - 1) * level
  const low = sorted[Math.floor(place)]!
  const high = sorted[Math.ceil(place)]!
  return low + (high - low) * (place - Math.floor(place))
}

const durations = (numbers: readonly number[]): Values => ({
  mean: mean(numbers),
  p50: percentile(numbers, 0.5),
  p90: percentile(numbers, 0.9),
})

const liveIncidents = ({ incidents }: Estate): Item[] =>
  incidents
    .filter(({ status }) => status !== 'merged')
    .map((incident) => ({ ...incident, ci: incident.cis[0] }))

const events = ({ batches }: Estate): Item[] =>
  batches.flatMap(({ receivedAt, source, scope, events: own }) =>
    own.map((event) => ({ ...event, receivedAt, source, scope, service: event.labels.service })),
  )

const newest = (tickets: readonly TicketRecord[], kind: string): Item[] => {
  const byId = new Map<string, TicketRecord>()
  for (const record of tickets)
    if (record.ticketKind === kind && record.version > (byId.get(record.ticketId)?.version ?? 0))
      byId.set(record.ticketId, record)
  return [...byId.values()].map((record) => ({
    assignee: '',
    ...record.fields,
    state: record.toState,
    id: record.ticketId,
  }))
}

const incidentTickets = ({ tickets }: Estate): Item[] =>
  newest(tickets, 'incident').filter(({ state }) => state !== 'merged')

const confirmed = ({ decisions, incidents }: Estate): Item[] =>
  decisions.flatMap(({ decision, at }) => {
    if (decision.action !== 'confirm-hint' || decision.ci === 'mistake') return []
    const incident = incidents.find(({ id }) => id === decision.incidentId)!
    return [{ ...decision, at, hints: incident.hints.map((hint) => hint.ci) }]
  })

/** `chg-<hash>/<ci>` is one change on several CIs; the first speaks for all. */
const wholeChanges = ({ changes }: Estate) => {
  const byTicket = new Map<string, (typeof changes)[number]>()
  for (const change of changes) {
    const id = change.id.split('/')[0]!
    if (!byTicket.has(id)) byTicket.set(id, { ...change, id })
  }
  return [...byTicket.values()]
}

const changeOutcomes = (estate: Estate): Item[] =>
  wholeChanges(estate).map((change) => {
    const cause = confirmed(estate).find((item) => item.change === change.id)
    const incident = estate.incidents.find(({ id }) => id === cause?.incidentId)
    const failed = cause !== undefined || ['chg-9', 'chg-00000000000000af'].includes(change.id)
    return { ...change, failed, recoveredAt: incident?.resolvedAt }
  })

const minutesUpTo = (item: Item, { to }: TimeRange): number =>
  (Math.min((item.resolvedAt as number | undefined) ?? to, to) - num(item, 'openedAt')) / MINUTE_MS

const RATES: Record<string, number> = { shop: 12.5, pay: 40 }
export const COST_PER_MINUTE = RATES

const resolvedIn = (estate: Estate, range: TimeRange): Item[] =>
  incidentTickets(estate).filter((item) => within(range, item.resolvedAt))

const openedIn = (estate: Estate, range: TimeRange): Item[] =>
  incidentTickets(estate).filter((item) => within(range, item.openedAt))

export const ORACLES: Record<string, Oracle> = {
  events: {
    items: (estate, range) => events(estate).filter((item) => within(range, item.receivedAt)),
    values: (items) => ({ count: items.length }),
  },
  alerts: {
    items: ({ alerts }, range) =>
      alerts.filter((alert) => within(range, alert.firstSeen)).map((alert) => ({ ...alert })),
    values: (items) => ({
      count: items.length,
      occurrences: sum(items.map((item) => num(item, 'occurrences'))),
      flapping: where(items, (item) => item.flapping === true),
    }),
  },
  incidents: {
    items: (estate, range) => liveIncidents(estate).filter((item) => within(range, item.openedAt)),
    values: (items) => ({
      count: items.length,
      alerts: sum(items.map((item) => num(item, 'alertCount'))),
      open: where(items, (item) => item.status === 'open'),
    }),
  },
  'noise-reduction': {
    items: (estate, range) => [
      ...ORACLES.events!.items(estate, range).map((item) => ({ ...item, stage: 'event' })),
      ...ORACLES.alerts!.items(estate, range).map((item) => ({ ...item, stage: 'alert' })),
      ...ORACLES.incidents!.items(estate, range).map((item) => ({ ...item, stage: 'incident' })),
    ],
    count: (items) => where(items, (item) => item.stage === 'event'),
    values: (items) => {
      const count = (stage: string) => where(items, (item) => item.stage === stage)
      const share = ratio(count('incident'), count('event'))
      return {
        ratio: share === null ? null : 1 - share,
        events: count('event'),
        alerts: count('alert'),
        incidents: count('incident'),
      }
    },
  },
  mttd: {
    items: (estate, range) =>
      ORACLES.incidents!.items(estate, range).flatMap((incident) => {
        const starts = estate.alerts
          .filter(({ incidentId }) => incidentId === incident.id)
          .map(({ startsAt }) => startsAt)
        if (starts.length === 0) return []
        const seconds = (num(incident, 'openedAt') - Math.min(...starts)) / 1_000
        return [{ ...incident, seconds: Math.max(0, seconds) }]
      }),
    values: (items) => durations(items.map((item) => num(item, 'seconds'))),
  },
  mtta: {
    items: (estate, range) =>
      incidentTickets(estate).filter((item) => within(range, item.acknowledgedAt)),
    values: (items) =>
      durations(items.map((item) => (num(item, 'acknowledgedAt') - num(item, 'openedAt')) / 1_000)),
  },
  mttr: {
    items: resolvedIn,
    values: (items) =>
      durations(items.map((item) => (num(item, 'resolvedAt') - num(item, 'openedAt')) / 1_000)),
  },
  mtbf: {
    items: (estate, range) => {
      const all = liveIncidents(estate)
      return all.flatMap((item) => {
        const before = all.filter(
          (other) =>
            other.ci === item.ci &&
            other.scope === item.scope &&
            num(other, 'openedAt') < num(item, 'openedAt'),
        )
        if (before.length === 0 || !within(range, item.openedAt)) return []
        const ends = before.map((other) => (other.resolvedAt ?? other.openedAt) as number)
        const seconds = (num(item, 'openedAt') - Math.max(...ends)) / 1_000
        return [{ ...item, seconds: Math.max(0, seconds) }]
      })
    },
    values: (items) => durations(items.map((item) => num(item, 'seconds'))),
  },
  'open-incidents': {
    items: (estate, { to }) =>
      incidentTickets(estate)
        .filter((item) => num(item, 'openedAt') < to)
        .filter((item) => item.resolvedAt === null || num(item, 'resolvedAt') >= to)
        .map((item) => ({ ...item, ageSeconds: (to - num(item, 'openedAt')) / 1_000 })),
    values: (items, { to }) => {
      const ages = items.map((item) => num(item, 'ageSeconds'))
      return {
        count: items.length,
        unacknowledged: where(
          items,
          (item) => item.acknowledgedAt === null || num(item, 'acknowledgedAt') >= to,
        ),
        mean_age_seconds: mean(ages),
        oldest_age_seconds: ages.length === 0 ? null : Math.max(...ages),
      }
    },
  },
  sla: {
    items: resolvedIn,
    values: (items) => {
      const breached = where(items, (item) => item.resolutionSla === 'breached')
      const share = ratio(breached, items.length)
      return {
        ratio: ratio(items.length - breached, items.length),
        response: ratio(
          where(items, (item) => item.responseSla === 'met'),
          items.length,
        ),
        breached,
        burn: share === null ? null : share / 0.05,
      }
    },
  },
  'reopen-rate': {
    items: (estate, range) =>
      openedIn(estate, range).filter(
        (item) => item.resolvedAt !== null || num(item, 'reopenCount') > 0,
      ),
    values: (items) => {
      const reopened = where(items, (item) => num(item, 'reopenCount') > 0)
      return {
        ratio: ratio(reopened, items.length),
        reopened,
        reopens: sum(items.map((item) => num(item, 'reopenCount'))),
      }
    },
  },
  'reassignment-rate': {
    items: openedIn,
    values: (items) => {
      const counts = items.map((item) => num(item, 'reassignmentCount'))
      const passedOn = counts.filter((count) => count > 0).length
      return { mean: mean(counts), passed_on: passedOn, ratio: ratio(passedOn, items.length) }
    },
  },
  'never-acknowledged': {
    items: resolvedIn,
    values: (items) => {
      const count = where(items, (item) => item.acknowledgedAt === null)
      return { ratio: ratio(count, items.length), count }
    },
  },
  'noisy-rules': {
    items: (estate, range) => ORACLES.events!.items(estate, range),
    values: (items) => {
      const sent = new Map<unknown, number>()
      for (const { name } of items) sent.set(name, (sent.get(name) ?? 0) + 1)
      const top = [...sent.values()].sort((a, b) => b - a).slice(0, 10)
      return { ratio: ratio(sum(top), items.length), events: items.length }
    },
  },
  flapping: {
    items: (estate, range) => ORACLES.alerts!.items(estate, range),
    values: (items) => {
      const flapping = items.filter((item) => item.flapping === true)
      return {
        ratio: ratio(flapping.length, items.length),
        count: flapping.length,
        occurrences: sum(flapping.map((item) => num(item, 'occurrences'))),
      }
    },
  },
  'recurring-minutes': {
    items: (estate, range) =>
      ORACLES.incidents!.items(estate, range).flatMap((item) => {
        const problem = estate.problems.find((one) => one.incidentIds.includes(String(item.id)))
        return problem === undefined
          ? []
          : [{ ...item, problemId: problem.id, problem: problem.title }]
      }),
    values: (items, range) => ({
      minutes: sum(items.map((item) => minutesUpTo(item, range))),
      incidents: items.length,
      problems: new Set(items.map((item) => item.problemId)).size,
    }),
  },
  'hint-precision': {
    items: (estate, range) => confirmed(estate).filter((item) => within(range, item.at)),
    values: (items) => {
      const among = (first: number) =>
        where(items, (item) => (item.hints as string[]).slice(0, first).includes(item.ci as string))
      return { at_1: ratio(among(1), items.length), at_3: ratio(among(3), items.length) }
    },
  },
  'change-failure-rate': {
    items: (estate, range) =>
      changeOutcomes(estate).filter((item) => within(range, item.startedAt)),
    values: (items) => {
      const failed = where(items, (item) => item.failed === true)
      return { ratio: ratio(failed, items.length), failed }
    },
  },
  'change-recovery': {
    items: (estate, range) =>
      changeOutcomes(estate).filter(
        (item) => within(range, item.startedAt) && item.recoveredAt !== undefined,
      ),
    values: (items) =>
      durations(items.map((item) => (num(item, 'recoveredAt') - num(item, 'startedAt')) / 1_000)),
  },
  'heartbeat-uptime': {
    items: ({ alerts }, { from, to }) => {
      const missed = new Map<string, number>()
      for (const { source, name, firstSeen, resolvedAt } of alerts) {
        if (source !== 'heartbeat' || firstSeen >= to) continue
        const overlap = Math.min(resolvedAt ?? to, to) - Math.max(firstSeen, from)
        missed.set(name, (missed.get(name) ?? 0) + Math.max(0, overlap) / (to - from))
      }
      return [...missed].map(([name, share]) => ({
        name,
        ci: 'batch',
        scope: 'default',
        up: 1 - share,
      }))
    },
    values: (items) => ({
      ratio: mean(items.map((item) => num(item, 'up'))),
      worst: items.length === 0 ? null : Math.min(...items.map((item) => num(item, 'up'))),
    }),
  },
  satisfaction: {
    items: (estate, range) => resolvedIn(estate, range).filter((item) => item.rating !== undefined),
    values: (items) => ({
      mean: mean(items.map((item) => num(item, 'rating'))),
      satisfied: ratio(
        where(items, (item) => num(item, 'rating') >= 4),
        items.length,
      ),
    }),
  },
  'requests-in-time': {
    items: ({ tickets }, range) =>
      newest(tickets, 'request').filter((item) => within(range, item.fulfilledAt)),
    values: (items) => ({
      ratio: ratio(
        where(items, (item) => num(item, 'fulfilledAt') <= num(item, 'dueAt')),
        items.length,
      ),
    }),
  },
  'downtime-cost': {
    items: (estate, range) =>
      ORACLES.incidents!.items(estate, range).map((item) => {
        const rated = (item.cis as string[])
          .map((ci) => [RATES[ci] ?? 0, RATES[ci] === undefined ? '' : ci] as const)
          .sort((a, b) => b[0] - a[0])
        return { ...item, rate: rated[0]![0], service: rated[0]![1] }
      }),
    values: (items, range) => ({
      cost: sum(items.map((item) => minutesUpTo(item, range) * num(item, 'rate'))),
      minutes: sum(items.map((item) => minutesUpTo(item, range))),
    }),
  },
  'dead-letters': {
    items: ({ deadLetters }, range) =>
      deadLetters.filter(({ at }) => within(range, at)).map((letter) => ({ ...letter })),
    values: (items) => ({ count: items.length }),
  },
}
