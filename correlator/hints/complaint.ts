// Whom other CIs' alerts complain of: a failed call speaks of its callee, not only of its caller.
import { fading } from './fading.ts'
import type { RootCauseHint } from './types.ts'

/** Log-odds per nat of rarity; further complaints count less and less. */
const WEIGHT_PER_NAT = 0.5
const NEXT_SHARE = 0.9

export const complaintHint: RootCauseHint = {
  name: 'complaint',
  speak: ({ ci }, { complaints: all, name }) => {
    const complaints = all.get(ci)
    if (!complaints) return undefined
    const by = new Set(complaints.map((cell) => name(cell.ci)))
    const [first] = complaints
    return {
      weight:
        WEIGHT_PER_NAT *
        fading(
          complaints.map(({ weight }) => weight),
          NEXT_SHARE,
        ),
      text: `${[...by].slice(0, 3).join(', ')} ${by.size === 1 ? 'complains' : 'complain'} of ${name(ci)}: ${first!.name}`,
    }
  },
}
