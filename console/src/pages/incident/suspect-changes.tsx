// Changes that may have done it: suspect until a person says so.
import { can } from '../../api/capabilities.ts'
import type { ChangeDetail, HintView, IncidentDetail } from '../../api/types.ts'
import { Time } from '../../parts/time.tsx'
import { useResource } from '../../state/resource.ts'
import { likelihoodText } from '../../text/counts.ts'
import { changePath } from '../paths.ts'

const CHANGES_MAX = 5

type ChangeHint = HintView & { readonly change: string }

const changeHints = (incident: IncidentDetail): ChangeHint[] =>
  incident.hints
    .filter((hint): hint is ChangeHint => hint.change !== undefined)
    .slice(0, CHANGES_MAX)

/** What speaks of the change; the hint's other reasons stand with the hint. */
const aboutChange = ({ reasons }: HintView): HintView['reasons'] => {
  const own = reasons.filter(({ signal }) => signal.includes('change'))
  return own.length > 0 ? own : reasons
}

/** Suspect until a person has said match or no match. */
const VERDICTS = { suspect: 'suspect', match: 'match', 'no-match': 'no match' } as const

const Change = ({ hint, incident }: { hint: ChangeHint; incident: string }) => {
  const known = can('GET /api/v1/changes/{}')
  const address = known ? `/api/v1/changes/${encodeURIComponent(hint.change)}` : undefined
  const { data: change } = useResource<ChangeDetail>(address)
  const said = change?.suspicions?.find((each) => each.incident === incident)?.verdict
  return (
    <li>
      <p>
        {change === undefined ? (
          <b>{hint.change}</b>
        ) : (
          <a href={changePath(change.id)}>{change.number}</a>
        )}{' '}
        on {hint.ci} <span class="tag">{VERDICTS[said ?? 'suspect']}</span>{' '}
        <span class="num">{likelihoodText(hint.confidence)}</span>
      </p>
      {change !== undefined && (
        <p>
          {change.title}, {change.type}, <Time at={change.startedAt} />
        </p>
      )}
      {aboutChange(hint).map(({ signal, text }) => (
        <p key={signal} class="faint">
          {text}
        </p>
      ))}
    </li>
  )
}

export const SuspectChanges = ({ incident }: { incident: IncidentDetail }) => {
  const hints = changeHints(incident)
  return hints.length === 0 ? null : (
    <section class="block" aria-labelledby="changes">
      <h2 id="changes">Suspect changes</h2>
      <ul class="changes">
        {hints.map((hint) => (
          <Change key={hint.change} hint={hint} incident={incident.id} />
        ))}
      </ul>
    </section>
  )
}
