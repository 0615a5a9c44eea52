// What a person may do with an incident: words, key and what has to be filled in, as one table.
import type { IncidentDetail } from '../../api/types.ts'
import type { ActionForm } from '../../parts/action-bar.tsx'
import type { Field } from '../../parts/fields.tsx'
import { PRIORITIES } from '../../state/filters.ts'

export type Action = IncidentDetail['actions'][number]

const reason = (required: boolean): Field => ({
  name: 'reason',
  label: required ? 'Reason' : 'Reason (optional)',
  kind: 'line',
  required,
})

/** Emptied, it takes the person away. */
const person = (name: string, label: string, value = ''): Field => ({
  name,
  label,
  kind: 'line',
  value,
  clears: true,
})

const text = (name: string, label: string, value = ''): Field => ({
  name,
  label,
  kind: 'text',
  value,
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
      person('assignee', 'Person', incident.assignee),
      person('team', 'Team', incident.team),
    ],
  },
  notes: {
    verb: 'Note',
    key: 'n',
    fields: [{ name: 'text', label: 'Note', kind: 'text', required: true }],
  },
  hold: { verb: 'Put on hold', rare: true, fields: [reason(true)] },
  prioritise: {
    verb: 'Prioritise',
    rare: true,
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
  tasks: {
    verb: 'Add a task',
    key: 't',
    rare: true,
    fields: [
      { name: 'title', label: 'What is to be done', kind: 'line', required: true },
      { name: 'assignee', label: 'By (optional)', kind: 'line' },
    ],
  },
  roles: {
    verb: 'Set roles',
    rare: true,
    fields: [
      person('commander', 'Commander', incident.commander),
      person('communications', 'Communications', incident.communications),
    ],
  },
  relate: {
    verb: 'Relate to another',
    rare: true,
    fields: [{ name: 'incident', label: 'Number, e.g. INC-7', kind: 'line', required: true }],
  },
  watch: { verb: 'Watch', rare: true },
  unwatch: { verb: 'Stop watching', rare: true },
  review: {
    verb: 'Write the review',
    rare: true,
    fields: [
      {
        name: 'summary',
        label: 'What happened',
        kind: 'text',
        required: true,
        value: incident.review?.summary ?? '',
      },
      text('impact', 'Whom it hurt, and how much', incident.review?.impact),
      text('causes', 'Why it happened', incident.review?.causes),
      text('lessons', 'What we learn', incident.review?.lessons),
    ],
  },
})
