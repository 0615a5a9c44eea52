// Correcting what belongs together: alerts split off into an incident of their own, or moved.
import { useMemo, useState } from 'preact/hooks'
import { useKeys } from '../../keys.ts'
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
  const split = (): void => tell('split', {})
  const choose = (): void => void refreshNewest().then(() => setChoosing(true))
  const group = useMemo(
    () => ({
      title: 'Alerts picked',
      bindings: none
        ? []
        : [
            ...(all ? [] : [{ key: 'p', label: 'Split them off', run: split }]),
            { key: 'v', label: 'Move them', run: choose },
          ],
    }),
    [alertIds.join(), all],
  )
  useKeys(group)
  return (
    <span class="inline">
      <span class="num">{none ? '' : plural(alertIds.length, 'selected', 'selected')}</span>
      <button type="button" disabled={none || all} onClick={split}>
        Split off <kbd>p</kbd>
      </button>
      <button type="button" disabled={none} onClick={choose}>
        Move to … <kbd>v</kbd>
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
