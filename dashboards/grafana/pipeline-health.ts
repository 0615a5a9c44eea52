// The Pipeline health dashboard: our own pipeline, from the metrics that it exposes to Prometheus.
import type { DashboardSpec } from './dashboard.ts'
import { graph } from './panels.ts'

/** The range of every rate: four scrapes at the usual 15 s fit into it. */
const rate = (metric: string, by: string): string =>
  `sum by (${by}) (rate(${metric}[$__rate_interval]))`

const quantile = (level: number, metric: string, by = ''): string =>
  `histogram_quantile(${level}, sum by (le${by}) (rate(${metric}_bucket[$__rate_interval])))`

export const pipelineHealth: DashboardSpec = {
  uid: 'faultline-pipeline',
  title: 'Faultline: Pipeline health',
  description: 'Rates, lag, latency and refusals of Faultline itself.',
  range: 'now-6h',
  facts: false,
  rows: [
    [
      'Does everything arrive?',
      [
        graph('Events', 'Events made durable, per second', 'ops', [
          [rate('faultline_ingest_events_total', 'source'), '{{source}}'],
        ]),
        graph('Deliveries', 'Answers to senders, per second', 'ops', [
          [rate('faultline_ingest_deliveries_total', 'status'), '{{status}}'],
        ]),
        graph('Refused items', 'Dead letters by reason, per second', 'ops', [
          [rate('faultline_ingest_refusals_total', 'source, reason'), '{{source}} {{reason}}'],
        ]),
        graph('Poison records', 'Records that a stage could not read, per second', 'ops', [
          [rate('faultline_poison_records_total', 'group, topic'), '{{group}} {{topic}}'],
        ]),
      ],
    ],
    [
      'Is it fast?',
      [
        graph('Event to incident', 'From receipt to the incident in the log', 's', [
          [quantile(0.5, 'faultline_event_to_incident_seconds'), 'p50'],
          [quantile(0.99, 'faultline_event_to_incident_seconds'), 'p99'],
        ]),
        graph('Until durable', 'Time of an append to the log, p99', 's', [
          [quantile(0.99, 'faultline_log_append_seconds', ', topic'), '{{topic}}'],
        ]),
        graph('Lag', 'Records not yet dealt with', 'short', [
          ['sum by (group, topic) (faultline_consumer_lag_records)', '{{group}} {{topic}}'],
        ]),
        graph('Batches', 'Time per batch, p99', 's', [
          [quantile(0.99, 'faultline_consumer_batch_seconds', ', group'), '{{group}}'],
        ]),
      ],
    ],
    [
      'Is it whole?',
      [
        graph('Refused appends and lost stretches', 'Should stay at zero', 'short', [
          [rate('faultline_log_errors_total', 'topic'), 'refused {{topic}}'],
          ['sum(faultline_log_losses)', 'lost stretches'],
        ]),
        graph('Store failures', 'Failed calls of a store, per second', 'ops', [
          [rate('faultline_store_errors_total', 'store'), '{{store}}'],
        ]),
        graph('Held by the correlator', 'Live alerts and open incidents', 'short', [
          ['sum(faultline_live_alerts)', 'alerts'],
          ['sum(faultline_open_incidents)', 'incidents'],
        ]),
        graph('Facts', 'Rows written to ClickHouse, per second', 'ops', [
          [rate('faultline_fact_rows_total', 'table'), '{{table}}'],
        ]),
        graph('Memory', 'Resident memory of each process', 'bytes', [
          ['process_resident_memory_bytes{job="faultline"}', '{{instance}}'],
        ]),
        graph('Event loop', 'How late timers fire, p99', 's', [
          ['nodejs_eventloop_lag_p99_seconds{job="faultline"}', '{{instance}}'],
        ]),
      ],
    ],
  ],
}
