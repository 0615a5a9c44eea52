// What this looks like from before, and how people lived with it then.
import type { IncidentDetail, KnownErrorView } from '../../api/types.ts'
import { percentText } from '../../text/counts.ts'
import { problemPath } from '../paths.ts'
import { type Act, actOn } from './actions.tsx'

const Known = ({ known, incident, onDone }: Act & { known: KnownErrorView }) => {
  const linked = incident.problemId === known.problemId
  const action = linked ? 'unlink-problem' : 'link-problem'
  const judge = (): void =>
    void actOn(incident, action, { problemId: known.problemId }).then(onDone)
  return (
    <article class="known">
      <h3>
        <a href={problemPath(known.problemId)}>
          {known.number ?? 'Pattern'}: {known.title}
        </a>
      </h3>
      <p class="faint">
        {percentText(known.similarity)} alike
        {known.status !== undefined && `, ${known.status.replace('-', ' ')}`}
        {linked && ', linked'}
      </p>
      {known.cause !== undefined && <p>Cause: {known.cause}</p>}
      {known.workaround !== undefined && (
        <div class="workaround">
          <h4>Workaround</h4>
          <p class="lines">{known.workaround}</p>
        </div>
      )}
      {incident.actions.includes(action) && (
        <button type="button" onClick={judge}>
          {linked ? 'Not the same' : 'Same problem'}
        </button>
      )}
    </article>
  )
}

export const KnownErrors = (props: Act & { incident: IncidentDetail }) =>
  props.incident.knownErrors.length === 0 ? null : (
    <section class="block helps-at-once" aria-labelledby="known">
      <h2 id="known">Seen before</h2>
      {props.incident.knownErrors.map((known) => (
        <Known key={known.problemId} known={known} {...props} />
      ))}
    </section>
  )
