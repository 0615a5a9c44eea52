// Who changed what since both sides last agreed, field by field, and whose word holds.
import type { SharedFields } from './other-desk.ts'

export type Winner = 'faultline' | 'remote'

export interface Merged {
  /** What the other desk is to be told. */
  readonly push: Partial<SharedFields>
  /** What our ticket is to be told. */
  readonly adopt: Partial<SharedFields>
}

const FIELDS = ['state', 'assignee'] as const
type Field = (typeof FIELDS)[number]

/**
 * @param wanted as our ticket has it, in the other desk's words
 * @param seen as both last agreed; null = never: then nothing of theirs is news
 * @param current as the other desk has it now
 */
export const merge = (
  wanted: SharedFields,
  seen: SharedFields | null,
  current: SharedFields,
  winner: Winner,
): Merged => {
  const base = seen ?? current
  const verdict = (field: Field): 'push' | 'adopt' | 'keep' => {
    const [ours, theirs] = [wanted[field], current[field]]
    if (ours === theirs) return 'keep'
    const changedHere = ours !== base[field]
    const changedThere = theirs !== base[field]
    return changedHere && (!changedThere || winner === 'faultline') ? 'push' : 'adopt'
  }
  const pick = (side: SharedFields, chosen: 'push' | 'adopt'): Partial<SharedFields> =>
    Object.fromEntries(
      FIELDS.filter((field) => verdict(field) === chosen).map((field) => [field, side[field]]),
    )
  return { push: pick(wanted, 'push'), adopt: pick(current, 'adopt') }
}
