// Signal: people have put such alerts together, or taken them apart, before.
import type { Signal } from './signal.ts'

export const corrections: Signal = {
  name: 'corrections',
  weigh: ({ alert, other }, { corrections: kept, settings: { weights } }) => {
    const link = kept.between(alert, other)
    if (link === undefined) return 0
    return link.said === 'must' ? weights.mustLink : weights.cannotLink
  },
  explain: ({ alert, other }, { corrections: kept }) => {
    const link = kept.between(alert, other)
    const what = link?.said === 'must' ? 'put together' : 'told apart'
    return `${link?.by ?? 'A person'} has ${what} ${alert.name} and ${other.name} on these CIs before.`
  },
}
