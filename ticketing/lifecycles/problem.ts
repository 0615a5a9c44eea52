// The life of a problem: from a pattern that recurs to a cause that is removed.
import type { Lifecycle } from './lifecycle.ts'

export const PROBLEM_STATES = [
  'candidate',
  'investigating',
  'known-error',
  'resolved',
  'closed',
  'dismissed',
] as const
export type ProblemState = (typeof PROBLEM_STATES)[number]

export const PROBLEM_ACTIONS = [
  'accept',
  'dismiss',
  'record-cause',
  'resolve',
  'close',
  'reopen',
  'assign',
  'notes',
] as const
export type ProblemAction = (typeof PROBLEM_ACTIONS)[number]

const no = null

/** `record-cause` names the cause and the workaround: that is what makes a known error. */
// biome-ignore format: a grid is read by its columns
export const PROBLEM_LIFECYCLE = {
  candidate: {
    accept: 'investigating', dismiss: 'dismissed', 'record-cause': 'known-error',
    resolve: no, close: no, reopen: no, assign: 'candidate', notes: 'candidate',
  },
  investigating: {
    accept: no, dismiss: 'dismissed', 'record-cause': 'known-error',
    resolve: 'resolved', close: no, reopen: no, assign: 'investigating', notes: 'investigating',
  },
  'known-error': {
    accept: no, dismiss: no, 'record-cause': 'known-error',
    resolve: 'resolved', close: no, reopen: no, assign: 'known-error', notes: 'known-error',
  },
  resolved: {
    accept: no, dismiss: no, 'record-cause': no,
    resolve: no, close: 'closed', reopen: 'investigating', assign: no, notes: 'resolved',
  },
  closed: {
    accept: no, dismiss: no, 'record-cause': no,
    resolve: no, close: no, reopen: 'investigating', assign: no, notes: 'closed',
  },
  dismissed: {
    accept: 'investigating', dismiss: no, 'record-cause': no,
    resolve: no, close: no, reopen: no, assign: no, notes: 'dismissed',
  },
} as const satisfies Lifecycle<ProblemState, ProblemAction>
