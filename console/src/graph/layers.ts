// Lays a small dependency graph out in layers: who depends above, what is depended on below.

export interface Edge {
  readonly from: string
  readonly to: string
}

export interface Layers {
  /** Top first; each from left to right. Waypoints of long edges stand among the nodes. */
  readonly rows: readonly (readonly string[])[]
  /** Waypoints of an edge (see `edgeKey`) on its way from `from` to `to`. */
  readonly routes: ReadonlyMap<string, readonly string[]>
}

const SWEEPS = 8
const WAYPOINT = '\u0000'

export const edgeKey = ({ from, to }: Edge): string => `${from}\n${to}`

/** A waypoint is where a long edge passes between the nodes of a layer. */
export const isWaypoint = (id: string): boolean => id.startsWith(WAYPOINT)

/** Edges without those that close a cycle, found depth first in the order of ids. */
export const withoutCycles = (ids: readonly string[], edges: readonly Edge[]): Edge[] => {
  const known = new Set(ids)
  const kept: Edge[] = []
  const state = new Map<string, 'open' | 'done'>()
  const visit = (id: string): void => {
    state.set(id, 'open')
    for (const edge of edges) {
      if (edge.from !== id || !known.has(edge.to) || state.get(edge.to) === 'open') continue
      kept.push(edge)
      if (!state.has(edge.to)) visit(edge.to)
    }
    state.set(id, 'done')
  }
  for (const id of ids) if (!state.has(id)) visit(id)
  return kept
}

/** A node lies one layer below the lowest of those that depend on it. */
const depthsOf = (ids: readonly string[], edges: readonly Edge[]): Map<string, number> => {
  const depths = new Map(ids.map((id) => [id, 0]))
  // Without cycles the longest way has fewer steps than there are nodes.
  for (let step = 0; step < ids.length; step++) {
    let moved = false
    for (const { from, to } of edges) {
      const below = (depths.get(from) ?? 0) + 1
      if (below <= (depths.get(to) ?? 0)) continue
      depths.set(to, below)
      moved = true
    }
    if (!moved) break
  }
  return depths
}

/** One row per depth, a long one broken into several. */
const rowsOf = (ids: readonly string[], depths: Map<string, number>, widest: number) => {
  const byDepth: string[][] = []
  for (const id of ids) {
    const depth = depths.get(id) ?? 0
    byDepth[depth] ??= []
    byDepth[depth].push(id)
  }
  return byDepth.flatMap((row) =>
    Array.from({ length: Math.ceil(row.length / widest) }, (_, i) =>
      row.slice(i * widest, (i + 1) * widest),
    ),
  )
}

/** Gives edges that pass a row a waypoint in it, so that they can bend around its nodes. */
const addWaypoints = (rows: string[][], edges: readonly Edge[]) => {
  const rowOf = new Map(rows.flatMap((row, i) => row.map((id) => [id, i] as const)))
  const routes = new Map<string, string[]>()
  const links: Edge[] = []
  for (const edge of edges) {
    const first = rowOf.get(edge.from) ?? 0
    const last = rowOf.get(edge.to) ?? 0
    const via: string[] = []
    for (let i = first + 1; i < last; i++) {
      const id = `${WAYPOINT}${edgeKey(edge)}\n${i}`
      rows[i]?.push(id)
      via.push(id)
    }
    routes.set(edgeKey(edge), via)
    const stops = [edge.from, ...via, edge.to]
    for (const [i, to] of stops.entries()) if (i > 0) links.push({ from: stops[i - 1] ?? '', to })
  }
  return { routes, links }
}

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length

/** -0.5 to 0.5 from left to right, so that rows of any length compare. */
const placesIn = (row: readonly string[]): (readonly [string, number])[] =>
  row.map((id, i) => [id, (i + 0.5) / row.length - 0.5])

/** Orders each row by the mean place of its neighbours, down and up in turn: fewer crossings. */
const untangle = (rows: readonly string[][], links: readonly Edge[]): string[][] => {
  const ordered = rows.map((row) => row.slice())
  const places = new Map(ordered.flatMap(placesIn))
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const down = sweep % 2 === 0
    const order = ordered.map((_, i) => (down ? i : ordered.length - 1 - i))
    for (const at of order) {
      const wish = (id: string): number => {
        const near = links.flatMap(({ from, to }) =>
          down ? (to === id ? [from] : []) : from === id ? [to] : [],
        )
        return mean(near.map((other) => places.get(other) ?? 0)) ?? places.get(id) ?? 0
      }
      const row = ordered[at] ?? []
      const wishes = new Map(row.map((id) => [id, wish(id)]))
      row.sort((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0) || (a < b ? -1 : 1))
      for (const [id, place] of placesIn(row)) places.set(id, place)
    }
  }
  return ordered
}

/**
 * The same graph always gets the same layers.
 * @param widest nodes that fit side by side
 */
export const layOut = (ids: readonly string[], edges: readonly Edge[], widest = 6): Layers => {
  const sorted = ids.toSorted()
  const acyclic = withoutCycles(sorted, edges)
  const rows = rowsOf(sorted, depthsOf(sorted, acyclic), widest)
  const { routes, links } = addWaypoints(rows, acyclic)
  return { rows: untangle(rows, links), routes }
}
