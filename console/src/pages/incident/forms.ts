// What a person may do with an incident: words, key and what has to be filled in, as one table.
import type { IncidentDetail } from '../../api/types.ts'
import type { Field } from '../../parts/form-dialog.tsx'
import { PRIORITIES } from '../../state/filters.ts'

export type Action = IncidentDetail['actions'][number]

export interface ActionForm {
  readonly verb: string
  readonly key?: string
  /** Absent = done at once. */
  readonly fields?: readonly Field[]
}

const reason = (required: boolean): Field => ({
  name: 'reason',
  label: 'Reason',
  kind: 'line',
  required,
})

/** In the order of the buttons. Actions that are not here have their own place on the page. */
export const ACTION_FORMS: Readonly<Partial<Record<Action, ActionForm>>> = {
  acknowledge: { verb: 'Acknowledge', key: 'a' },
  start: { verb: 'Start work', key: 's' },
  resume: { verb: 'Resume' },
  resolve: {
    verb: 'Resolve',
    key: 'r',
    fields: [{ name: 'resolution', label: 'What ended it (optional)', kind: 'text' }],
  },
  reopen: { verb: 'Reopen', fields: [reason(false)] },
  close: { verb: 'Close' },
  assign: {
    verb: 'Assign',
    key: 'i',
    fields: [
      { name: 'assignee', label: 'Person', kind: 'line' },
      { name: 'team', label: 'Team', kind: 'line' },
    ],
  },
  notes: {
    verb: 'Note',
    key: 'n',
    fields: [{ name: 'text', label: 'Note', kind: 'text', required: true }],
  },
  hold: { verb: 'Hold', fields: [reason(true)] },
  prioritise: {
    verb: 'Prioritise',
    fields: [
      { name: 'priority', label: 'Priority', kind: 'choice', choices: PRIORITIES },
      reason(true),
    ],
  },
}
