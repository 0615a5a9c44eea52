// Signal: summaries that read alike once numbers and names are masked.
import type { LiveAlert } from '../live-alert.ts'
import { templateOf, templateSimilarity } from '../tokens.ts'
import type { Pair, Signal } from './signal.ts'

const template = (alert: LiveAlert): string => {
  alert.template ??= templateOf(alert.summary)
  return alert.template
}

const similarity = ({ alert, other }: Pair): number =>
  alert.type === other.type // the same type says the same; that is no news
    ? 0
    : templateSimilarity(template(alert), template(other))

export const text: Signal = {
  name: 'text',
  weigh: (pair, { settings }) => settings.weights.text * similarity(pair),
  explain: (pair) => {
    const share = Math.round(similarity(pair) * 100)
    return `Their summaries share ${share} % of their words: "${pair.other.summary}".`
  },
}
