// What this looks like from before, and how people lived with it then.
import type { KnownErrorView } from '../../api/types.ts'
import { percentText } from '../../text/counts.ts'
import { problemPath } from '../paths.ts'

export const KnownErrors = ({ known }: { known: readonly KnownErrorView[] }) =>
  known.length === 0 ? null : (
    <section class="block" aria-labelledby="known">
      <h2 id="known">Seen before</h2>
      {known.map((one) => (
        <article key={one.problemId} class="known">
          <h3>
            <a href={problemPath(one.problemId)}>
              {one.number ?? 'Pattern'}: {one.title}
            </a>
          </h3>
          <p class="faint">
            {percentText(one.similarity)} alike{one.status !== undefined && `, ${one.status}`}
          </p>
          {one.cause !== undefined && <p>Cause: {one.cause}</p>}
          {one.workaround !== undefined && (
            <div class="workaround">
              <h4>Workaround</h4>
              <p class="lines">{one.workaround}</p>
            </div>
          )}
        </article>
      ))}
    </section>
  )
