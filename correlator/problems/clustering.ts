// The batch pass: seeded k-means over signatures finds patterns that the cause alone did not tie.
import { kmeans } from 'ml-kmeans'
import type { SignatureTerm } from './types.ts'

/** One closed incident, as `patterns.loose()` gives it; plain, so that it can cross a thread. */
export interface SignatureRow {
  readonly incidentId: string
  readonly terms: readonly SignatureTerm[]
}

export interface SignatureCluster {
  /** Sorted. */
  readonly incidentIds: readonly string[]
  /** Mean cosine between its incidents and their centre, 0 to 1. */
  readonly cohesion: number
}

export interface ClusteringSettings {
  readonly seed: number
  /** Rows looked at; the last ones stay. */
  readonly rowsMax: number
  /** Terms used as features, those with most weight. */
  readonly featuresMax: number
  /** Numbers of clusters tried; those above the number of different rows are left out. */
  readonly clusterCounts: readonly number[]
  readonly iterationsMax: number
  /** Smaller clusters are not told. */
  readonly incidentsMin: number
  /** Looser clusters are not told, 0 to 1. */
  readonly cohesionMin: number
}

export const DEFAULT_CLUSTERING_SETTINGS: ClusteringSettings = {
  seed: 20_260_301,
  rowsMax: 2_000,
  featuresMax: 64,
  clusterCounts: [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48],
  iterationsMax: 50,
  incidentsMin: 3,
  cohesionMin: 0.7,
}

/** Incidents with one and the same vector; k-means sees them as one point. */
interface Point {
  readonly vector: number[]
  readonly incidentIds: string[]
}

/**
 * Pure, but slow: it belongs in a worker thread. The same rows in any order and the same seed give
 * the same clusters.
 * @returns the clusters of the best number tried, by silhouette, largest first; none without rows
 */
export const clusterSignatures = (
  rows: readonly SignatureRow[],
  settings: ClusteringSettings = DEFAULT_CLUSTERING_SETTINGS,
): SignatureCluster[] => {
  const points = pointsOf(rows.slice(-settings.rowsMax), settings.featuresMax)
  if (points.length === 0) return []
  let best: { readonly labels: readonly number[]; readonly silhouette: number } | undefined
  for (const count of settings.clusterCounts) {
    if (count > points.length) break
    const labels = labelsOf(points, count, settings)
    const value = silhouette(points, labels)
    if (best === undefined || value > best.silhouette) best = { labels, silhouette: value }
  }
  return groupsOf(points, best?.labels ?? [])
    .map((group) => ({
      incidentIds: group.flatMap(({ incidentIds }) => incidentIds).sort(),
      cohesion: cohesionOf(group),
    }))
    .filter(({ incidentIds }) => incidentIds.length >= settings.incidentsMin)
    .filter(({ cohesion }) => cohesion >= settings.cohesionMin)
    .sort(
      (a, b) =>
        b.incidentIds.length - a.incidentIds.length ||
        (a.incidentIds[0]! < b.incidentIds[0]! ? -1 : 1),
    )
}

const labelsOf = (
  points: readonly Point[],
  count: number,
  { seed, iterationsMax }: ClusteringSettings,
): number[] =>
  count === 1
    ? points.map(() => 0)
    : kmeans(
        points.map(({ vector }) => vector),
        count,
        { seed, initialization: 'kmeans++', maxIterations: iterationsMax },
      ).clusters

/**
 * Terms that one incident alone has tie it to nothing and are left out; the others weigh by rarity.
 * Every vector has length 1, so that large incidents do not outweigh small ones.
 */
const pointsOf = (rows: readonly SignatureRow[], featuresMax: number): Point[] => {
  const counts = new Map<string, number>()
  for (const { terms } of rows)
    for (const [term] of terms) counts.set(term, (counts.get(term) ?? 0) + 1)
  const rarity = (term: string): number =>
    Math.log1p(rows.length / Math.max(1, counts.get(term) ?? 0))
  const features = [...counts]
    .filter(([, count]) => count > 1)
    .map(([term, count]) => [term, count * rarity(term)] as const)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, featuresMax)
    .map(([term]) => term)
  const places = new Map(features.map((term, place) => [term, place]))
  const points = new Map<string, Point>()
  for (const { incidentId, terms } of rows) {
    const vector = features.map(() => 0)
    for (const [term, weight] of terms) {
      const place = places.get(term)
      if (place !== undefined) vector[place] = weight * rarity(term)
    }
    const length = Math.hypot(...vector)
    if (!(length > 0)) continue
    const unit = vector.map((value) => Math.round((value / length) * 1e6) / 1e6)
    const key = unit.join()
    const known = points.get(key)
    if (known) known.incidentIds.push(incidentId)
    else points.set(key, { vector: unit, incidentIds: [incidentId] })
  }
  return [...points].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, point]) => point)
}

const groupsOf = (points: readonly Point[], labels: readonly number[]): Point[][] => {
  const groups = new Map<number, Point[]>()
  for (const [i, point] of points.entries()) {
    const group = groups.get(labels[i]!)
    if (group) group.push(point)
    else groups.set(labels[i]!, [point])
  }
  return [...groups.values()]
}

const centreOf = (group: readonly Point[]): number[] => {
  const sums = group[0]!.vector.map(() => 0)
  let size = 0
  for (const { vector, incidentIds } of group) {
    size += incidentIds.length
    for (const [i, value] of vector.entries()) sums[i]! += value * incidentIds.length
  }
  return sums.map((sum) => sum / size)
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0))

/**
 * The simplified silhouette (Hruschka et al.): distances to centres instead of to every member.
 * Mean over incidents; one that is alone in its cluster counts 0, as does everything for k = 1.
 */
const silhouette = (points: readonly Point[], labels: readonly number[]): number => {
  const groups = groupsOf(points, labels)
  if (groups.length < 2) return 0
  const centres = groups.map(centreOf)
  let sum = 0
  let size = 0
  for (const [g, group] of groups.entries()) {
    const members = group.reduce((total, { incidentIds }) => total + incidentIds.length, 0)
    size += members
    if (members === 1) continue
    for (const { vector, incidentIds } of group) {
      const own = distance(vector, centres[g]!)
      const others = centres.filter((_, other) => other !== g)
      const next = Math.min(...others.map((centre) => distance(vector, centre)))
      const worst = Math.max(own, next)
      sum += worst === 0 ? 0 : ((next - own) / worst) * incidentIds.length
    }
  }
  return sum / size
}

const cohesionOf = (group: readonly Point[]): number => {
  const centre = centreOf(group)
  const length = Math.hypot(...centre)
  let sum = 0
  let size = 0
  for (const { vector, incidentIds } of group) {
    const dot = vector.reduce((total, value, i) => total + value * centre[i]!, 0)
    sum += (dot / length) * incidentIds.length
    size += incidentIds.length
  }
  return Math.round((sum / size) * 1_000) / 1_000
}
