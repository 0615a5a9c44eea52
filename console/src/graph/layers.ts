// Lays a small dependency graph out in layers: who depends above, what is depended on below.

export interface Edge {
  readonly from: string
  readonly to: string
}

/** Position in the layers: `column` counts from 0 within its `layer`. */
export interface Placed {
  readonly id: string
  readonly layer: number
  readonly column: number
}

const SWEEPS = 6

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
const layersOf = (ids: readonly string[], edges: readonly Edge[]): Map<string, number> => {
  const layers = new Map(ids.map((id) => [id, 0]))
  // Without cycles the longest way has fewer steps than there are nodes.
  for (let step = 0; step < ids.length; step++) {
    let moved = false
    for (const { from, to } of edges) {
      const below = (layers.get(from) ?? 0) + 1
      if (below <= (layers.get(to) ?? 0)) continue
      layers.set(to, below)
      moved = true
    }
    if (!moved) break
  }
  return layers
}

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length

/** Relative place of each node in its layer, -0.5 to 0.5, so that layers of any size compare. */
const placesOf = (rows: readonly string[][]): Map<string, number> =>
  new Map(rows.flatMap((row) => row.map((id, i) => [id, (i + 0.5) / row.length - 0.5] as const)))

/** Orders each layer by the mean place of its neighbours, down and up in turn: fewer crossings. */
const untangle = (rows: string[][], edges: readonly Edge[]): string[][] => {
  let ordered = rows
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const down = sweep % 2 === 0
    const places = placesOf(ordered)
    ordered = ordered.map((row) => {
      const wish = (id: string): number => {
        const near = edges.flatMap(({ from, to }) =>
          down ? (to === id ? [from] : []) : from === id ? [to] : [],
        )
        return mean(near.map((other) => places.get(other) ?? 0)) ?? places.get(id) ?? 0
      }
      const next = row.toSorted((a, b) => wish(a) - wish(b) || (a < b ? -1 : 1))
      next.forEach((id, i) => {
        places.set(id, (i + 0.5) / next.length - 0.5)
      })
      return next
    })
  }
  return ordered
}

/**
 * The same graph always gets the same drawing.
 * @param widest nodes that fit side by side; a longer layer is broken into several
 */
export const placeInLayers = (
  ids: readonly string[],
  edges: readonly Edge[],
  widest = 6,
): Placed[] => {
  const sorted = ids.toSorted()
  const acyclic = withoutCycles(sorted, edges)
  const layers = layersOf(sorted, acyclic)
  const rows: string[][] = []
  for (const id of sorted) {
    const layer = layers.get(id) ?? 0
    rows[layer] ??= []
    rows[layer].push(id)
  }
  const ordered = untangle(rows, acyclic).flatMap((row) =>
    Array.from({ length: Math.ceil(row.length / widest) }, (_, i) =>
      row.slice(i * widest, (i + 1) * widest),
    ),
  )
  return ordered.flatMap((row, layer) => row.map((id, column) => ({ id, layer, column })))
}
