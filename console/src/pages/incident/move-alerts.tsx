// Correcting what belongs together: alerts split off into an incident of their own, or moved.
import { useState } from 'preact/hooks'
import { IncidentChooser } from '../../parts/incident-chooser.tsx'
import { knownIncidents, refreshNewest } from '../../state/incidents.ts'
import { plural } from '../../text/counts.ts'
import { candidatesFor } from '../incidents/merge-dialog.tsx'
import { type Act, actOn } from './actions.tsx'

interface MoveAlertsProps extends Act {
  readonly alertIds: readonly string[]
}

export const MoveAlerts = ({ incident, alertIds, onDone }: MoveAlertsProps) => {
  const [choosing, setChoosing] = useState(false)
  const none = alertIds.length === 0
  const all = alertIds.length >= incident.alertCount
  const tell = (action: 'split' | 'move', body: Record<string, unknown>): void =>
    void actOn(incident, action, { alertIds, ...body }).then((done) => done && onDone())
  return (
    <span class="inline">
      <span class="num">{none ? '' : plural(alertIds.length, 'selected', 'selected')}</span>
      <button type="button" disabled={none || all} onClick={() => tell('split', {})}>
        Split off
      </button>
      <button
        type="button"
        disabled={none}
        onClick={() => void refreshNewest().then(() => setChoosing(true))}
      >
        Move to …
      </button>
      {choosing && (
        <IncidentChooser
          title={() => `Move ${plural(alertIds.length, 'alert')} to`}
          verb="Move"
          choices={candidatesFor(incident, knownIncidents())}
          onClose={() => setChoosing(false)}
          onChoose={(to) => {
            setChoosing(false)
            tell('move', { to })
          }}
        />
      )}
    </span>
  )
}
