// What to do when this happens: runbooks linked to its alerts, CIs or problem.
import type { RunbookView } from '../../api/types.ts'
import { safeLink } from '../../text/safe-link.ts'
import { processPath } from '../paths.ts'
import { type Act, actOn } from './actions.tsx'

const Documentation = ({ text }: { text: string }) => {
  const link = safeLink(text)
  return link === undefined ? (
    <p class="lines faint">{text}</p>
  ) : (
    <a href={link} target="_blank" rel="noreferrer noopener">
      Documentation
    </a>
  )
}

const Runbook = ({ runbook, incident, onDone }: Act & { runbook: RunbookView }) => (
  <article class="known">
    <h3>
      <a href={processPath(runbook.id)}>{runbook.name}</a>
    </h3>
    <ol class="steps">
      {runbook.steps.map((step, i) => (
        <li key={i}>{step}</li>
      ))}
    </ol>
    {runbook.documentation !== undefined && <Documentation text={runbook.documentation} />}
    {incident.actions.includes('runbook') && (
      <button
        type="button"
        onClick={() => void actOn(incident, 'runbook', { process: runbook.id }).then(onDone)}
      >
        Make its steps tasks
      </button>
    )}
  </article>
)

export const Runbooks = (props: Act) => {
  const runbooks = props.incident.runbooks ?? []
  return runbooks.length === 0 ? null : (
    <section class="block" aria-labelledby="runbooks">
      <h2 id="runbooks">Runbooks</h2>
      {runbooks.map((runbook) => (
        <Runbook key={runbook.id} runbook={runbook} {...props} />
      ))}
    </section>
  )
}
