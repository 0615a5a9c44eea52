// The buttons and keys of one incident, and the dialogs behind those that need words.
import { useMemo, useState } from 'preact/hooks'
import { post } from '../../api/client.ts'
import type { IncidentDetail } from '../../api/types.ts'
import { type Binding, useKeys } from '../../keys.ts'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { rows } from '../../state/incidents.ts'
import { say } from '../../state/toasts.ts'
import { MergeDialog } from '../incidents/merge-dialog.tsx'
import { ACTION_FORMS, type Action, type ActionForm } from './forms.ts'

/** Tells the server; says what it refused. @returns whether it was done */
export const actOn = async (
  incident: IncidentDetail,
  action: Action,
  body: Readonly<Record<string, unknown>>,
): Promise<boolean> => {
  const path = `/api/v1/incidents/${encodeURIComponent(incident.id)}/${action}`
  // A priority overwrites what somebody else may just have decided; the rest adds to it.
  const options = action === 'prioritise' ? { version: incident.version } : {}
  const answer = await post(path, body, options)
  if (!answer.ok) say(answer.refusal.detail, 'bad')
  return answer.ok
}

interface IncidentActionsProps {
  readonly incident: IncidentDetail
  readonly onDone: () => void
}

const legalForms = (incident: IncidentDetail): [Action, ActionForm][] =>
  (Object.entries(ACTION_FORMS) as [Action, ActionForm][]).filter(([action]) =>
    incident.actions.includes(action),
  )

export const IncidentActions = ({ incident, onDone }: IncidentActionsProps) => {
  const [open, setOpen] = useState<Action>()
  const legal = incident.actions.join(' ')
  const begin = (action: Action): void => {
    if (action === 'merge' || ACTION_FORMS[action]?.fields !== undefined) setOpen(action)
    else void actOn(incident, action, {}).then(onDone)
  }
  const group = useMemo(() => {
    const bindings: Binding[] = legalForms(incident).flatMap(([action, { verb, key }]) =>
      key === undefined ? [] : [{ key, label: verb, run: () => begin(action) }],
    )
    if (incident.actions.includes('merge'))
      bindings.push({ key: 'm', label: 'Merge into another', run: () => begin('merge') })
    return { title: 'This incident', bindings }
  }, [incident.id, legal])
  useKeys(group)
  const form = open === undefined ? undefined : ACTION_FORMS[open]
  return (
    <div class="actions">
      {legalForms(incident).map(([action, { verb, key }], i) => (
        <button
          type="button"
          key={action}
          class={i === 0 ? 'primary' : ''}
          onClick={() => begin(action)}
        >
          {verb} {key !== undefined && <kbd>{key}</kbd>}
        </button>
      ))}
      {incident.actions.includes('merge') && (
        <button type="button" onClick={() => begin('merge')}>
          Merge <kbd>m</kbd>
        </button>
      )}
      {open !== undefined && form?.fields !== undefined && (
        <FormDialog
          title={`${form.verb} ${incident.number}`}
          verb={form.verb}
          fields={form.fields}
          onClose={() => setOpen(undefined)}
          onSubmit={(body) => {
            setOpen(undefined)
            void actOn(incident, open, body).then(onDone)
          }}
        />
      )}
      {open === 'merge' && (
        <MergeDialog
          incidents={[incident]}
          others={rows.value}
          onClose={() => setOpen(undefined)}
        />
      )}
    </div>
  )
}
