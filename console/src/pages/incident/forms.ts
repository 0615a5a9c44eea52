// What a person may do with an incident: words, key and what has to be filled in, as one table.
import type { IncidentDetail } from '../../api/types.ts'
import type { ActionForm } from '../../parts/action-bar.tsx'
import type { Field } from '../../parts/form-dialog.tsx'
import { PRIORITIES } from '../../state/filters.ts'

export type Action = IncidentDetail['actions'][number]

const reason = (required: boolean): Field => ({
  name: 'reason',
  label: required ? 'Reason' : 'Reason (optional)',
  kind: 'line',
  required,
})

/** In the order of the buttons. Actions that are not here have their own place on the page. */
export const incidentForms = (
  incident: IncidentDetail,
): Readonly<Partial<Record<Action, ActionForm>>> => ({
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
      { name: 'assignee', label: 'Person', kind: 'line', value: incident.assignee ?? '' },
      { name: 'team', label: 'Team', kind: 'line', value: incident.team ?? '' },
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
      {
        name: 'priority',
        label: 'Priority',
        kind: 'choice',
        choices: PRIORITIES,
        value: incident.priority,
      },
      reason(true),
    ],
  },
})
