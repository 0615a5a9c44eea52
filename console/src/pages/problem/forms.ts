// What a person may do with a problem: words, key and what has to be filled in, as one table.
import type { ProblemView } from '../../api/types.ts'
import type { ActionForm } from '../../parts/action-bar.tsx'

export type ProblemAction = ProblemView['actions'][number]

/** The analysis has a place of its own on the page. */
export const problemForms = (
  problem: ProblemView,
): Readonly<Record<Exclude<ProblemAction, 'analyse'>, ActionForm>> => ({
  accept: { verb: 'Investigate', key: 'a' },
  'record-cause': {
    verb: problem.status === 'known-error' ? 'Edit cause and workaround' : 'Record cause',
    key: 'c',
    fields: [
      { name: 'cause', label: 'Cause', kind: 'text', required: true, value: problem.cause ?? '' },
      {
        name: 'workaround',
        label: 'Workaround, shown on every incident that looks like this',
        kind: 'text',
        value: problem.workaround ?? '',
      },
    ],
  },
  workaround: {
    verb: 'Workaround',
    key: 'w',
    fields: [
      {
        name: 'workaround',
        label: 'How to live with it; told on every open incident of it',
        kind: 'text',
        value: problem.workaround ?? '',
        clears: true,
      },
    ],
  },
  fix: {
    verb: 'Link the fix',
    fields: [
      {
        name: 'change',
        label: 'Change that is to remove it, e.g. CHG-7',
        kind: 'line',
        value: problem.fix?.number ?? '',
        clears: true,
      },
    ],
  },
  resolve: {
    verb: 'Resolve',
    key: 'r',
    fields: [{ name: 'resolution', label: 'How it was removed', kind: 'text', required: true }],
  },
  close: { verb: 'Close' },
  reopen: {
    verb: 'Reopen',
    fields: [{ name: 'reason', label: 'Reason', kind: 'line', required: true }],
  },
  assign: {
    verb: 'Assign',
    key: 'i',
    fields: [
      {
        name: 'assignee',
        label: 'Person',
        kind: 'line',
        required: true,
        value: problem.assignee ?? '',
      },
    ],
  },
  notes: {
    verb: 'Note',
    key: 'n',
    fields: [{ name: 'text', label: 'Note', kind: 'text', required: true }],
  },
  dismiss: {
    verb: 'Dismiss',
    fields: [
      {
        name: 'reason',
        label: 'Why this is no problem; the detector remembers',
        kind: 'line',
        required: true,
      },
    ],
  },
})
