// Alert rules on our own pipeline, evaluated by Grafana over Prometheus.

export interface AlertRule {
  readonly uid: string
  readonly title: string
  /** PromQL; fires while it is above the threshold. */
  readonly expression: string
  readonly above: number
  readonly for: string
  readonly severity: 'critical' | 'warning'
  readonly summary: string
  /** What to do first. */
  readonly runbook: string
}

export const ALERT_RULES: readonly AlertRule[] = [
  {
    uid: 'faultline-down',
    title: 'Faultline is not being scraped',
    expression: '1 - min(up{job="faultline"})',
    above: 0,
    for: '2m',
    severity: 'critical',
    summary: 'A Faultline process has been away for two minutes.',
    runbook: 'Look at its last log lines; what senders were told is safe is safe in the log.',
  },
  {
    uid: 'faultline-appends-refused',
    title: 'Appends to the log are refused',
    expression: 'sum(rate(faultline_log_errors_total[5m]))',
    above: 0,
    for: '1m',
    severity: 'critical',
    summary: 'Senders get 503: the log cannot make records durable.',
    runbook: 'Check disk space, or the Kafka brokers; senders retry by themselves.',
  },
  {
    uid: 'faultline-lost-records',
    title: 'The log could not give back some records',
    expression: 'max(faultline_log_losses)',
    above: 0,
    for: '0m',
    severity: 'critical',
    summary: 'A stretch of the log is damaged and was reported, not skipped silently.',
    runbook: 'See the log lines for topic, partition and offsets; restore from a backup if needed.',
  },
  {
    uid: 'faultline-backup-overdue',
    title: 'A backup is overdue',
    expression: 'max(faultline_backup_overdue_seconds)',
    above: 3_600,
    for: '1m',
    severity: 'warning',
    summary: 'A scheduled backup has been due for more than an hour and was not taken.',
    runbook:
      'Look for "a backup failed" in the log; try `faultline backup` by hand to the same place.',
  },
  {
    uid: 'faultline-lag',
    title: 'A stage falls behind',
    expression: 'max by (group, topic) (faultline_consumer_lag_records)',
    above: 10_000,
    for: '5m',
    severity: 'warning',
    summary: '{{ $labels.group }} has more than 10,000 records of {{ $labels.topic }} to go.',
    runbook: 'Look at its batch times and store failures on the Pipeline health dashboard.',
  },
  {
    uid: 'faultline-slow',
    title: 'Incidents open late',
    expression:
      'histogram_quantile(0.99, sum by (le) (rate(faultline_event_to_incident_seconds_bucket[5m])))',
    above: 10,
    for: '5m',
    severity: 'warning',
    summary: 'From receipt to incident takes more than 10 s (p99).',
    runbook: 'Look at the lag of the correlator, then at the load of its machine.',
  },
  {
    uid: 'faultline-poison',
    title: 'A stage meets records that it cannot read',
    expression: 'sum by (group, topic) (increase(faultline_poison_records_total[15m]))',
    above: 0,
    for: '0m',
    severity: 'warning',
    summary: '{{ $labels.group }} set records of {{ $labels.topic }} aside.',
    runbook:
      'See /api/v1/dead-letters for reason and position; a version mismatch is the usual cause.',
  },
  {
    uid: 'faultline-refusals',
    title: 'Many items are refused',
    expression: 'sum by (source) (rate(faultline_ingest_refusals_total[15m]))',
    above: 1,
    for: '15m',
    severity: 'warning',
    summary: '{{ $labels.source }} sends more than one item a second that cannot be taken.',
    runbook: 'See /api/v1/dead-letters?source= for the reasons, and mend the sender.',
  },
  {
    uid: 'faultline-stores',
    title: 'A store keeps failing',
    expression: 'sum by (store) (rate(faultline_store_errors_total[5m]))',
    above: 0.1,
    for: '5m',
    severity: 'warning',
    summary: 'Calls of {{ $labels.store }} fail and are repeated.',
    runbook: 'Facts wait in the log meanwhile; correlation is not affected.',
  },
]
