// Runs Faultline, or a baseline, over labelled traffic and gives each event's group.
import { bindCi } from '../../correlator/binding.ts'
import { createCorrelator } from '../../correlator/correlator.ts'
import { type CorrelatorSettings, defaultCorrelatorSettings } from '../../correlator/settings.ts'
import { createTopologyGraph } from '../../correlator/topology-graph.ts'
import { createNormaliser } from '../../ingest/normalise.ts'
import { defaultIngestSettings } from '../../ingest/settings.ts'
import { foundIncidents } from '../../runtime/backtest/backtest.ts'
import { type FoundIncident, positionKey } from '../../runtime/backtest/labels.ts'
import type { Ledger } from '../../runtime/backtest/ledger.ts'
import { createReplay } from '../../runtime/backtest/replay.ts'
import type { Baseline, BaselineEvent } from '../baselines/baseline.ts'
import type { Traffic } from './traffic.ts'

export interface OwnRun {
  readonly found: FoundIncident
  readonly ledger: Ledger
  readonly wallMs: number
}

export const runFaultline = (
  traffic: Traffic,
  settings: CorrelatorSettings = defaultCorrelatorSettings,
): OwnRun => {
  const startedAt = performance.now()
  const replay = createReplay({
    normalise: createNormaliser(defaultIngestSettings),
    correlate: (wants) => createCorrelator(settings, wants),
    topology: traffic.topology,
    changes: traffic.changes,
  })
  for (const delivery of traffic.deliveries) replay.deliver(delivery.line, delivery)
  const { ledger } = replay.finish()
  return { found: foundIncidents(ledger), ledger, wallMs: performance.now() - startedAt }
}

export interface PlacedEvent extends BaselineEvent {
  readonly position: number
}

/** The events as Faultline's own normaliser and binding see them, so that all start equal. */
export const eventsOf = (traffic: Traffic): PlacedEvent[] => {
  const normalise = createNormaliser(defaultIngestSettings)
  const graph = createTopologyGraph(traffic.topology, 1)
  const { ciLabels } = defaultCorrelatorSettings
  return traffic.deliveries.flatMap((delivery) =>
    normalise(delivery).batches.flatMap(({ batch, indexes }) =>
      batch.events.map((event, i) => ({
        position: positionKey(delivery.line, indexes[i]!),
        at: delivery.receivedAt,
        event,
        ci: bindCi(event.labels, `${event.name} ${event.summary}`, ciLabels, graph).ci,
      })),
    ),
  )
}

export const runBaseline = (
  baseline: Baseline,
  events: readonly PlacedEvent[],
  traffic: Traffic,
): FoundIncident => {
  const groups = baseline.assign(events, traffic.topology)
  const found = new Map(events.map(({ position }, i) => [position, groups[i]!]))
  return (line, index) => found.get(positionKey(line, index))
}
