// Test support: a small estate whose week is known in full, as objects and as log records.
import type { Alert } from '../../domain/alert.ts'
import type { Change } from '../../domain/change.ts'
import type { Incident } from '../../domain/incident.ts'
import type { ProblemCandidate } from '../../domain/problem.ts'
import type {
  DeadLetterRecord,
  EventsBatch,
  MembershipRecord,
  TicketRecord,
} from '../../domain/records.ts'
import { SEVERITIES, type Severity } from '../../domain/severity.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, type Millis, SECOND_MS } from '../../domain/time.ts'

/** A Monday. */
export const WEEK_START = Date.UTC(2026, 2, 2)
export const WEEK_END = WEEK_START + 7 * DAY_MS

export interface Estate {
  readonly batches: readonly EventsBatch[]
  readonly alerts: readonly Alert[]
  readonly incidents: readonly Incident[]
  readonly problems: readonly ProblemCandidate[]
  readonly changes: readonly Change[]
  readonly decisions: readonly MembershipRecord[]
  /** All transitions, oldest first. */
  readonly tickets: readonly TicketRecord[]
  readonly deadLetters: readonly DeadLetterRecord[]
}

/** Park and Miller's generator: the same estate each time. */
const createDice = (seed: number) => {
  let state = seed
  const roll = (sides: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % sides
  }
  return { roll, pick: <T>(from: readonly T[]): T => from[roll(from.length)]! }
}
type Dice = ReturnType<typeof createDice>

const SERVICES = ['shop', 'pay', 'search', 'mail'] as const
const NAMES = Array.from({ length: 14 }, (_, i) => `Rule${i}`)
const SOURCES = ['alertmanager', 'zabbix', 'native'] as const
const PRIORITIES = ['P1', 'P2', 'P3', 'P4'] as const
const TEAMS = ['web', 'data'] as const

const incidentOf = (dice: Dice, number: number): Incident => {
  const openedAt = WEEK_START - DAY_MS + dice.roll((8 * DAY_MS) / SECOND_MS) * SECOND_MS
  const lasted = (5 + dice.roll(600)) * MINUTE_MS + dice.roll(1_000)
  const resolved = number % 7 !== 0
  const ci = dice.pick(SERVICES)
  return {
    id: `inc-${number}`,
    version: 9,
    scope: number % 5 === 0 ? 'emea' : 'default',
    title: `${ci} is down, "no. ${number}"`,
    status: number % 11 === 10 ? 'merged' : resolved ? 'resolved' : 'open',
    severity: dice.pick(SEVERITIES),
    openedAt,
    lastEventAt: openedAt + lasted,
    ...(resolved ? { resolvedAt: openedAt + lasted } : {}),
    ...(number % 11 === 10 ? { mergedInto: `inc-${number - 1}` } : {}),
    alertCount: 1 + dice.roll(9),
    firingCount: resolved ? 0 : 1,
    occurrenceCount: dice.roll(50),
    cis: [ci, dice.pick(SERVICES)],
    hints: ['root-a', 'root-b', 'root-c', 'root-d'].map((root, i) => ({
      ci: number % 2 === 0 ? root : `${ci}-db${i}`,
      score: 4 - i,
      confidence: 0.5,
      reasons: [],
    })),
    ...(number % 3 === 0 ? { problemId: `prb-${number % 2}` } : {}),
  }
}

const alertOf = (dice: Dice, number: number, incident: Incident): Alert => {
  const firstSeen = incident.openedAt + dice.roll(300) * SECOND_MS
  return {
    id: `alert-${number}`,
    version: 5,
    fingerprint: `fp${number}`,
    scope: incident.scope,
    source: dice.pick(SOURCES),
    name: dice.pick(NAMES),
    severity: dice.pick(SEVERITIES),
    summary: `alert ${number}`,
    labels: { host: `h${number}` },
    ci: incident.cis[0]!,
    status: incident.status === 'open' ? 'firing' : 'resolved',
    startsAt: firstSeen - dice.roll(400) * SECOND_MS,
    firstSeen,
    lastSeen: incident.lastEventAt,
    ...(incident.resolvedAt === undefined ? {} : { resolvedAt: incident.resolvedAt }),
    occurrences: dice.roll(30),
    flapping: number % 6 === 0,
    incidentId: incident.status === 'merged' ? incident.mergedInto! : incident.id,
    evidence: [],
  }
}

const heartbeatOf = (number: number): Alert => ({
  id: `beat-${number}`,
  version: 2,
  fingerprint: `hb${number}`,
  scope: 'default',
  source: 'heartbeat',
  name: number < 2 ? 'nightly-backup' : 'billing-run',
  severity: 'error',
  summary: 'no sign of life',
  labels: {},
  ci: 'batch',
  status: 'resolved',
  startsAt: WEEK_START + (number * 30 - 20) * HOUR_MS,
  firstSeen: WEEK_START + (number * 30 - 20) * HOUR_MS,
  lastSeen: WEEK_START + (number * 30 + 4) * HOUR_MS,
  resolvedAt: WEEK_START + (number * 30 + 4) * HOUR_MS,
  occurrences: 0,
  flapping: false,
  evidence: [],
})

const batchOf = (dice: Dice, number: number): EventsBatch => {
  const receivedAt = WEEK_START - DAY_MS + number * 97 * MINUTE_MS
  return {
    kind: 'events',
    receivedAt,
    source: dice.pick(SOURCES),
    scope: number % 5 === 0 ? 'emea' : 'default',
    deliveryId: `d${number}`,
    events: Array.from({ length: 1 + dice.roll(12) }, (_, i) => ({
      id: `e${number}-${i}`,
      fingerprint: `fp${dice.roll(60)}`,
      status: dice.roll(3) === 0 ? ('resolved' as const) : ('firing' as const),
      name: NAMES[Math.min(dice.roll(14), dice.roll(14))]!,
      severity: dice.pick(SEVERITIES) as Severity,
      summary: 'something',
      labels: { service: dice.pick(SERVICES) },
      startsAt: receivedAt - dice.roll(60) * SECOND_MS,
    })),
  }
}

type Fields = Record<string, string | number | boolean | null>

/** The life of one incident's ticket, each transition carrying the whole ticket. */
const ticketsOf = (dice: Dice, incident: Incident, number: number): TicketRecord[] => {
  const fields: Fields = {
    title: incident.title,
    scope: incident.scope,
    severity: incident.severity,
    priority: dice.pick(PRIORITIES),
    team: dice.pick(TEAMS),
    service: incident.cis[0]!,
    openedAt: incident.openedAt,
    acknowledgedAt: null,
    resolvedAt: null,
    reopenCount: 0,
    reassignmentCount: 0,
  }
  const records: TicketRecord[] = []
  let state = ''
  const step = (action: string, toState: string, at: Millis, changed: Fields = {}) => {
    Object.assign(fields, changed)
    records.push({
      id: `${incident.id}@${records.length + 1}`,
      ticketKind: 'incident',
      ticketId: incident.id,
      number: `INC-${number}`,
      version: records.length + 1,
      at,
      actor: 'ana',
      action,
      fromState: state,
      toState,
      fields: { ...fields },
    })
    state = toState
  }
  const { openedAt, resolvedAt } = incident
  step('open', 'new', openedAt)
  const acknowledgedAt = openedAt + (1 + dice.roll(900)) * SECOND_MS
  if (number % 4 !== 3) step('acknowledge', 'acknowledged', acknowledgedAt, { acknowledgedAt })
  for (let i = dice.roll(3); i > 0; i--)
    step('assign', state, acknowledgedAt + i, { reassignmentCount: i, assignee: `p${i}` })
  if (incident.status === 'merged') step('absorb', 'merged', acknowledgedAt + 1_000)
  else if (resolvedAt !== undefined) {
    const kept = dice.roll(4) === 0 ? 'breached' : 'met'
    const end = {
      resolvedAt,
      resolutionSla: kept,
      responseSla: dice.roll(5) === 0 ? 'breached' : 'met',
    }
    if (number % 6 === 1) {
      step('resolve', 'resolved', resolvedAt - 2 * MINUTE_MS, {
        resolvedAt: resolvedAt - 2 * MINUTE_MS,
      })
      step('refire', 'reopened', resolvedAt - MINUTE_MS, { resolvedAt: null, reopenCount: 1 })
    }
    step('resolve', 'resolved', resolvedAt, end)
    if (number % 2 === 0)
      step('rate', 'resolved', resolvedAt + HOUR_MS, { rating: 1 + dice.roll(5) })
  }
  return records
}

const changeOf = (dice: Dice, number: number): Change => {
  const startedAt = WEEK_START + number * 7 * HOUR_MS
  return {
    id: `chg-${number}`,
    ci: dice.pick(SERVICES),
    type: number % 3 === 0 ? 'config' : 'deployment',
    summary: `release ${number}`,
    startedAt,
    endedAt: startedAt + 10 * MINUTE_MS,
  }
}

/** Requested by people and told of once for each of its CIs; one change all the same. */
const RFC = 'chg-00000000000000af'
const rfcOn = (ci: string): Change => ({
  id: `${RFC}/${ci}`,
  ci,
  type: 'rfc',
  summary: 'CHG-7 new disks',
  startedAt: WEEK_START + 2 * DAY_MS,
  endedAt: WEEK_START + 2 * DAY_MS + HOUR_MS,
})

const decisionsOf = (
  incidents: readonly Incident[],
  changes: readonly Change[],
): MembershipRecord[] => {
  const changeBefore = ({ openedAt }: Incident) =>
    changes.findLast(({ startedAt }) => startedAt < openedAt)
  const confirm = (number: number, incident: Incident, ci: string, extra = {}) => ({
    kind: 'membership' as const,
    at: incident.openedAt + 20 * MINUTE_MS + number,
    commandId: `cmd-${incident.id}-${number}`,
    actor: 'ana',
    decision: { action: 'confirm-hint' as const, incidentId: incident.id, ci, ...extra },
  })
  const live = incidents.filter(
    ({ status, openedAt }) => status !== 'merged' && openedAt > WEEK_START,
  )
  const confirmed = live.slice(0, 12).map((incident, i) => {
    const change = changeBefore(incident)
    const ci = i % 4 === 3 ? 'elsewhere' : incident.hints[i % 4]!.ci
    return confirm(
      0,
      incident,
      ci,
      i % 3 === 0 && change !== undefined ? { change: change.id } : {},
    )
  })
  const takenBack = live[0]!
  return [
    ...confirmed,
    confirm(1, takenBack, 'mistake'),
    { ...confirm(2, takenBack, 'mistake'), undo: true },
  ]
}

const requestsOf = (number: number): TicketRecord[] => {
  const openedAt = WEEK_START + number * 9 * HOUR_MS
  const fulfilledAt = openedAt + number * 5 * HOUR_MS
  const common = {
    ticketKind: 'request' as const,
    ticketId: `req-${number}`,
    number: `REQ-${number}`,
    actor: 'bo',
  }
  const fields = { item: number % 2 ? 'laptop' : 'access', team: 'web', dueAt: openedAt + DAY_MS }
  return [
    {
      ...common,
      id: `req-${number}@1`,
      version: 1,
      at: openedAt,
      action: 'open',
      fromState: '',
      toState: 'new',
      fields,
    },
    {
      ...common,
      id: `req-${number}@2`,
      version: 2,
      at: fulfilledAt,
      action: 'fulfil',
      fromState: 'new',
      toState: 'fulfilled',
      fields: { ...fields, fulfilledAt },
    },
  ]
}

const backedOut = (ticketId: string): TicketRecord => ({
  id: `${ticketId}@3`,
  ticketKind: 'change',
  ticketId,
  number: 'CHG-9',
  version: 3,
  at: WEEK_START + 3 * DAY_MS,
  actor: 'bo',
  action: 'close',
  fromState: 'review',
  toState: 'closed',
  fields: { outcome: 'backed-out' },
})

const problemOf = (number: number, incidents: readonly Incident[]): ProblemCandidate => {
  const own = incidents.filter(({ problemId }) => problemId === `prb-${number}`)
  return {
    id: `prb-${number}`,
    version: 4,
    scope: 'default',
    title: `pattern ${number}`,
    foundBy: number === 0 ? 'recurrence' : 'clustering',
    signature: [],
    incidentIds: own.map(({ id }) => id),
    cis: ['shop'],
    alertNames: ['Rule1'],
    hints: [],
    statistics: {
      count: own.length,
      firstAt: WEEK_START,
      lastAt: WEEK_END - HOUR_MS,
      hourOfWeek: Array.from({ length: 168 }, (_, hour) => (hour % 24 === 9 ? 1 : 0)),
      minutesLost: 100,
      share: 0.2,
      trendPerDay: 0.1,
    },
  }
}

/** What ended before its pattern was known does not name it. */
const asTold = ({ problemId, ...incident }: Incident, number: number): Incident =>
  problemId === undefined || number % 4 === 0 ? incident : { ...incident, problemId }

const deadLetterOf = (number: number): DeadLetterRecord => ({
  id: `dead-${number}`,
  at: WEEK_START + number * 11 * HOUR_MS,
  source: SOURCES[number % 3]!,
  reason: number % 2 === 0 ? 'labels-too-many' : 'name-empty',
  detail: 'more than 64 labels',
  payload: '{}',
})

export const buildEstate = (): Estate => {
  const dice = createDice(20_260_302)
  const incidents = Array.from({ length: 60 }, (_, i) => incidentOf(dice, i))
  const alerts = Array.from({ length: 150 }, (_, i) => alertOf(dice, i, incidents[i % 60]!))
  const tickets = incidents.flatMap((incident, i) => ticketsOf(dice, incident, i))
  const changes = Array.from({ length: 20 }, (_, i) => changeOf(dice, i))
  const requests = Array.from({ length: 12 }, (_, i) => requestsOf(i)).flat()
  return {
    batches: Array.from({ length: 110 }, (_, i) => batchOf(dice, i)),
    alerts: [...alerts, ...Array.from({ length: 4 }, (_, i) => heartbeatOf(i))],
    incidents: incidents.map(asTold),
    problems: [problemOf(0, incidents), problemOf(1, incidents)],
    changes: [...changes, rfcOn('pay'), rfcOn('shop')],
    decisions: decisionsOf(incidents, changes),
    tickets: [...tickets, ...requests, backedOut('chg-9'), backedOut(RFC)].sort(
      (a, b) => a.at - b.at,
    ),
    deadLetters: Array.from({ length: 15 }, (_, i) => deadLetterOf(i)),
  }
}
