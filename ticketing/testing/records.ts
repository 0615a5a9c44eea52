// Small correlator outputs and commands for the desk's tests.
import type { Alert } from '../../domain/alert.ts'
import type { Incident, TimelineEntry } from '../../domain/incident.ts'
import type { ProblemCandidate } from '../../domain/problem.ts'
import type { CommandRecord, CorrelatorOutput, IncidentsRecord } from '../../domain/records.ts'
import type { DeskRecord } from '../projection.ts'

/** 2026-03-02T09:00:00Z, a Monday. */
export const START = Date.UTC(2026, 2, 2, 9)

export const anIncident = (over: Partial<Incident> = {}): Incident => ({
  id: 'i1',
  version: 1,
  scope: 'default',
  title: 'Checkout is slow',
  status: 'open',
  severity: 'critical',
  openedAt: START,
  lastEventAt: START,
  alertCount: 1,
  firingCount: 1,
  occurrenceCount: 0,
  cis: ['checkout'],
  hints: [
    {
      ci: 'db1',
      score: 2,
      confidence: 0.7,
      reasons: [{ signal: 'topology', weight: 2, text: 'checkout depends on db1' }],
    },
  ],
  ...over,
})

export const anAlert = (over: Partial<Alert> = {}): Alert => ({
  id: 'a1',
  version: 1,
  fingerprint: '00000000000000a1',
  scope: 'default',
  source: 'alertmanager',
  name: 'HighLatency',
  severity: 'critical',
  summary: 'p99 above 2 s',
  labels: { service: 'checkout' },
  ci: 'checkout',
  status: 'firing',
  startsAt: START,
  firstSeen: START,
  lastSeen: START,
  occurrences: 0,
  flapping: false,
  incidentId: 'i1',
  evidence: [{ signal: 'first', weight: 0, text: 'The first alert of the incident' }],
  ...over,
})

export const aCandidate = (over: Partial<ProblemCandidate> = {}): ProblemCandidate => ({
  id: 'p1',
  version: 1,
  scope: 'default',
  title: 'Checkout slows down on Mondays',
  foundBy: 'recurrence',
  signature: ['HighLatency', 'checkout'],
  incidentIds: ['i1'],
  cis: ['checkout'],
  alertNames: ['HighLatency'],
  hints: [],
  statistics: {
    count: 3,
    firstAt: START - 1000,
    lastAt: START,
    hourOfWeek: Array.from({ length: 168 }, () => 0),
    minutesLost: 42,
    share: 0.1,
    trendPerDay: 0,
  },
  ...over,
})

export const anEntry = (over: Partial<TimelineEntry> = {}): TimelineEntry => ({
  id: 't1',
  incidentId: 'i1',
  at: START,
  kind: 'opened',
  text: 'Opened by HighLatency on checkout',
  ...over,
})

export const incidentOutput = (
  over: Partial<Incident> = {},
  entries: readonly TimelineEntry[] = [],
): CorrelatorOutput => ({ kind: 'incident', incident: anIncident(over), entries })

export const alertOutput = (over: Partial<Alert> = {}): CorrelatorOutput => ({
  kind: 'alert',
  alert: anAlert(over),
})

export const outputs = (at: number, ...list: CorrelatorOutput[]): IncidentsRecord => ({
  at,
  cause: 0,
  outputs: list,
})

export const aCommand = (over: Partial<CommandRecord> = {}): CommandRecord => ({
  id: 'c1',
  at: START + 60_000,
  actor: 'ada',
  action: 'incident.acknowledge',
  target: 'i1',
  body: {},
  ...over,
})

/** Records with consecutive offsets. */
export const from = (offset: number, ...records: readonly unknown[]): DeskRecord[] =>
  records.map((record, index) => ({ offset: offset + index, record }))
