// Labelled traffic as incidents whose causes are known, grouped by the truth or by the correlator.
import { bindCi } from '../correlator/binding.ts'
import { createCorrelator } from '../correlator/correlator.ts'
import { createHintLearning, type HintLearning } from '../correlator/hints/knowledge.ts'
import { createTopologyView } from '../correlator/hints/topology-view.ts'
import type { HintAlert } from '../correlator/hints/types.ts'
import { defaultCorrelatorSettings } from '../correlator/settings.ts'
import { createTopologyGraph } from '../correlator/topology-graph.ts'
import type { Alert } from '../domain/alert.ts'
import type { Change } from '../domain/change.ts'
import { MINUTE_MS, type Millis } from '../domain/time.ts'
import { createNormaliser } from '../ingest/normalise.ts'
import { defaultIngestSettings } from '../ingest/settings.ts'
import { foundIncidents } from '../runtime/backtest/backtest.ts'
import { createReplay } from '../runtime/backtest/replay.ts'
import { cellsOf } from './evaluate-hints-hotel.ts'
import { hintsOf, type KnownIncident, type Ranker } from './evaluate-hints-score.ts'
import type { Traffic, TrueCause } from './evaluation/traffic.ts'

/** Alerts of one incident, with the span of its events. */
interface Members {
  readonly alerts: HintAlert[]
  readonly closedAt: Millis
}

/** The incident's alerts were seen, and learned from, when the last of its events came. */
const ELSEWHERE_MS = 5 * MINUTE_MS

const incidentsOf = (
  traffic: Traffic,
  members: ReadonlyMap<string, Members>,
  causesOf: (id: string) => readonly TrueCause[],
): KnownIncident[] => {
  const topology = createTopologyView(traffic.topology)
  const changes = new Map<string, Change[]>()
  for (const change of traffic.changes)
    changes.set(change.ci, [...(changes.get(change.ci) ?? []), change])
  const all = [...members].flatMap(([id, { alerts }]) => {
    const lone = alerts.every(({ ci }) => ci === alerts[0]?.ci)
    return alerts.map((alert) => ({ id, alert: { ...alert, lone } }))
  })
  return [...members]
    .map(([id, { alerts, closedAt }]): KnownIncident => {
      const first = Math.min(...alerts.map(({ startsAt }) => startsAt))
      return {
        id,
        roots: causesOf(id).map(({ root }) => root),
        alerts,
        elsewhere: all
          .filter((other) => other.id !== id)
          .map(({ alert }) => alert)
          .filter(({ startsAt }) => Math.abs(startsAt - first) <= ELSEWHERE_MS),
        topology,
        changesOn: (ci) => (changes.get(ci) ?? []).filter((each) => each.startedAt <= closedAt),
        now: closedAt,
      }
    })
    .sort((a, b) => a.now - b.now)
}

/** As a perfect correlator would group them; noise is its own incident, with no cause. */
export const trueIncidents = (traffic: Traffic): KnownIncident[] => {
  const normalise = createNormaliser(defaultIngestSettings)
  const graph = createTopologyGraph(traffic.topology, defaultCorrelatorSettings.neighboursMax)
  const truth = new Map(traffic.labels.map((label) => [`${label.line}:${label.index}`, label]))
  const groups = new Map<string, { alerts: Map<string, HintAlert>; closedAt: Millis }>()
  for (const delivery of traffic.deliveries)
    for (const { batch, indexes } of normalise(delivery).batches)
      for (const [i, event] of batch.events.entries()) {
        const id = truth.get(`${delivery.line}:${indexes[i]!}`)?.incident ?? ''
        const group = groups.get(id) ?? { alerts: new Map(), closedAt: 0 }
        groups.set(id, group)
        group.closedAt = batch.receivedAt
        if (event.status !== 'firing' || group.alerts.has(event.fingerprint)) continue
        const text = `${event.name} ${event.summary}`
        const { ci } = bindCi(event.labels, text, defaultCorrelatorSettings.ciLabels, graph)
        group.alerts.set(event.fingerprint, {
          id: event.id,
          ...(ci !== undefined && { ci }),
          name: event.name,
          severity: event.severity,
          startsAt: event.startsAt,
          firstSeen: batch.receivedAt,
          source: batch.source,
        })
      }
  const members = new Map(
    [...groups].map(([id, { alerts, closedAt }]) => [
      id,
      { alerts: [...alerts.values()], closedAt },
    ]),
  )
  return incidentsOf(traffic, members, (id) =>
    traffic.causes.filter(({ incident }) => incident === id),
  )
}

/** As the correlator groups them; a cause belongs where most of its alerts went. */
export const foundIncidentsOf = (traffic: Traffic): KnownIncident[] => {
  const alerts = new Map<string, Alert>()
  const replay = createReplay({
    normalise: createNormaliser(defaultIngestSettings),
    correlate: (wants) => {
      const correlator = createCorrelator(defaultCorrelatorSettings, wants)
      return {
        ...correlator,
        apply: (record, offset) => {
          const outputs = correlator.apply(record, offset)
          for (const output of outputs)
            if (output.kind === 'alert') alerts.set(output.alert.id, output.alert)
          return outputs
        },
      }
    },
    topology: traffic.topology,
    changes: traffic.changes,
  })
  for (const delivery of traffic.deliveries) replay.deliver(delivery.line, delivery)
  const { ledger } = replay.finish()
  const members = new Map<string, Members>()
  for (const alert of alerts.values()) {
    if (alert.incidentId === undefined) continue
    const id = ledger.finalIncident(alert.incidentId)
    const closedAt = ledger.incidents.get(id)?.resolvedAt ?? alert.lastSeen
    const group = members.get(id) ?? { alerts: [], closedAt }
    members.set(id, group)
    group.alerts.push(alert)
  }
  const causes = causesByFound(traffic, foundIncidents(ledger))
  return incidentsOf(traffic, members, (id) => causes.get(id) ?? [])
}

const causesByFound = (
  traffic: Traffic,
  found: (line: number, index: number) => string | undefined,
): Map<string, TrueCause[]> => {
  const shares = new Map<string, Map<string, number>>()
  for (const { line, index, incident, first } of traffic.labels) {
    const id = found(line, index)
    if (!first || !id) continue
    const own = shares.get(incident) ?? new Map<string, number>()
    shares.set(incident, own.set(id, (own.get(id) ?? 0) + 1))
  }
  const causes = new Map<string, TrueCause[]>()
  for (const cause of traffic.causes) {
    const [most] = [...(shares.get(cause.incident) ?? [])].sort((a, b) => b[1] - a[1])
    if (most) causes.set(most[0], [...(causes.get(most[0]) ?? []), cause])
  }
  return causes
}

/** In order of time: every incident is ranked by what those that ended before it taught. */
export const inOrder = (
  incidents: readonly KnownIncident[],
  visit: (incident: KnownIncident, learning: HintLearning) => void,
): void => {
  const learning = createHintLearning()
  for (const incident of incidents) {
    for (const { source, startsAt, firstSeen } of incident.alerts)
      learning.alertReported(source, startsAt, firstSeen)
    visit(incident, learning)
    const [top] = hintsOf(incident, learning)
    learning.incidentClosed(cellsOf(incident.alerts), top, incident.now)
  }
}

/** Place of each true root in its incident's ranking. */
export const placesInOrder = (incidents: readonly KnownIncident[], rank: Ranker): number[] => {
  const places: number[] = []
  inOrder(incidents, (incident, learning) => {
    if (incident.roots.length === 0) return
    const ranking = rank(incident, learning)
    for (const root of incident.roots) places.push(ranking.indexOf(root))
  })
  return places
}
