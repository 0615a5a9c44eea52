// What a person may do with a change: words, key and what has to be filled in, as one table.
import type { ChangeDetail } from '../../api/types.ts'
import type { ActionForm } from '../../parts/action-bar.tsx'
import type { Field } from '../../parts/fields.tsx'

const HOUR_MS = 3_600_000
const TYPES = ['normal', 'standard', 'emergency'] as const
const OUTCOMES = ['successful', 'failed', 'backed-out'] as const

type Known = Partial<Omit<ChangeDetail, 'cis'>> & { readonly cis?: readonly string[] }

const partFields = (known: Known): Field[] => [
  { name: 'title', label: 'What', kind: 'line', required: true, value: known.title ?? '' },
  {
    name: 'description',
    label: 'Why and how',
    kind: 'text',
    required: true,
    value: known.description ?? '',
  },
  {
    name: 'cis',
    label: 'CIs, one a line',
    kind: 'list',
    required: true,
    value: known.cis?.join('\n') ?? '',
  },
  {
    name: 'plannedStart',
    label: 'From',
    kind: 'time',
    required: true,
    value: known.plannedStart ?? '',
  },
  {
    name: 'plannedEnd',
    label: 'Until',
    kind: 'time',
    required: true,
    value: known.plannedEnd ?? '',
  },
  { name: 'plan', label: 'Plan (optional)', kind: 'text', value: known.plan ?? '' },
  {
    name: 'backoutPlan',
    label: 'Way back (optional)',
    kind: 'text',
    value: known.backoutPlan ?? '',
  },
]

/** @param now ms UTC; the form proposes the hour after next */
export const newChangeFields = (now: number): Field[] => {
  const start = Math.ceil(now / HOUR_MS) * HOUR_MS + HOUR_MS
  return [
    { name: 'type', label: 'Type', kind: 'choice', choices: TYPES },
    ...partFields({
      plannedStart: new Date(start).toISOString(),
      plannedEnd: new Date(start + HOUR_MS).toISOString(),
    }),
  ]
}

const comment = (required: boolean): Field => ({
  name: 'comment',
  label: required ? 'Comment' : 'Comment (optional)',
  kind: 'text',
  required,
})
const reason: Field = { name: 'reason', label: 'Reason', kind: 'line', required: true }

const incident: Field = {
  name: 'incident',
  label: 'Incident, e.g. INC-7',
  kind: 'line',
  required: true,
}

export type ChangeAction = ChangeDetail['actions'][number]

export const changeForms = (change: ChangeDetail): Readonly<Record<ChangeAction, ActionForm>> => ({
  submit: { verb: 'Submit', key: 's' },
  approve: { verb: 'Approve', key: 'a', fields: [comment(false)] },
  reject: { verb: 'Reject', fields: [comment(true)] },
  begin: { verb: 'Begin', key: 'b' },
  finish: {
    verb: 'Finish',
    key: 'f',
    fields: [
      { name: 'outcome', label: 'Outcome', kind: 'choice', choices: OUTCOMES },
      comment(false),
    ],
  },
  close: { verb: 'Close', fields: [comment(false)] },
  update: { verb: 'Edit', key: 'e', fields: partFields(change) },
  assign: {
    verb: 'Assign',
    key: 'i',
    fields: [
      {
        name: 'assignee',
        label: 'Person',
        kind: 'line',
        value: change.assignee ?? '',
        clears: true,
      },
    ],
  },
  notes: {
    verb: 'Note',
    key: 'n',
    fields: [{ name: 'text', label: 'Note', kind: 'text', required: true }],
  },
  match: { verb: 'It caused an incident', rare: true, fields: [incident] },
  'no-match': { verb: 'It did not cause an incident', rare: true, fields: [incident] },
  revise: { verb: 'Back to draft', rare: true, fields: [reason] },
  cancel: { verb: 'Cancel it', rare: true, fields: [reason] },
})
