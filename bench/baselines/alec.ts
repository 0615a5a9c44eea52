// Baseline: OpenNMS ALEC's DBSCAN over time and topology, with its published parameters.
import { MINUTE_MS } from '../../domain/time.ts'
import type { Topology } from '../../domain/topology.ts'
import { type Alive, assignLives, type Baseline, isAlive } from './baseline.ts'

const SCALE = 144.47
const TIME_WEIGHT = 0.5526
const PATH_WEIGHT = 0.4474
const EPSILON = 100
/** Every edge of the inventory graph weighs 100, and the published formula divides by it. */
const EDGE = 100

/** ALEC's hybrid distance; `steps` edges apart in the inventory graph. */
export const alecDistance = (apartMs: number, steps: number): number =>
  SCALE * (TIME_WEIGHT * (apartMs / MINUTE_MS) + PATH_WEIGHT * ((steps * EDGE) / 100))

/** So far may two alerts lie apart and still be near, were they at the same time. */
const STEPS_MAX = Math.floor(EPSILON / (SCALE * PATH_WEIGHT))

const neighbourhood = (topology: Topology): ReadonlyMap<string, ReadonlySet<string>> => {
  const edges = new Map<string, Set<string>>()
  const note = (from: string, to: string): void => {
    const set = edges.get(from) ?? new Set()
    edges.set(from, set.add(to))
  }
  for (const { from, to } of topology.relations) {
    note(from, to)
    note(to, from)
  }
  return edges
}

/** Edges between two CIs; undefined where they are further apart than could matter. */
const stepsBetween = (
  edges: ReadonlyMap<string, ReadonlySet<string>>,
  from: string,
  to: string,
): number | undefined => {
  let front = new Set([from])
  const seen = new Set(front)
  for (let steps = 0; steps <= STEPS_MAX; steps++) {
    if (front.has(to)) return steps
    const next = new Set<string>()
    for (const ci of front)
      for (const near of edges.get(ci) ?? [])
        if (!seen.has(near)) {
          seen.add(near)
          next.add(near)
        }
    front = next
  }
  return undefined
}

/**
 * With minPts 1 every live alert is a core point, so clusters are single-linkage components; they
 * only grow by the newest alert, and groups once opened are never merged: a bridge joins the
 * nearest.
 */
export const alec: Baseline = {
  name: 'ALEC DBSCAN, published parameters',
  assign: (events, topology) => {
    const edges = neighbourhood(topology)
    let live: Alive[] = []
    let opened = 0
    return assignLives(
      events,
      ({ at, event, ci }) => {
        live = live.filter((other) => isAlive(other, at))
        let nearest: { distance: number; group: string } | undefined
        for (const other of ci === undefined ? [] : live) {
          if (other.ci === undefined) continue
          const steps = stepsBetween(edges, ci!, other.ci)
          if (steps === undefined) continue
          const distance = alecDistance(Math.abs(event.startsAt - other.event.startsAt), steps)
          if (distance <= EPSILON && distance < (nearest?.distance ?? Number.POSITIVE_INFINITY))
            nearest = { distance, group: other.group }
        }
        return nearest?.group ?? `alec-${++opened}`
      },
      (alive) => void live.push(alive),
    )
  },
}
