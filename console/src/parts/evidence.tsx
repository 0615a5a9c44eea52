// Reasons that a person can check: signal, weight with its sign, sentence.
import type { EvidenceView } from '../api/types.ts'
import { weightText } from '../text/counts.ts'

/** Log-odds at which a bar is full: e^4 is 55 to 1. */
const FULL_WEIGHT = 4

const barWidth = (weight: number): string =>
  `${Math.min(100, (Math.abs(weight) / FULL_WEIGHT) * 100)}%`

export const EvidenceList = ({ reasons }: { reasons: readonly EvidenceView[] }) => (
  <ul class="evidence">
    {reasons.map((reason, i) => (
      <li key={`${reason.signal}-${i}`}>
        <span class="evidence-signal">{reason.signal}</span>
        <span class="evidence-weight num" title="Log-odds: each 0.7 doubles the odds">
          {weightText(reason.weight)}
        </span>
        <span class="evidence-bar" aria-hidden="true">
          <span
            class={reason.weight < 0 ? 'against' : 'for'}
            style={{ inlineSize: barWidth(reason.weight) }}
          />
        </span>
        <span class="evidence-text">{reason.text}</span>
      </li>
    ))}
  </ul>
)
