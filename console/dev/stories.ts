// How things break in the made-up shop: each fault with its alerts, in the order they fire.
import type { AlertView } from '../src/api/types.ts'

export interface StoryAlert {
  readonly name: string
  readonly ci: string
  readonly severity: AlertView['severity']
  /** Seconds after the first. */
  readonly after: number
  readonly summary: string
}

export interface Story {
  readonly title: string
  readonly root: string
  /** The change that did it, if one did. */
  readonly change?: string
  readonly alerts: readonly StoryAlert[]
}

type Line = readonly [string, string, AlertView['severity'], number, string]

const alerts = (...lines: readonly Line[]): StoryAlert[] =>
  lines.map(([name, ci, severity, after, summary]) => ({ name, ci, severity, after, summary }))

export const stories: readonly Story[] = [
  {
    title: 'payments-db refuses connections; checkout and orders fail',
    root: 'payments-db',
    change: 'CHG-118',
    alerts: alerts(
      ['PgConnectionsExhausted', 'payments-db', 'critical', 0, '200 of 200 connections in use'],
      ['PaymentErrorRate', 'payments', 'critical', 42, '38 % of payment calls fail'],
      ['CheckoutErrorRate', 'checkout', 'critical', 65, '31 % of checkouts fail'],
      ['KafkaConsumerLag', 'payments', 'warning', 120, 'payment-events is 18,400 messages behind'],
      ['OrderRateLow', 'orders', 'error', 180, 'orders per minute down by 61 %'],
      [
        'SyntheticCheckFailed',
        'storefront',
        'error',
        200,
        'buy-one-item failed 3 times in Frankfurt',
      ],
      ['MailQueueGrowing', 'mail-out', 'info', 420, '2,310 mails wait'],
    ),
  },
  {
    title: 'Disk fills on host-b1; search answers slowly',
    root: 'host-b1',
    alerts: alerts(
      ['DiskWillFill', 'host-b1', 'warning', 0, '/var will be full in 4 h'],
      ['EsClusterYellow', 'es-search', 'warning', 310, 'cluster is yellow: 4 replicas unassigned'],
      ['SearchLatencyHigh', 'search', 'error', 380, 'p99 of search is 2.8 s'],
    ),
  },
  {
    title: 'sw-rack-a drops packets; everything in rack A is slow',
    root: 'sw-rack-a',
    alerts: alerts(
      ['InterfaceErrors', 'sw-rack-a', 'error', 0, 'ge-0/0/12: 4,120 input errors a minute'],
      ['HostLatency', 'host-a1', 'warning', 12, 'round trip 48 ms (usual 0.3 ms)'],
      ['HostLatency', 'host-a2', 'warning', 14, 'round trip 51 ms (usual 0.3 ms)'],
      ['ReplicationLag', 'orders-db', 'error', 55, 'replica is 94 s behind'],
      ['RedisTimeouts', 'redis-cart', 'error', 58, '12 % of commands time out'],
      ['CartErrorRate', 'cart', 'error', 80, '9 % of cart calls fail'],
      ['KafkaUnderReplicated', 'kafka-main', 'critical', 95, '37 partitions under-replicated'],
      ['OrderLatencyHigh', 'orders', 'warning', 130, 'p95 of orders is 1.9 s'],
    ),
  },
  {
    title: 'identity rejects logins after a certificate change',
    root: 'identity',
    change: 'CHG-121',
    alerts: alerts(
      [
        'LoginFailureRate',
        'identity',
        'critical',
        0,
        '74 % of logins fail: x509 unknown authority',
      ],
      ['CheckoutErrorRate', 'checkout', 'error', 40, '12 % of checkouts fail'],
      ['SyntheticCheckFailed', 'storefront', 'error', 75, 'sign-in failed 3 times in Dublin'],
    ),
  },
  {
    title: 'catalogue-db vacuum holds locks; catalogue pages time out',
    root: 'catalogue-db',
    alerts: alerts(
      ['PgLockWait', 'catalogue-db', 'warning', 0, '61 sessions wait for a lock'],
      ['CatalogueLatencyHigh', 'catalogue', 'error', 33, 'p95 of catalogue is 4.1 s'],
    ),
  },
  {
    title: 'redis-cart evicts keys; carts lose items',
    root: 'redis-cart',
    alerts: alerts(
      ['RedisMemoryFull', 'redis-cart', 'error', 0, 'used_memory is 98 % of maxmemory'],
      ['RedisEvictions', 'redis-cart', 'warning', 20, '1,840 keys evicted a minute'],
      ['CartItemLoss', 'cart', 'error', 140, '212 carts lost items in 5 min'],
    ),
  },
  {
    title: 'kafka-main rebalances without end; shipping and mail lag',
    root: 'kafka-main',
    alerts: alerts(
      ['KafkaRebalanceStorm', 'kafka-main', 'error', 0, '44 rebalances in 10 min'],
      ['KafkaConsumerLag', 'shipping', 'warning', 95, 'shipping-orders is 9,120 messages behind'],
      ['MailQueueGrowing', 'mail-out', 'warning', 160, '5,702 mails wait'],
    ),
  },
  {
    title: 'Backup of orders-db is late',
    root: 'orders-db',
    alerts: alerts(['BackupLate', 'orders-db', 'info', 0, 'last backup 26 h ago (wanted: 24 h)']),
  },
]

/** What an attacker, or a broken exporter, may send: it has to look as harmless as it is. */
export const hostileStory: Story = {
  title: '<img src=x onerror=alert(1)> & \u202eevil\u202c \u0007 in a title',
  root: 'mail-out',
  alerts: alerts([
    '<script>alert(1)</script>',
    'mail-out',
    'warning',
    0,
    '[31mred[0m ![x](http://x) =HYPERLINK("http://x") javascript:alert(1)',
  ]),
}
