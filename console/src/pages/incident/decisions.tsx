// What people decided about the incident's alerts and hints, each to be taken back.
import { can } from '../../api/capabilities.ts'
import type { DecisionView, Page } from '../../api/types.ts'
import { RowButton } from '../../parts/row-button.tsx'
import { Time } from '../../parts/time.tsx'
import { useResource } from '../../state/resource.ts'
import { type Act, actOn } from './actions.tsx'

const Decision = ({ decision, incident, onDone }: Act & { decision: DecisionView }) => {
  const { command, actor, at, text, undoneBy } = decision
  const takeBack = (): void => void actOn(incident, 'undo', { command }).then(onDone)
  return (
    <li class="decision">
      <span>
        {text} <span class="faint">· {actor}, </span>
        <Time at={at} form="clock" />
      </span>
      {undoneBy === undefined ? (
        <RowButton label="Take back" about={text} onClick={takeBack} />
      ) : (
        <span class="faint">{undoneBy} took it back</span>
      )}
    </li>
  )
}

export const Decisions = (props: Act) => {
  const { id, version, lastEventAt } = props.incident
  const known = can('GET /api/v1/incidents/{}/decisions')
  const address = known ? `/api/v1/incidents/${encodeURIComponent(id)}/decisions` : undefined
  const { data } = useResource<Page<DecisionView>>(address, `${version} ${lastEventAt}`)
  const decisions = data?.items ?? []
  return decisions.length === 0 ? null : (
    <section class="block" aria-labelledby="decisions">
      <h2 id="decisions">Corrected by people</h2>
      <ul class="plain">
        {decisions.map((decision) => (
          <Decision key={decision.command} decision={decision} {...props} />
        ))}
      </ul>
    </section>
  )
}
