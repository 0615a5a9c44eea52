// Scenarios as text: lines of events at times in, incidents out, on virtual time.
import type { Alert } from '../../domain/alert.ts'
import type { AlertEvent } from '../../domain/event.ts'
import { hash64 } from '../../domain/hash.ts'
import type { Incident, TimelineEntry } from '../../domain/incident.ts'
import type { CorrelatorOutput, EventsRecord } from '../../domain/records.ts'
import type { Severity } from '../../domain/severity.ts'
import { SECOND_MS } from '../../domain/time.ts'
import type { Relation, RelationType, Topology } from '../../domain/topology.ts'
import { type Correlator, createCorrelator } from '../correlator.ts'
import { type CorrelatorSettings, defaultCorrelatorSettings } from '../settings.ts'

/** 2026-03-02T00:00:00Z, a Monday. */
export const START = 1_772_409_600_000

/** `[h:]mm:ss` from START. */
export const at = (clock: string): number =>
  START + clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * SECOND_MS

/** One relation a line: `web depends_on db`. */
export const topologyOf = (text: string): Topology => {
  const relations: Relation[] = lines(text).map((line) => {
    const [from, type, to] = line.split(/\s+/)
    return { from: from!, type: type as RelationType, to: to! }
  })
  const names = new Set(relations.flatMap(({ from, to }) => [from, to]))
  return {
    cis: [...names].map((id) => ({ id, kind: 'service', name: id, attributes: {} })),
    relations,
  }
}

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/**
 * A record a line: `00:10 fire SlowQueries@db`, `01:00 resolve SlowQueries@db`, `30:00 tick`.
 * Further words: `severity=critical`, `since=00:05` (startsAt), `until=00:20` (endsAt), `id=x`, and
 * any other `label=value`.
 */
export const recordsOf = (text: string, source = 'test'): EventsRecord[] =>
  lines(text).map((line) => {
    const [clock, verb, subject, ...words] = line.split(/\s+/)
    const now = at(clock!)
    if (verb === 'tick') return { kind: 'tick', at: now }
    const event = eventOf(now, verb === 'fire' ? 'firing' : 'resolved', subject!, words)
    return batchOf(now, [event], source)
  })

export const batchOf = (
  receivedAt: number,
  events: readonly AlertEvent[],
  source = 'test',
): EventsRecord => ({
  kind: 'events',
  receivedAt,
  source,
  scope: 'default',
  deliveryId: hash64(JSON.stringify(events)),
  events,
})

const eventOf = (
  now: number,
  status: 'firing' | 'resolved',
  subject: string,
  words: readonly string[],
): AlertEvent => {
  const [name, ci] = subject.split('@')
  const { severity, since, until, id, ...labels } = Object.fromEntries(
    words.map((word) => word.split('=') as [string, string]),
  )
  const startsAt = since === undefined ? now : at(since)
  const own = { ...(ci === undefined ? {} : { service: ci }), ...labels }
  return {
    id: id ?? hash64([subject, status, now, startsAt, JSON.stringify(labels)].join(' ')),
    fingerprint: hash64(`${name} ${JSON.stringify(own)}`),
    status,
    name: name!,
    severity: (severity ?? 'error') as Severity,
    summary: `${name} on ${ci ?? 'something'}`,
    labels: own,
    startsAt,
    ...(until !== undefined ? { endsAt: at(until) } : status === 'resolved' ? { endsAt: now } : {}),
  }
}

/** What the world knows after having been told everything. */
export interface World {
  readonly alerts: Map<string, Alert>
  readonly incidents: Map<string, Incident>
  readonly entries: TimelineEntry[]
  readonly outputs: CorrelatorOutput[]
  hear(outputs: readonly CorrelatorOutput[]): void
  /** A line an incident: its alerts in order of name, then its status; lines in order. */
  summary(): string[]
  /** The incident that an alert, as `Name@ci`, is in; its newest life. */
  incidentOf(subject: string): Incident
  alert(subject: string): Alert
}

export const createWorld = (): World => {
  const alerts = new Map<string, Alert>()
  const incidents = new Map<string, Incident>()
  const entries: TimelineEntry[] = []
  const outputs: CorrelatorOutput[] = []
  const nameOf = (alert: Alert): string =>
    alert.ci === undefined ? alert.name : `${alert.name}@${alert.ci}`
  const find = (subject: string): Alert => {
    const found = [...alerts.values()].filter((alert) => nameOf(alert) === subject).at(-1)
    if (found === undefined) throw new Error(`no alert ${subject}`)
    return found
  }
  return {
    alerts,
    incidents,
    entries,
    outputs,
    hear: (told) => {
      for (const output of told) {
        outputs.push(output)
        if (output.kind === 'alert') alerts.set(output.alert.id, output.alert)
        if (output.kind !== 'incident') continue
        incidents.set(output.incident.id, output.incident)
        entries.push(...output.entries)
      }
    },
    summary: () =>
      [...incidents.values()]
        .filter(({ status }) => status !== 'merged')
        .map(({ id, status }) => {
          const members = [...alerts.values()].filter(({ incidentId }) => incidentId === id)
          return `${members.map(nameOf).sort().join(' ')} | ${status}`
        })
        .sort(),
    incidentOf: (subject) => incidents.get(find(subject).incidentId!)!,
    alert: find,
  }
}

export interface Played {
  readonly world: World
  readonly correlator: Correlator
  /** Plays on. */
  play(records: readonly EventsRecord[]): void
}

export const play = (
  records: readonly EventsRecord[],
  { topology, settings = {} }: { topology?: Topology; settings?: Partial<CorrelatorSettings> } = {},
): Played => {
  const correlator = createCorrelator({ ...defaultCorrelatorSettings, ...settings })
  const world = createWorld()
  let offset = 0
  const more = (further: readonly EventsRecord[]): void => {
    for (const record of further) world.hear(correlator.apply(record, offset++))
  }
  if (topology !== undefined) more([{ kind: 'topology', at: START, topology }])
  more(records)
  return { world, correlator, play: more }
}

/** The incidents that the lines come to, one line each. */
export const incidentsOf = (text: string, topology?: Topology): string[] =>
  play(recordsOf(text), topology === undefined ? {} : { topology }).world.summary()
