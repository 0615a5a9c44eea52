// A small web shop to break: services, databases, hosts, a switch, and what depends on what.
import type { CiView, RelationView } from '../src/api/types.ts'

/** id, kind, team, criticality */
const CIS = [
  ['storefront', 'service', 'web', 'high'],
  ['checkout', 'service', 'payments', 'high'],
  ['cart', 'service', 'web', 'medium'],
  ['catalogue', 'service', 'web', 'medium'],
  ['search', 'service', 'discovery', 'medium'],
  ['payments', 'service', 'payments', 'high'],
  ['orders', 'service', 'orders', 'high'],
  ['shipping', 'service', 'orders', 'medium'],
  ['mail-out', 'service', 'platform', 'low'],
  ['identity', 'service', 'platform', 'high'],
  ['payments-db', 'database', 'data', 'high'],
  ['orders-db', 'database', 'data', 'high'],
  ['catalogue-db', 'database', 'data', 'medium'],
  ['redis-cart', 'cache', 'data', 'medium'],
  ['kafka-main', 'queue', 'platform', 'high'],
  ['es-search', 'index', 'discovery', 'medium'],
  ['host-a1', 'host', 'platform', 'medium'],
  ['host-a2', 'host', 'platform', 'medium'],
  ['host-b1', 'host', 'platform', 'medium'],
  ['sw-rack-a', 'switch', 'network', 'high'],
] as const

export const cis: readonly CiView[] = CIS.map(([id, kind, team, criticality]) => ({
  id,
  kind,
  name: id,
  attributes: { team, criticality },
}))

const DEPENDS = `
storefront cart catalogue search checkout identity
checkout payments orders cart identity
cart redis-cart
catalogue catalogue-db
search es-search
payments payments-db kafka-main
orders orders-db kafka-main
shipping orders kafka-main
mail-out kafka-main
identity orders-db
`
const RUNS = `
payments-db host-a1
orders-db host-a1
redis-cart host-a2
kafka-main host-a2
catalogue-db host-b1
es-search host-b1
`
const CONNECTS = `
host-a1 sw-rack-a
host-a2 sw-rack-a
`

const edges = (type: RelationView['type'], text: string): RelationView[] =>
  text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [from = '', ...targets] = line.split(' ')
      return targets.map((to) => ({ from, to, type }))
    })

export const relations: readonly RelationView[] = [
  ...edges('depends_on', DEPENDS),
  ...edges('runs_on', RUNS),
  ...edges('connects_to', CONNECTS),
]
