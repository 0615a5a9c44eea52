// What people wrote down about it afterwards.
import type { ReviewView } from '../../api/types.ts'
import { Time } from '../../parts/time.tsx'

const PARTS = [
  ['summary', 'What happened'],
  ['impact', 'Whom it hurt'],
  ['causes', 'Why it happened'],
  ['lessons', 'What we learn'],
] as const

export const Review = ({ review }: { review: ReviewView | undefined }) =>
  review === undefined ? null : (
    <section class="block" aria-labelledby="review">
      <h2 id="review">Review</h2>
      {PARTS.filter(([name]) => review[name] !== undefined).map(([name, title]) => (
        <div key={name}>
          <h3>{title}</h3>
          <p class="lines">{review[name]}</p>
        </div>
      ))}
      <p class="faint">
        {review.by}, <Time at={review.at} />
      </p>
    </section>
  )
