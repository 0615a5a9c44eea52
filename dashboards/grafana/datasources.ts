// The two data sources of every dashboard, by uids that provisioning fixes.

export const CLICKHOUSE = { type: 'grafana-clickhouse-datasource', uid: 'faultline-clickhouse' }
export const PROMETHEUS = { type: 'prometheus', uid: 'faultline-prometheus' }
