// How alike two incidents of one cause are, and which of them recur together.
import type { Signature } from './types.ts'

/** Without alerts on the cause only the symptoms can be compared: they must agree more. */
const SYMPTOMS_MORE = 0.15

/** 0 to 1; symmetric; 1 for equal sets of alert types. */
const typesLikeness = (a: readonly string[], b: readonly string[]): number => {
  if (a.length === 0 || b.length === 0) return 0
  const known = new Set(a)
  const shared = b.filter((name) => known.has(name)).length
  return shared / Math.sqrt(a.length * b.length)
}

/** Of two incidents of one cause, 0 to 1. */
export const likeness = (a: Signature, b: Signature): number =>
  a.causeTypes.length > 0 && b.causeTypes.length > 0
    ? typesLikeness(a.causeTypes, b.causeTypes)
    : Math.max(0, typesLikeness(a.names, b.names) - SYMPTOMS_MORE)

/**
 * Groups in which everything is alike enough to something of the group: the same whatever the
 * order in which the incidents closed. All are of one cause, which keeps such chains short.
 */
export const recurringGroups = <T>(
  all: readonly T[],
  signatureOf: (each: T) => Signature,
  likenessMin: number,
): T[][] => {
  const profiles = new Map<string, { signature: Signature; own: T[] }>()
  for (const each of all) {
    const signature = signatureOf(each)
    const key = JSON.stringify([[...signature.causeTypes].sort(), [...signature.names].sort()])
    const known = profiles.get(key)
    if (known) known.own.push(each)
    else profiles.set(key, { signature, own: [each] })
  }
  const left = new Set(profiles.values())
  const groups: T[][] = []
  for (const first of profiles.values()) {
    if (!left.delete(first)) continue
    const group = [first]
    for (const member of group)
      for (const other of left)
        if (likeness(member.signature, other.signature) >= likenessMin) {
          left.delete(other)
          group.push(other)
        }
    groups.push(group.flatMap(({ own }) => own))
  }
  return groups
}
