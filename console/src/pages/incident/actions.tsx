// What can be done with one incident, and how the server is told.
import { useCallback, useMemo, useState } from 'preact/hooks'
import { post } from '../../api/client.ts'
import type { IncidentDetail } from '../../api/types.ts'
import { useKeys } from '../../keys.ts'
import { ActionBar, type ActionForms } from '../../parts/action-bar.tsx'
import type { FormBody } from '../../parts/fields.tsx'
import { knownIncidents, refreshNewest } from '../../state/incidents.ts'
import { say } from '../../state/toasts.ts'
import { MergeDialog } from '../incidents/merge-dialog.tsx'
import { type Action, incidentForms } from './forms.ts'

/** Tells the server; says what it refused. @returns whether it was done */
export const actOn = async (
  incident: IncidentDetail,
  action: Action | 'undo',
  body: Readonly<Record<string, unknown>>,
): Promise<boolean> => {
  const path = `/api/v1/incidents/${encodeURIComponent(incident.id)}/${action}`
  // A priority overwrites what somebody else may just have decided; the rest adds to it.
  const options = action === 'prioritise' ? { version: incident.version } : {}
  const answer = await post(path, body, options)
  if (!answer.ok) say(answer.refusal.detail, 'bad')
  return answer.ok
}

/** What every part of the page needs that lets people do something. */
export interface Act {
  readonly incident: IncidentDetail
  readonly onDone: () => void
}

const Merge = ({ incident }: { incident: IncidentDetail }) => {
  const [open, setOpen] = useState(false)
  const begin = (): void => void refreshNewest().then(() => setOpen(true))
  const group = useMemo(
    () => ({
      title: 'Merging',
      bindings: [{ key: 'm', label: 'Merge into another incident', run: begin }],
    }),
    [],
  )
  useKeys(group)
  return (
    <>
      <button type="button" onClick={begin}>
        Merge <kbd>m</kbd>
      </button>
      {open && (
        <MergeDialog
          incidents={[incident]}
          others={knownIncidents()}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}

export const IncidentActions = ({ incident, onDone }: Act) => {
  const act = useCallback(
    (action: string, body: FormBody) => void actOn(incident, action as Action, body).then(onDone),
    [incident.id, incident.version],
  )
  return (
    <ActionBar
      number={incident.number}
      forms={incidentForms(incident) as ActionForms}
      legal={incident.actions}
      onAct={act}
    >
      {incident.actions.includes('merge') && <Merge incident={incident} />}
    </ActionBar>
  )
}
