// A dialog in which one incident is chosen out of some: to merge into, to move alerts to.
import { useState } from 'preact/hooks'
import type { IncidentSummary } from '../api/types.ts'
import { Dialog } from './dialog.tsx'
import { SeverityShape } from './severity.tsx'
import { Age } from './time.tsx'

interface IncidentChooserProps {
  readonly title: (chosen: string | undefined) => string
  readonly verb: string
  /** The likeliest first: it is chosen unless something else is. */
  readonly choices: readonly IncidentSummary[]
  readonly onChoose: (id: string) => void
  readonly onClose: () => void
}

const Choice = (props: { choice: IncidentSummary; checked: boolean; onPick: () => void }) => (
  <label class="choice">
    <input type="radio" name="incident" checked={props.checked} onChange={props.onPick} />
    <SeverityShape severity={props.choice.severity} />
    <span class="num">{props.choice.number}</span>
    <span class="choice-title">{props.choice.title}</span>
    <Age since={props.choice.openedAt} until={props.choice.resolvedAt} />
  </label>
)

export const IncidentChooser = (props: IncidentChooserProps) => {
  const { choices } = props
  const [chosen, setChosen] = useState(choices[0]?.id)
  return (
    <Dialog title={props.title(chosen)} onClose={props.onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          if (chosen !== undefined) props.onChoose(chosen)
        }}
      >
        <div class="choices">
          {choices.map((choice) => (
            <Choice
              key={choice.id}
              choice={choice}
              checked={choice.id === chosen}
              onPick={() => setChosen(choice.id)}
            />
          ))}
        </div>
        {choices.length === 0 && <p>There is no other incident.</p>}
        <button type="submit" class="primary" disabled={chosen === undefined}>
          {props.verb}
        </button>
      </form>
    </Dialog>
  )
}
