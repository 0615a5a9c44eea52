// Signal: summaries that read alike once numbers and names are masked.
import { maskedWords } from '../tokens.ts'
import type { Pair, Signal } from './signal.ts'

const similarity = ({ alert, other }: Pair): number => {
  if (alert.type === other.type) return 0 // the same type says the same; that is no news
  const mine = maskedWords(alert.summary)
  const others = maskedWords(other.summary)
  let shared = 0
  for (const word of mine) if (others.has(word)) shared++
  const all = mine.size + others.size - shared
  return all === 0 ? 0 : shared / all
}

export const text: Signal = {
  name: 'text',
  weigh: (pair, { settings }) => settings.weights.text * similarity(pair),
  explain: (pair) =>
    `Their summaries share ${Math.round(similarity(pair) * 100)} % of their words: "${pair.other.summary}".`,
}
