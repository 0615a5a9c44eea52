// An incident is muted while every firing alert of it is.
import type { Muting } from '../../domain/mute.ts'
import type { Face } from '../faces.ts'
import { type IncidentNode, membersOf } from '../incident-node.ts'
import type { CorrelatorState } from '../state.ts'

/** Different reasons told of one incident. */
const REASONS_MAX = 3

const reasonsOf = (node: IncidentNode): readonly Muting[] => {
  const found = new Map<string, Muting>()
  for (const { firing, muting } of membersOf(node)) {
    if (!firing) continue
    for (const each of muting) found.set(`${each.reason}\n${each.by}`, each)
    if (found.size >= REASONS_MAX) break
  }
  return [...found.values()].slice(0, REASONS_MAX)
}

/** @returns true where it is muted now, or no longer, which its timeline then says */
export const checkMuted = (face: Face, { faces, now }: CorrelatorState): boolean => {
  const { node } = face
  // Once nothing fires there is nothing more to tell: it stays what it was.
  if (node === undefined || face.status === 'merged' || node.firingCount === 0) return false
  const muted = node.mutedCount >= node.firingCount
  if (muted === face.muted) return false
  face.muted = muted
  face.muting = muted ? reasonsOf(node) : []
  const text = muted
    ? face.muting.map((each) => each.text).join(' ')
    : 'No longer muted: an alert of it fires that people are to be told of.'
  faces.note(face, now, muted ? 'muted' : 'unmuted', text || 'Every alert of it is muted.')
  return true
}
