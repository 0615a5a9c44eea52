// What monitoring says when things go wrong: alert types, their severity and their sentences.
import type { Severity } from '../../domain/severity.ts'
import type { Random } from './random.ts'

export interface AlertType {
  readonly name: string
  readonly severity: Severity
  /** `{ci}` and `{pod}` name the thing, `{n}` a measured number. */
  readonly says: string
}

const type = (name: string, severity: Severity, says: string): AlertType => ({
  name,
  severity,
  says,
})

/** Symptoms by CI kind: what a component shows when something that it needs is broken. */
export const SYMPTOMS: Readonly<Record<string, readonly AlertType[]>> = {
  service: [
    type('ErrorRateHigh', 'error', '{ci} answers {n}% of requests with 5xx'),
    type('LatencyP99High', 'warning', 'p99 latency of {ci} reached {n} ms'),
    type('ErrorBudgetBurn', 'critical', '{ci} burns its error budget {n} times too fast'),
    type('BlackboxProbeFailed', 'critical', 'probe of {ci} failed: i/o timeout'),
    type('PodCrashLooping', 'warning', 'Pod {pod} restarted {n} times'),
    type('ApdexLow', 'warning', 'Apdex of {ci} fell to 0.{n}'),
  ],
  gateway: [
    type('BackendsDown', 'critical', '{ci} lost {n} backends'),
    type('GatewayTimeouts', 'error', '{ci} returns {n} gateway timeouts per minute'),
  ],
  database: [
    type('DbConnectionsExhausted', 'critical', '{ci}: {n} connections waiting'),
    type('DbSlowQueries', 'warning', '{ci}: {n} queries slower than 5 s'),
    type('DbReplicationLag', 'warning', 'replica of {ci} is {n} s behind'),
  ],
  cache: [
    type('CacheHitRateLow', 'warning', 'hit rate of {ci} dropped to {n}%'),
    type('CacheMemoryHigh', 'warning', '{ci} uses {n}% of maxmemory'),
  ],
  queue: [
    type('ConsumerLagHigh', 'warning', 'consumers of {ci} are {n} messages behind'),
    type('UnderReplicated', 'error', '{ci} has {n} under-replicated partitions'),
  ],
  host: [
    type('HostDown', 'critical', 'PING CRITICAL - {ci} packet loss = 100%'),
    type('NodeNotReady', 'error', 'Node {ci} has not reported for {n} s'),
    type('LoadAverageHigh', 'warning', 'load average {n} on {ci}'),
  ],
  switch: [
    type('SwitchDown', 'critical', 'Device {ci} does not answer SNMP'),
    type('InterfaceErrors', 'warning', '{n} CRC errors per second on {ci}'),
  ],
  pod: [
    type('PodCrashLooping', 'warning', 'Pod {ci} restarted {n} times'),
    type('PodNotReady', 'warning', 'Pod {ci} not ready for {n} s'),
  ],
  external: [type('UpstreamUnreachable', 'error', 'endpoint of {ci} answers 503 for {n} s')],
}

/** Types that only a fault's own root shows. */
export const ROOT_TYPES = {
  diskFull: type('FilesystemFull', 'critical', 'Filesystem /var on {ci} is {n}% full'),
  inodes: type('InodesExhausted', 'error', '{ci} has {n} inodes left'),
  memory: type('MemoryNearLimit', 'warning', '{ci} uses {n}% of its memory limit'),
  oom: type('OOMKilled', 'error', 'a container of {ci} was OOM killed {n} times'),
  certificate: type('CertificateExpired', 'error', 'TLS certificate of {ci} expired'),
  dns: type('DnsServfail', 'critical', '{ci} answers SERVFAIL to {n}% of queries'),
  login: type('LoginFailures', 'critical', '{n} logins per minute fail at {ci}'),
  link: type('LinkDown', 'critical', 'uplink of {ci} is down'),
  loss: type('PacketLoss', 'error', '{n}% packet loss towards {ci}'),
  deploy: type('RolloutStuck', 'warning', 'rollout of {ci} is stuck after {n} s'),
  steal: type('CpuStealHigh', 'warning', 'CPU steal on {ci} is {n}%'),
  ioWait: type('DiskIoWaitHigh', 'warning', 'I/O wait on {ci} is {n}%'),
  deadlock: type('DbDeadlocks', 'error', '{ci}: {n} deadlocks per minute'),
  config: type('ConfigReloadFailed', 'warning', '{ci} could not reload its configuration'),
} as const satisfies Record<string, AlertType>

/** Chatter that belongs to nothing: each one stands for itself. */
export const CHATTER: readonly AlertType[] = [
  type('BackupOverdue', 'warning', 'backup of {ci} is {n} min late'),
  type('NtpOffset', 'warning', 'clock of {ci} is off by {n} ms'),
  type('SecurityUpdatesPending', 'info', '{n} security updates pending on {ci}'),
  type('CpuThrottling', 'warning', '{ci} is throttled {n}% of the time'),
  type('ConfigDrift', 'info', '{ci} differs from its manifest in {n} keys'),
  type('LogVolumeHigh', 'info', '{ci} writes {n} MB of logs per minute'),
]

export const FLAPPING: AlertType = type(
  'LinkFlapping',
  'warning',
  'interface eth2 of {ci} changed state',
)

export const CHRONIC: AlertType = type(
  'CertificateExpiresSoon',
  'info',
  'certificate of {ci} expires soon',
)

export const sentence = (alertType: AlertType, ci: string, pod: string, random: Random): string =>
  alertType.says
    .replace('{ci}', ci)
    .replace('{pod}', pod)
    .replace('{n}', String(random.integer(6, 990)))
