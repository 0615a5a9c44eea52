// A whole simulated estate by seed and profile: topology, changes, deliveries in time, and truth.
import type { Change } from '../../domain/change.ts'
import { MINUTE_MS, type Millis } from '../../domain/time.ts'
import type { Topology } from '../../domain/topology.ts'
import { type AlertType, sentence } from './alert-types.ts'
import { background, routineChanges } from './background.ts'
import { happen, type TrueIncident } from './incidents.ts'
import { createLayout, type Layout, withHoles } from './layout.ts'
import type { Life, TimedDelivery, Tool, Truth } from './life.ts'
import type { Dialect } from './payloads.ts'
import { type Profile, type ProfileName, profileOf } from './profiles.ts'
import { createRandom, type Random } from './random.ts'
import { report } from './reporting.ts'

export interface Estate {
  /** As Faultline is given it; may have holes. */
  readonly topology: Topology
  readonly changes: readonly Change[]
  readonly incidents: readonly TrueIncident[]
  /** In order of receipt. */
  readonly deliveries: readonly TimedDelivery[]
}

/** Monday 2026-03-02, 00:00 UTC. */
export const ESTATE_EPOCH: Millis = 1_772_409_600_000
/** A condition that clears may come back no sooner than this. */
const REST_MS = 2 * MINUTE_MS
const NEVER_RESOLVES = 0.02
const TWO_TOOLS = 0.12
const POD_REPLACED = 0.2

const TOOLS: Readonly<Record<string, readonly (readonly [Tool, number])[]>> = {
  service: [
    ['alertmanager', 11],
    ['pagerduty', 8],
    ['cloudevents', 1],
  ],
  host: [
    ['zabbix', 6],
    ['alertmanager', 4],
  ],
  switch: [['zabbix', 1]],
  database: [
    ['alertmanager', 6],
    ['cloudevents', 4],
  ],
  cache: [
    ['alertmanager', 6],
    ['cloudevents', 4],
  ],
  external: [
    ['cloudevents', 1],
    ['pagerduty', 1],
  ],
  gateway: [
    ['alertmanager', 1],
    ['pagerduty', 1],
  ],
}

const ALERTMANAGER_ONLY = [['alertmanager', 1]] as const

/** Which tools watch which CI; about one in eight is watched by two. */
const assignTools = (layout: Layout, random: Random): Map<string, readonly Tool[]> =>
  new Map(
    layout.topology.cis.map((ci) => {
      const choices = TOOLS[ci.kind] ?? ALERTMANAGER_ONLY
      const [first] = random.weighted(choices, ([, weight]) => weight)
      const [second] = random.pick(choices)
      return [ci.id, second !== first && random.chance(TWO_TOOLS) ? [first, second] : [first]]
    }),
  )

const createDialect = (random: Random): Dialect => {
  const spaced = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2')
  const plain = random.chance(0.75)
  const skewed = random.chance(0.3)
  const skew = (): number => (skewed ? Math.round(random.between(-15_000, 15_000)) : 0)
  return {
    groupBy: random.pick([[], [], ['alertname'], ['alertname', 'namespace'], ['namespace']]),
    severityWords: random.pick([
      { critical: 'critical', error: 'major', warning: 'warning', info: 'info' },
      { critical: 'critical', error: 'error', warning: 'warning', info: 'none' },
      { critical: 'page', error: 'high', warning: 'warning', info: 'info' },
    ]),
    hostLabel: random.chance(0.75)
      ? (life) => `${life.ci}:9100`
      : (life) => `${life.fqdn ?? life.ci}:9100`,
    zabbixTitle: plain
      ? (life) => `${life.type.name}: ${life.says}`
      : (life) => `${spaced(life.type.name)} on ${life.ci}`,
    skewMs: { alertmanager: 0, zabbix: skew(), pagerduty: skew(), cloudevents: 0 },
  }
}

interface Sighting {
  readonly ci: string
  readonly type: AlertType
  readonly startsAt: Millis
  readonly endsAt: Millis
  readonly repeatMs?: number
  readonly truth: Truth
}

/** A flapper toggles faster than the rest that keeps other lives of one condition apart. */
const flaps = (sighting: Sighting): boolean => sighting.truth.incident.startsWith('FLAP')

const witness = (sightings: readonly Sighting[], layout: Layout, random: Random): Life[] => {
  const tools = assignTools(layout, random.fork('tools'))
  const busyUntil = new Map<string, Millis>()
  const pods = new Map<string, string>()
  const podOf = (ci: string): string => {
    const known = pods.get(ci)
    if (known !== undefined && !random.chance(POD_REPLACED)) return known
    const pod = `${ci}-${random.hex(9)}-${random.hex(5)}`
    pods.set(ci, pod)
    return pod
  }
  const lives: Life[] = []
  for (const sighting of [...sightings].sort((a, b) => a.startsAt - b.startsAt)) {
    const { ci, type, startsAt, endsAt, repeatMs, truth } = sighting
    const condition = `${type.name}@${ci}`
    if (startsAt < (busyUntil.get(condition) ?? 0)) continue
    busyUntil.set(condition, endsAt + (flaps(sighting) ? 0 : REST_MS))
    const known = layout.byId.get(ci)
    if (!known) throw new Error(`a sighting of an unknown CI: ${ci}`)
    const { product, site, fqdn } = known.attributes
    for (const tool of tools.get(ci) ?? []) {
      const pod = podOf(ci)
      lives.push({
        tool,
        ci,
        kind: known.kind,
        ...(product !== undefined && { product }),
        ...(site !== undefined && { site }),
        ...(fqdn !== undefined && { fqdn }),
        type,
        says: sentence(type, ci, pod, random),
        pod,
        startsAt,
        endsAt,
        resolves: !random.chance(NEVER_RESOLVES),
        ...(repeatMs !== undefined && { repeatMs }),
        nonce: random.hex(16),
        truth,
      })
    }
  }
  return lives
}

/** Everything that happens in one estate, from its parts; pure. */
export const assembleEstate = (
  layout: Layout,
  happenings: ReturnType<typeof happen>,
  calm: { profile: Profile; from: Millis },
  random: Random,
): Estate => {
  const { profile, from } = calm
  const sightings: Sighting[] = []
  for (const { incident, conditions } of happenings.incidents)
    for (const condition of conditions)
      sightings.push({ ...condition, truth: { incident, noise: false } })
  for (const { name, ...one } of background(profile, layout, from, random.fork('background')))
    sightings.push({ ...one, truth: { incident: name, noise: true } })
  const lives = witness(sightings, layout, random.fork('witness'))
  const told = new Set(lives.map((life) => life.truth.incident))
  const routine = routineChanges(profile, layout, from, random.fork('routine'))
  return {
    topology:
      profile.holes > 0
        ? withHoles(layout.topology, profile.holes, random.fork('holes'))
        : layout.topology,
    changes: [...happenings.changes, ...routine].sort((a, b) => a.startedAt - b.startedAt),
    incidents: happenings.incidents.filter(({ incident }) => told.has(incident)),
    deliveries: report(lives, createDialect(random.fork('dialect')), random.fork('reporting')),
  }
}

/** The same seed and profile give the same estate, byte for byte. */
export const createEstate = (seed: string | number, name: ProfileName): Estate => {
  const random = createRandom(`${seed}/${name}`)
  const profile = profileOf(name)
  const layout = createLayout(random.fork('layout'), profile.scale)
  const happenings = happen(profile, layout, ESTATE_EPOCH, random.fork('incidents'))
  return assembleEstate(layout, happenings, { profile, from: ESTATE_EPOCH }, random)
}
