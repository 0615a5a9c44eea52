// A part of the topology as a drawing: dependents above, what they need below, the suspect marked.
import type { AlertView, RelationView } from '../api/types.ts'
import { ciPath } from '../pages/paths.ts'
import { SeverityOutline } from '../parts/severity.tsx'
import { type Placed, placeInLayers } from './layers.ts'
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
const NAME_LENGTH_MAX = 18

interface Point {
  readonly x: number
  readonly y: number
}

type Spots = ReadonlyMap<string, Point>

/** Top left corner of each node; every layer is centred. */
const spotsOf = (placed: readonly Placed[]): { spots: Spots; width: number; height: number } => {
  const perLayer = new Map<number, number>()
  for (const { layer } of placed) perLayer.set(layer, (perLayer.get(layer) ?? 0) + 1)
  const widthOf = (count: number): number => count * (NODE.width + GAP.x) - GAP.x
  const width = widthOf(Math.max(1, ...perLayer.values()))
  const spots = new Map(
    placed.map(({ id, layer, column }) => {
      const left = (width - widthOf(perLayer.get(layer) ?? 1)) / 2
      const x = MARGIN + left + column * (NODE.width + GAP.x)
      return [id, { x, y: MARGIN + layer * (NODE.height + GAP.y) }]
    }),
  )
  const height = perLayer.size * (NODE.height + GAP.y) - GAP.y
  return { spots, width: width + 2 * MARGIN, height: height + 2 * MARGIN }
}

const curve = (from: Point, to: Point): string => {
  const down = to.y > from.y
  const x1 = from.x + NODE.width / 2
  const x2 = to.x + NODE.width / 2
  const y1 = from.y + (down ? NODE.height : 0)
  const y2 = to.y + (down ? 0 : NODE.height)
  const bend = from.y === to.y ? -GAP.y : (y2 - y1) / 2
  return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - (from.y === to.y ? -bend : bend)} ${x2} ${y2}`
}

const Relation = ({ relation, spots }: { relation: RelationView; spots: Spots }) => {
  const from = spots.get(relation.from)
  const to = spots.get(relation.to)
  if (from === undefined || to === undefined) return null
  return (
    <path class={`edge edge-${relation.type}`} d={curve(from, to)} marker-end="url(#arrow)">
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

export const Drawing = ({ neighbourhood, label, mark }: DrawingProps) => {
  const { ids, relations } = neighbourhood
  const { spots, width, height } = spotsOf(placeInLayers(ids, relations))
  return (
    <figure class="topology">
      <section class="topology-scroll" aria-label={label}>
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
