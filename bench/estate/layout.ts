// Builds a typed topology by seed: sites, racks, hosts, products with services, stores and hubs.
import type { Ci, Relation, RelationType, Topology } from '../../domain/topology.ts'
import type { Random } from './random.ts'

export interface Layout {
  readonly topology: Topology
  readonly byId: ReadonlyMap<string, Ci>
  /** Who may suffer when this CI fails, and over which relation; the nearest step only. */
  readonly sufferers: (ci: string) => readonly Sufferer[]
  readonly ofKind: (...kinds: readonly string[]) => readonly Ci[]
}

export interface Sufferer {
  readonly ci: string
  readonly over: RelationType
  /** How many like components share the load: 1 = no redundancy. */
  readonly redundancy: number
}

const PRODUCTS = [
  'orchid',
  'quartz',
  'willow',
  'saffron',
  'cinder',
  'marlin',
  'tundra',
  'lagoon',
  'nimbus',
  'pepper',
  'walnut',
  'zephyr',
]
const EDGE_ROLES = ['gateway', 'frontend', 'mobile', 'portal']
const MIDDLE_ROLES = ['checkout', 'orders', 'pricing', 'profile', 'search', 'cart', 'booking']
const BACK_ROLES = ['payments', 'inventory', 'mailer', 'media', 'scheduler', 'reports', 'stock']
const SITES = ['ams1', 'par3', 'dub2', 'waw1', 'mad4']

interface Draft {
  readonly random: Random
  readonly cis: Map<string, Ci>
  readonly relations: Relation[]
  readonly serviceName: (product: string, role: string) => string
  readonly hostName: (site: string, rack: number, slot: number) => string
}

const add = (
  draft: Draft,
  kind: string,
  id: string,
  attributes: Record<string, string>,
): string => {
  draft.cis.set(id, { id, kind, name: id, attributes })
  return id
}

const relate = (draft: Draft, from: string, type: RelationType, to: string): void => {
  if (from === to) return
  if (draft.relations.some((r) => r.from === from && r.to === to && r.type === type)) return
  draft.relations.push({ from, to, type })
}

const namings = (random: Random): Pick<Draft, 'serviceName' | 'hostName'> => {
  const two = (n: number): string => String(n).padStart(2, '0')
  return {
    serviceName: random.weighted(
      [
        { name: (product: string, role: string) => `${product}-${role}`, weight: 6 },
        { name: (product: string, role: string) => `${product}_${role}`, weight: 1 },
        { name: (product: string, role: string) => `${role}-${product}`, weight: 2 },
      ],
      (style) => style.weight,
    ).name,
    hostName: random.pick([
      (site: string, rack: number, slot: number) => `${site}-r${rack}-n${two(slot)}`,
      (site: string, rack: number, slot: number) => `${site}-k${rack}-h${two(slot)}`,
      (site: string, rack: number, slot: number) => `node${rack}${two(slot)}-${site}`,
    ]),
  }
}

const buildHosts = (draft: Draft): string[] => {
  const { random } = draft
  const hosts: string[] = []
  for (const site of random.sample(SITES, random.integer(2, 3))) {
    const core = random.chance(0.6) ? add(draft, 'switch', `core-${site}`, { site }) : undefined
    const racks = random.integer(3, 5)
    for (let rack = 1; rack <= racks; rack++) {
      const rackSwitch = add(draft, 'switch', `sw-${site}-r${rack}`, { site, rack: `r${rack}` })
      if (core) relate(draft, rackSwitch, 'connects_to', core)
      const slots = random.integer(5, 8)
      for (let slot = 1; slot <= slots; slot++) {
        const id = draft.hostName(site, rack, slot)
        hosts.push(add(draft, 'host', id, { site, rack: `r${rack}`, fqdn: `${id}.corp.example` }))
        relate(draft, id, 'connects_to', rackSwitch)
      }
    }
  }
  return hosts
}

const buildHubs = (draft: Draft, hosts: readonly string[]): string[] => {
  const { random } = draft
  const hubs = ['dns-core', 'idp', ...(random.chance(0.5) ? ['secrets'] : [])]
  for (const hub of hubs) {
    add(draft, 'service', hub, { product: 'platform' })
    for (const host of random.sample(hosts, 2)) relate(draft, hub, 'runs_on', host)
  }
  for (const name of random.sample(
    ['kafka-core', 'rabbit-main', 'nats-bus'],
    random.integer(1, 2),
  )) {
    add(draft, 'queue', name, { product: 'platform' })
    for (const host of random.sample(hosts, 2)) relate(draft, name, 'runs_on', host)
  }
  add(draft, 'external', 'payment-provider', { product: 'platform' })
  if (random.chance(0.5)) add(draft, 'external', 'sms-provider', { product: 'platform' })
  return hubs
}

/** One product: edge services call middle ones, those call the back, all lean on stores. */
const buildProduct = (draft: Draft, product: string, hosts: readonly string[]): string[] => {
  const { random } = draft
  const service = (role: string): string => {
    const id = add(draft, 'service', draft.serviceName(product, role), { product })
    return id
  }
  const layers = [
    random.sample(EDGE_ROLES, random.integer(1, 2)).map(service),
    random.sample(MIDDLE_ROLES, random.integer(2, 4)).map(service),
    random.sample(BACK_ROLES, random.integer(1, 4)).map(service),
  ]
  const services = layers.flat()
  const withPods = random.chance(0.3)
  for (const id of services) placeService(draft, id, product, hosts, withPods)
  for (const [depth, layer] of layers.entries())
    for (const id of layer)
      for (const below of random.sample(layers[depth + 1] ?? [], random.integer(1, 2)))
        relate(draft, id, 'depends_on', below)
  buildStores(draft, product, services, hosts)
  return services
}

const placeService = (
  draft: Draft,
  id: string,
  product: string,
  hosts: readonly string[],
  withPods: boolean,
): void => {
  const { random } = draft
  for (const [i, host] of random.sample(hosts, random.integer(2, 3)).entries()) {
    if (!withPods) {
      relate(draft, id, 'runs_on', host)
      continue
    }
    const pod = add(draft, 'pod', `${id}-${random.hex(5)}-${i}`, { product, service: id })
    relate(draft, pod, 'part_of', id)
    relate(draft, pod, 'runs_on', host)
  }
}

const buildStores = (
  draft: Draft,
  product: string,
  services: readonly string[],
  hosts: readonly string[],
): void => {
  const { random } = draft
  const database = add(draft, 'database', draft.serviceName(product, 'db'), { product })
  relate(draft, database, 'runs_on', random.pick(hosts))
  for (const id of services) if (random.chance(0.55)) relate(draft, id, 'depends_on', database)
  if (random.chance(0.4)) {
    const replica = add(draft, 'database', draft.serviceName(product, 'replica'), { product })
    relate(draft, replica, 'depends_on', database)
    relate(draft, replica, 'runs_on', random.pick(hosts))
    for (const id of random.sample(services, 2)) relate(draft, id, 'depends_on', replica)
  }
  if (random.chance(0.6)) {
    const cache = add(draft, 'cache', draft.serviceName(product, 'redis'), { product })
    relate(draft, cache, 'runs_on', random.pick(hosts))
    for (const id of services) if (random.chance(0.5)) relate(draft, id, 'depends_on', cache)
  }
}

/** Edges that cross products, and the hubs that everybody leans on. */
const crossLink = (draft: Draft, services: readonly string[], hubs: readonly string[]): void => {
  const { random } = draft
  const queues = [...draft.cis.values()].filter((ci) => ci.kind === 'queue')
  const externals = [...draft.cis.values()].filter((ci) => ci.kind === 'external')
  for (const id of services) {
    if (random.chance(0.15)) relate(draft, id, 'depends_on', random.pick(services))
    if (random.chance(0.2)) relate(draft, id, 'depends_on', random.pick(queues).id)
    for (const hub of hubs) if (random.chance(0.2)) relate(draft, id, 'depends_on', hub)
    if (/payment|mailer/.test(id)) relate(draft, id, 'depends_on', random.pick(externals).id)
  }
}

const balanceEdge = (draft: Draft, hosts: readonly string[]): void => {
  const { random } = draft
  const balancer = add(draft, 'gateway', 'edge-lb', { product: 'platform' })
  relate(draft, balancer, 'runs_on', random.pick(hosts))
  for (const ci of draft.cis.values())
    if (/gateway|frontend/.test(ci.id) && ci.kind === 'service' && random.chance(0.5))
      relate(draft, ci.id, 'depends_on', balancer)
}

/** Membership of an application says nothing about who breaks whom: a trap for grouping. */
const groupByProduct = (draft: Draft): void => {
  for (const ci of [...draft.cis.values()]) {
    const product = ci.attributes.product
    if (ci.kind !== 'service' || product === undefined) continue
    if (!draft.cis.has(`app-${product}`)) add(draft, 'application', `app-${product}`, { product })
    relate(draft, ci.id, 'part_of', `app-${product}`)
  }
}

export const layoutOf = (topology: Topology): Layout => {
  const byId = new Map(topology.cis.map((ci) => [ci.id, ci]))
  const replicas = new Map<string, number>()
  for (const r of topology.relations)
    if (r.type === 'runs_on') replicas.set(r.from, (replicas.get(r.from) ?? 0) + 1)
    else if (r.type === 'part_of') replicas.set(r.to, (replicas.get(r.to) ?? 0) + 1)
  const suffering = new Map<string, Sufferer[]>()
  const note = (cause: string, sufferer: Sufferer): void => {
    const list = suffering.get(cause)
    if (list) list.push(sufferer)
    else suffering.set(cause, [sufferer])
  }
  for (const { from, to, type } of topology.relations) {
    if (type !== 'part_of') {
      const redundancy = type === 'runs_on' ? (replicas.get(from) ?? 1) : 1
      note(to, { ci: from, over: type, redundancy })
    } else if (byId.get(from)?.kind === 'pod')
      note(from, { ci: to, over: type, redundancy: replicas.get(to) ?? 1 })
  }
  return {
    topology,
    byId,
    sufferers: (ci) => suffering.get(ci) ?? [],
    ofKind: (...kinds) => topology.cis.filter((ci) => kinds.includes(ci.kind)),
  }
}

/** @param scale 1 is roughly 130 to 250 CIs */
export const createLayout = (random: Random, scale = 1): Layout => {
  const draft: Draft = { random, cis: new Map(), relations: [], ...namings(random) }
  const hosts = buildHosts(draft)
  const hubs = buildHubs(draft, hosts)
  const count = Math.max(1, Math.round(random.integer(6, 10) * scale))
  const services: string[] = []
  for (let i = 0; i < count; i++) {
    const generation = Math.floor(i / PRODUCTS.length)
    const product = PRODUCTS[i % PRODUCTS.length]! + (generation > 0 ? String(generation + 1) : '')
    services.push(...buildProduct(draft, product, hosts))
  }
  crossLink(draft, services, hubs)
  balanceEdge(draft, hosts)
  if (random.chance(0.4)) groupByProduct(draft)
  return layoutOf({ cis: [...draft.cis.values()], relations: draft.relations })
}

/** The topology as an incomplete CMDB knows it: a share of the CIs, with their edges, missing. */
export const withHoles = (topology: Topology, share: number, random: Random): Topology => {
  const cis = topology.cis.filter(() => !random.chance(share))
  const known = new Set(cis.map((ci) => ci.id))
  const relations = topology.relations.filter((r) => known.has(r.from) && known.has(r.to))
  return { cis, relations }
}
