// A part of the topology as a drawing: dependents above, what they need below, the suspect marked.
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { AlertView, RelationView } from '../api/types.ts'
import { ciPath } from '../pages/paths.ts'
import { SeverityOutline } from '../parts/severity.tsx'
import { edgeKey, isWaypoint, type Layers, layOut } from './layers.ts'
import type { Neighbourhood } from './neighbourhood.ts'

export interface NodeMark {
  readonly severity?: AlertView['severity'] | undefined
  /** Said below the name: `suspected root`, `3 alerts`. */
  readonly words: string
  readonly root: boolean
}

interface DrawingProps {
  readonly neighbourhood: Neighbourhood
  readonly label: string
  readonly mark: (id: string) => NodeMark
}

const NODE = { width: 148, height: 44 }
const GAP = { x: 20, y: 40 }
const MARGIN = 12
const WAYPOINT_WIDTH = 12
const NAME_LENGTH_MAX = 18

interface Point {
  readonly x: number
  readonly y: number
}

type Spots = ReadonlyMap<string, Point>

const widthOf = (id: string): number => (isWaypoint(id) ? WAYPOINT_WIDTH : NODE.width)

const rowWidth = (row: readonly string[]): number =>
  row.reduce((sum, id) => sum + widthOf(id) + GAP.x, -GAP.x)

/** Top left corner of each node and waypoint; every row is centred. */
const spotsOf = ({ rows }: Layers): { spots: Spots; width: number; height: number } => {
  const width = Math.max(NODE.width, ...rows.map(rowWidth))
  const spots = new Map<string, Point>()
  for (const [i, row] of rows.entries()) {
    let x = MARGIN + (width - rowWidth(row)) / 2
    for (const id of row) {
      spots.set(id, { x, y: MARGIN + i * (NODE.height + GAP.y) })
      x += widthOf(id) + GAP.x
    }
  }
  const height = rows.length * (NODE.height + GAP.y) - GAP.y
  return { spots, width: width + 2 * MARGIN, height: height + 2 * MARGIN }
}

const bend = (from: Point, to: Point): string => {
  const half = (to.y - from.y) / 2
  return `C${from.x} ${from.y + half} ${to.x} ${to.y - half} ${to.x} ${to.y}`
}

/** From the foot of one node past its waypoints to the head of the other. */
const downward = (stops: readonly Point[], ids: readonly string[]): string => {
  const points = stops.flatMap(({ x, y }, i) => {
    const middle = x + widthOf(ids[i] ?? '') / 2
    const head = { x: middle, y }
    const foot = { x: middle, y: y + NODE.height }
    return i === 0 ? [foot] : i === stops.length - 1 ? [head] : [head, foot]
  })
  const [first] = points
  return points
    .slice(1)
    .reduce((path, to, i) => path + bend(points[i] as Point, to), `M${first?.x} ${first?.y}`)
}

/** Against the layers or within one: from side to side, bent outwards. */
const sideways = (from: Point, to: Point): string => {
  const [x, y] = [from.x + NODE.width, from.y + NODE.height / 2]
  const [endX, endY] = [to.x + NODE.width, to.y + NODE.height / 2]
  return `M${x} ${y}C${x + GAP.y} ${y} ${endX + GAP.y} ${endY} ${endX} ${endY}`
}

interface RelationProps {
  readonly relation: RelationView
  readonly layers: Layers
  readonly spots: Spots
}

const Relation = ({ relation, layers, spots }: RelationProps) => {
  const via = layers.routes.get(edgeKey(relation)) ?? []
  const ids = [relation.from, ...via, relation.to]
  const stops = ids.flatMap((id) => spots.get(id) ?? [])
  const [first, last] = [stops[0], stops.at(-1)]
  if (first === undefined || last === undefined || stops.length !== ids.length) return null
  const d = last.y > first.y ? downward(stops, ids) : sideways(first, last)
  return (
    <path class={`edge edge-${relation.type}`} d={d} marker-end="url(#arrow)">
      <title>
        {relation.from} {relation.type.replaceAll('_', ' ')} {relation.to}
      </title>
    </path>
  )
}

const short = (name: string): string =>
  name.length > NAME_LENGTH_MAX ? `${name.slice(0, NAME_LENGTH_MAX - 1)}…` : name

const Node = ({ id, spot, mark }: { id: string; spot: Point; mark: NodeMark }) => (
  <a href={ciPath(id)} class={`node${mark.root ? ' node-root' : ''}`}>
    <title>{mark.words === '' ? id : `${id}: ${mark.words}`}</title>
    {mark.root && (
      <rect
        class="node-halo"
        x={spot.x - 4}
        y={spot.y - 4}
        width={NODE.width + 8}
        height={NODE.height + 8}
        rx={9}
      />
    )}
    <rect class="node-box" x={spot.x} y={spot.y} width={NODE.width} height={NODE.height} rx={6} />
    {mark.severity !== undefined && (
      <g transform={`translate(${spot.x + 9} ${spot.y + 9})`}>
        <SeverityOutline severity={mark.severity} />
      </g>
    )}
    <text x={spot.x + (mark.severity === undefined ? 10 : 27)} y={spot.y + 19}>
      {short(id)}
    </text>
    <text class="node-words" x={spot.x + 10} y={spot.y + 36}>
      {mark.words}
    </text>
  </a>
)

const KINDS: readonly RelationView['type'][] = ['depends_on', 'runs_on', 'connects_to', 'part_of']

const Legend = ({ relations }: { relations: readonly RelationView[] }) => (
  <ul class="legend">
    {KINDS.filter((kind) => relations.some(({ type }) => type === kind)).map((kind) => (
      <li key={kind}>
        <svg viewBox="0 0 28 8" width="28" height="8" aria-hidden="true">
          <path class={`edge edge-${kind}`} d="M0 4H28" />
        </svg>
        {kind.replaceAll('_', ' ')}
      </li>
    ))}
  </ul>
)

/** Nodes side by side without scrolling, where few edges pass between them. */
const WIDEST = { screen: 5, phone: 2 }
const PHONE = matchMedia('(max-width: 700px)')

export const Drawing = ({ neighbourhood, label, mark }: DrawingProps) => {
  const { ids, relations } = neighbourhood
  const layers = layOut(ids, relations, PHONE.matches ? WIDEST.phone : WIDEST.screen)
  const { spots, width, height } = spotsOf(layers)
  const box = useRef<HTMLElement>(null)
  const rootX = ids.flatMap((id) => (mark(id).root ? [spots.get(id)?.x ?? 0] : []))[0]
  // What is suspected is what is looked for.
  useLayoutEffect(() => {
    if (box.current === null || rootX === undefined) return
    box.current.scrollLeft = rootX + NODE.width / 2 - box.current.clientWidth / 2
  }, [rootX, width])
  return (
    <figure class="topology">
      <section ref={box} class="topology-scroll" aria-label={label}>
        <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
          <title>{label}</title>
          <defs>
            <marker
              id="arrow"
              viewBox="0 0 8 8"
              refX="8"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto"
            >
              <path class="arrow" d="M0 0 8 4 0 8z" />
            </marker>
          </defs>
          {relations.map((relation) => (
            <Relation
              key={`${relation.from} ${relation.type} ${relation.to}`}
              relation={relation}
              layers={layers}
              spots={spots}
            />
          ))}
          {ids.map((id) => {
            const spot = spots.get(id)
            return spot && <Node key={id} id={id} spot={spot} mark={mark(id)} />
          })}
        </svg>
      </section>
      <Legend relations={relations} />
    </figure>
  )
}
