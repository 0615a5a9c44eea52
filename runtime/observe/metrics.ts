// Prometheus metrics (prom-client) on our own pipeline; label values are bounded by construction.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

const SECONDS = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

const createBackupMetrics = (registers: Registry[]) => ({
  backups: new Counter({
    name: 'faultline_backups_total',
    help: 'Scheduled backups',
    labelNames: ['result'],
    registers,
  }),
  backupNewest: new Gauge({
    name: 'faultline_backup_newest_timestamp_seconds',
    help: 'When the newest backup was taken',
    labelNames: ['place'],
    registers,
  }),
  backupBytes: new Gauge({
    name: 'faultline_backup_bytes',
    help: 'Size of the last backup taken',
    labelNames: ['place'],
    registers,
  }),
  backupOverdue: new Gauge({
    name: 'faultline_backup_overdue_seconds',
    help: 'Since a backup has been due',
    registers,
  }),
})

export const createMetrics = () => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name, help, labelNames, registers })
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge({ name, help, labelNames, registers })
  const histogram = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Histogram({ name, help, labelNames, registers, buckets: SECONDS })

  return {
    registry,
    deliveries: counter('faultline_ingest_deliveries_total', 'Deliveries by answer', [
      'source',
      'status',
    ]),
    events: counter('faultline_ingest_events_total', 'Events made durable', ['source']),
    refusals: counter('faultline_ingest_refusals_total', 'Items refused', ['source', 'reason']),
    syslogMessages: counter('faultline_syslog_messages_total', 'Syslog messages received', [
      'transport',
    ]),
    syslogLost: counter('faultline_syslog_lost_total', 'Syslog messages or connections not taken', [
      'reason',
    ]),
    ingestBytes: counter('faultline_ingest_bytes_total', 'Bytes received', ['source']),
    pings: counter('faultline_pings_total', 'Signs of life by answer', ['result']),
    appendSeconds: histogram('faultline_log_append_seconds', 'Time until durable', ['topic']),
    appendErrors: counter('faultline_log_errors_total', 'Appends refused', ['topic']),
    logLosses: gauge('faultline_log_losses', 'Stretches that the log could not give back', []),
    lag: gauge('faultline_consumer_lag_records', 'Records not yet dealt with', [
      'group',
      'topic',
      'partition',
    ]),
    records: counter('faultline_consumer_records_total', 'Records dealt with', ['group', 'topic']),
    batchSeconds: histogram('faultline_consumer_batch_seconds', 'Time per batch', [
      'group',
      'topic',
    ]),
    poison: counter('faultline_poison_records_total', 'Records that no stage could read', [
      'group',
      'topic',
    ]),
    eventToIncident: histogram(
      'faultline_event_to_incident_seconds',
      'From receipt of an event to its incident in the log',
      [],
    ),
    liveAlerts: gauge('faultline_live_alerts', 'Alerts held by the correlator', ['partition']),
    openIncidents: gauge('faultline_open_incidents', 'Incidents open in the correlator', [
      'partition',
    ]),
    checkpointSeconds: histogram('faultline_checkpoint_seconds', 'Time to save a checkpoint', []),
    checkpointBytes: gauge('faultline_checkpoint_bytes', 'Size of the newest checkpoint', [
      'partition',
    ]),
    factRows: counter('faultline_fact_rows_total', 'Rows written to ClickHouse', ['table']),
    notifications: counter('faultline_notifications_total', 'Attempts to tell people', [
      'channel',
      'result',
    ]),
    syncs: counter('faultline_syncs_total', 'Tickets told to other desks, and news from them', [
      'target',
      'result',
    ]),
    ...createBackupMetrics(registers),
    storeErrors: counter('faultline_store_errors_total', 'Failures of a store', ['store']),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
