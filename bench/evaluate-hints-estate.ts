// Recorded or simulated estates as labelled incidents, grouped as the truth groups them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { bindCi } from '../correlator/binding.ts'
import { createHintLearning, type HintLearning } from '../correlator/hints/knowledge.ts'
import { createTopologyView } from '../correlator/hints/topology-view.ts'
import type { HintAlert } from '../correlator/hints/types.ts'
import { defaultCorrelatorSettings } from '../correlator/settings.ts'
import { createTopologyGraph } from '../correlator/topology-graph.ts'
import type { Change } from '../domain/change.ts'
import type { AlertEvent } from '../domain/event.ts'
import type { Millis } from '../domain/time.ts'
import type { Topology } from '../domain/topology.ts'
import { createNormaliser } from '../ingest/normalise.ts'
import { defaultIngestSettings } from '../ingest/settings.ts'
import { createEstate } from './estate/estate.ts'
import type { ProfileName } from './estate/profiles.ts'
import { cellsOf } from './evaluate-hints-hotel.ts'
import { hintsOf, type LabelledIncident, type Ranker } from './evaluate-hints-score.ts'

interface TrueIncident {
  readonly incident: string
  readonly root: string
  readonly change?: string | null
  readonly pattern?: string | null
}

interface Delivery {
  readonly receivedAt: Millis
  readonly source: string
  readonly payload: unknown
  /** Name of the true incident, or of the noise, of each alert. */
  readonly truth: readonly string[]
}

export interface EstateRecording {
  readonly topology: Topology
  readonly changes: readonly Change[]
  readonly incidents: readonly TrueIncident[]
  readonly deliveries: readonly Delivery[]
}

/** A group of alerts in the order in which the groups end; noise has no label. */
export interface Group {
  readonly incident: LabelledIncident
  readonly labelled: boolean
  readonly openedAt: Millis
  readonly resolvedAt: Millis
  readonly pattern?: string
}

export const simulatedEstate = (seed: string, profile: ProfileName): EstateRecording => {
  const { topology, changes, incidents, deliveries } = createEstate(seed, profile)
  return {
    topology,
    changes,
    incidents,
    deliveries: deliveries.map((delivery) => ({
      ...delivery,
      truth: delivery.truth.map(({ incident }) => incident),
    })),
  }
}

const linesOf = (folder: string, name: string): string[] => {
  const path = join(folder, name)
  const text = name.endsWith('.gz')
    ? gunzipSync(readFileSync(path)).toString('utf8')
    : readFileSync(path, 'utf8')
  return text.trim().split('\n')
}

export const recordedEstate = (folder: string): EstateRecording => {
  const truth = new Map<string, string[]>()
  for (const row of linesOf(folder, 'truth.csv.gz').slice(1)) {
    const [line, index, incident] = row.split(',') as [string, string, string]
    const own = truth.get(line) ?? []
    own[Number(index)] = incident
    truth.set(line, own)
  }
  const time = (iso: string): Millis => Date.parse(iso)
  return {
    topology: JSON.parse(linesOf(folder, 'topology.json').join('\n')),
    changes: linesOf(folder, 'changes.jsonl').map((line) => {
      const change = JSON.parse(line)
      return { ...change, startedAt: time(change.startedAt), endedAt: time(change.endedAt) }
    }),
    incidents: linesOf(folder, 'truth-incidents.jsonl').map((line) => JSON.parse(line)),
    deliveries: linesOf(folder, 'deliveries.jsonl.gz').map((line, i) => {
      const { receivedAt, source, payload } = JSON.parse(line)
      return { receivedAt: time(receivedAt), source, payload, truth: truth.get(`${i + 1}`) ?? [] }
    }),
  }
}

/** Groups as the truth groups them, ranked when `afterMs` have passed since they opened. */
export const groupsOf = (estate: EstateRecording, afterMs: number): Group[] => {
  const graph = createTopologyGraph(estate.topology, 1)
  const topology = createTopologyView(estate.topology)
  const changes = new Map<string, Change[]>()
  for (const change of estate.changes)
    changes.set(change.ci, [...(changes.get(change.ci) ?? []), change])
  const labels = new Map(estate.incidents.map((one) => [one.incident, one]))
  const open = new Map<string, { alerts: Map<string, HintAlert>; first: Millis; last: Millis }>()
  for (const { event, receivedAt, source, incident } of eventsOf(estate)) {
    const group = open.get(incident) ?? { alerts: new Map(), first: receivedAt, last: receivedAt }
    open.set(incident, group)
    group.last = receivedAt
    if (event.status !== 'firing' || group.alerts.has(event.fingerprint)) continue
    if (receivedAt - group.first > afterMs) continue
    const { ci } = bindCi(event.labels, event.summary, defaultCorrelatorSettings.ciLabels, graph)
    group.alerts.set(event.fingerprint, alertOf(event, ci, receivedAt, source))
  }
  return [...open]
    .map(([id, { alerts, first, last }]): Group => {
      const label = labels.get(id)
      return {
        labelled: label !== undefined,
        openedAt: first,
        resolvedAt: last,
        ...(label?.pattern && { pattern: label.pattern }),
        incident: {
          id,
          root: label?.root ?? '',
          ...(label?.change && { change: label.change }),
          alerts: [...alerts.values()],
          topology,
          changesOn: (ci) => (changes.get(ci) ?? []).filter((each) => each.startedAt <= last),
          now: Math.min(last, first + afterMs),
        },
      }
    })
    .sort((a, b) => a.resolvedAt - b.resolvedAt)
}

interface SeenEvent {
  readonly event: AlertEvent
  readonly receivedAt: Millis
  readonly source: string
  readonly incident: string
}

const eventsOf = (estate: EstateRecording): SeenEvent[] => {
  const normalise = createNormaliser(defaultIngestSettings)
  return estate.deliveries.flatMap(({ receivedAt, source, payload, truth }, i) =>
    normalise({ source, payload, receivedAt, deliveryId: `d${i}` }).batches.flatMap(
      ({ batch, indexes }) =>
        batch.events.map((event, n) => ({
          event,
          receivedAt,
          source,
          incident: truth[indexes[n]!] ?? '',
        })),
    ),
  )
}

const alertOf = (
  event: AlertEvent,
  ci: string | undefined,
  receivedAt: Millis,
  source: string,
): HintAlert => ({
  id: event.id,
  ...(ci !== undefined && { ci }),
  name: event.name,
  severity: event.severity,
  startsAt: event.startsAt,
  firstSeen: receivedAt,
  source,
})

/** In order of time: every group is ranked by what those that ended before it taught. */
export const rankInOrder = (
  groups: readonly Group[],
  visit: (group: Group, learning: HintLearning) => void,
): void => {
  const learning = createHintLearning()
  for (const group of groups) {
    const { alerts } = group.incident
    for (const { source, startsAt, firstSeen } of alerts)
      learning.alertReported(source, startsAt, firstSeen)
    visit(group, learning)
    const [top] = hintsOf(group.incident, learning)
    learning.incidentClosed(cellsOf(alerts), top, group.resolvedAt)
  }
}

export const placesInOrder = (groups: readonly Group[], rank: Ranker): number[] => {
  const places: number[] = []
  rankInOrder(groups, ({ incident, labelled }, learning) => {
    if (labelled) places.push(rank(incident, learning).indexOf(incident.root))
  })
  return places
}
