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

type Forms = Readonly<Partial<Record<Action, ActionForm>>>

const oftenForms = (incident: IncidentDetail): Forms => ({
  acknowledge: { verb: 'Acknowledge', key: 'a' },
  start: { verb: 'Start work', key: 's' },
  resume: { verb: 'Resume' },
  resolve: {
    verb: 'Resolve',
    key: 'r',
    fields: [{ name: 'resolution', label: 'What ended it (optional)', kind: 'text' }],
  },
  close: { verb: 'Close' },
  reopen: { verb: 'Reopen', fields: [reason(false)] },
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
})

/** What it has to do with other tickets. */
const tieForms = (incident: IncidentDetail): Forms => ({
  relate: {
    verb: 'Relate to another',
    rare: true,
    fields: [{ name: 'incident', label: 'Number, e.g. INC-7', kind: 'line', required: true }],
  },
  ...(incident.related?.length && {
    unrelate: {
      verb: 'Unrelate',
      rare: true,
      fields: [{ name: 'incident', label: 'Which', kind: 'choice', choices: incident.related }],
    },
  }),
  'link-problem': {
    verb: 'Same as a problem',
    rare: true,
    fields: [{ name: 'problemId', label: 'Number, e.g. PRB-3', kind: 'line', required: true }],
  },
  ...(incident.problemId !== undefined && {
    'unlink-problem': {
      verb: 'Not the same problem',
      rare: true,
      fields: [
        { name: 'problemId', label: 'Problem', kind: 'choice', choices: [incident.problemId] },
      ],
    },
  }),
})

const rareForms = (incident: IncidentDetail): Forms => ({
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
      {
        name: 'kind',
        label: 'A task now, or an action of the review: an improvement',
        kind: 'choice',
        choices: ['task', 'review-action'],
      },
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
  rate: {
    verb: 'Rate how it was dealt with',
    rare: true,
    fields: [
      {
        name: 'rating',
        label: '1 poor to 5 excellent',
        kind: 'number',
        min: 1,
        max: 5,
        required: true,
      },
      { name: 'comment', label: 'Why (optional)', kind: 'text' },
    ],
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

/** In the order of the buttons. Actions that are not here have their own place on the page. */
export const incidentForms = (incident: IncidentDetail): Forms => ({
  ...oftenForms(incident),
  ...rareForms(incident),
  ...tieForms(incident),
})
