// Who sees what: conditions on CIs become lives of alerts in the tools that watch them.
import { MINUTE_MS, type Millis } from '../../domain/time.ts'
import { type AlertType, CHATTER, SYMPTOMS, sentence } from './alert-types.ts'
import type { Layout } from './layout.ts'
import type { Life, Tool, Truth } from './life.ts'
import type { Random } from './random.ts'

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

/** Something to be seen on one CI, and why it is there. */
export interface Sighting {
  readonly ci: string
  readonly type: AlertType
  readonly startsAt: Millis
  readonly endsAt: Millis
  readonly repeatMs?: number
  readonly truth: Truth
}

/** A flapper toggles faster than the rest that keeps other lives of one condition apart. */
const flaps = (sighting: Sighting): boolean => sighting.truth.incident.startsWith('FLAP')

/** Turns what happens into lives of alerts: which tool sees it, under which pod, in which words. */
export const witness = (sightings: readonly Sighting[], layout: Layout, random: Random): Life[] => {
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
  const borrowing = random.pick([0, 0, 0.5, 1])
  /** Some estates' chatter is badly worded: it says what a real symptom would say. */
  const wordsFor = (type: AlertType, kind: string): AlertType => {
    const lifelike = SYMPTOMS[kind] ?? []
    const borrows = CHATTER.includes(type) && lifelike.length > 0 && random.chance(borrowing)
    return borrows ? random.pick(lifelike) : type
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
        says: sentence(wordsFor(type, known.kind), ci, pod, random),
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
