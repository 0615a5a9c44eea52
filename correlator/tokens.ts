// Words by which alerts are found to be kin where the topology is silent: names and label values.
import type { Labels } from '../domain/event.ts'
import type { Ci } from '../domain/topology.ts'

const TOKENS_MAX = 12
const VALUE_LENGTH_MAX = 64

/** A value that is only a number, an address or a hash names nothing shared. */
const isOpaque = (value: string): boolean =>
  /^[\d.:,/%-]*$/.test(value) || /^[a-f0-9-]{16,}$/.test(value)

/** `sw-lon2-r3` stands where `lon2-r3-n05` does: a kind, then a place with a number. */
const placeIn = ([kind, site, rack]: readonly string[]): string | undefined =>
  rack !== undefined && !/\d/.test(kind!) && /\d/.test(site!) ? `${site}-${rack}` : undefined

/**
 * Leading parts of a CI's name: `lon2-r3-n05` -> lon2, lon2-r3. What follows the first part is
 * only kept with it: many things in different places are called n05 or web.
 */
const namePrefixes = (name: string): string[] => {
  const parts = name.toLowerCase().split(/[-_.:/]+/)
  const prefixes: string[] = []
  for (let i = 1; i < parts.length && i <= 3; i++) {
    const prefix = parts.slice(0, i).join('-')
    if (prefix.length > 1 && !isOpaque(prefix)) prefixes.push(prefix)
  }
  const place = placeIn(parts)
  if (place !== undefined) prefixes.push(place)
  return prefixes
}

/** Of a CI that the topology knows: parts of its name, values of its attributes; each once. */
export const ciTokens = ({ name, attributes }: Ci): string[] => {
  const tokens = new Set(namePrefixes(name))
  for (const key in attributes) tokens.add(attributes[key]!.toLowerCase())
  return [...tokens]
}

/** Label values and name prefixes, lower case, without those that `bland` labels carry. */
export const tokensOf = (
  labels: Labels,
  ci: string | undefined,
  bland: readonly string[],
): string[] => {
  const tokens = new Set<string>()
  if (ci !== undefined) for (const prefix of namePrefixes(ci)) tokens.add(prefix)
  for (const label in labels) {
    if (tokens.size >= TOKENS_MAX) break
    const value = labels[label]!.trim().toLowerCase()
    if (value === '' || value.length > VALUE_LENGTH_MAX || bland.includes(label)) continue
    if (isOpaque(value) || value === ci) continue
    tokens.add(value)
  }
  return [...tokens]
}

/** What a summary says with what varies masked: its words, sorted, each once. */
export const templateOf = (summary: string): string => {
  const words = summary
    .toLowerCase()
    .replace(/\b[a-z0-9_.-]*\d[a-z0-9_.-]*\b/g, ' ')
    .match(/[a-z][a-z_]{2,}/g)
  return [...new Set(words ?? [])].sort().join(' ')
}

const similarities = new Map<string, Map<string, number>>()
const SIMILARITIES_MAX = 2_000

/** Jaccard similarity of two templates' words, 0 to 1. */
export const templateSimilarity = (one: string, other: string): number => {
  let known = similarities.get(one)
  if (known === undefined) {
    if (similarities.size >= SIMILARITIES_MAX) similarities.clear()
    known = new Map()
    similarities.set(one, known)
  }
  let similarity = known.get(other)
  if (similarity === undefined) {
    if (known.size >= SIMILARITIES_MAX) known.clear()
    similarity = jaccard(one, other)
    known.set(other, similarity)
  }
  return similarity
}

const jaccard = (one: string, other: string): number => {
  if (one === '' || other === '') return 0
  const words = new Set(one.split(' '))
  const others = other.split(' ')
  let shared = 0
  for (const word of others) if (words.has(word)) shared++
  return shared / (words.size + others.length - shared)
}
