// The life of a problem: from a pattern that recurs to a cause that is removed.
import { type Lifecycle, legalActions } from './lifecycle.ts'

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
  'analyse',
  'workaround',
  'fix',
  'assign',
  'notes',
] as const
export type ProblemAction = (typeof PROBLEM_ACTIONS)[number]

/** The pattern came back though it was resolved. */
export const PROBLEM_SIGNALS = ['recur'] as const
export type ProblemSignal = (typeof PROBLEM_SIGNALS)[number]

const no = null

/** `record-cause` names the cause and the workaround: that is what makes a known error. */
// biome-ignore format: a grid is read by its columns
export const PROBLEM_LIFECYCLE = {
  candidate: {
    accept: 'investigating', dismiss: 'dismissed', 'record-cause': 'known-error',
    resolve: no, close: no, reopen: no, analyse: no, workaround: 'candidate', fix: no,
    assign: 'candidate', notes: 'candidate', recur: no,
  },
  investigating: {
    accept: no, dismiss: 'dismissed', 'record-cause': 'known-error',
    resolve: 'resolved', close: no, reopen: no, analyse: 'investigating',
    workaround: 'investigating', fix: 'investigating',
    assign: 'investigating', notes: 'investigating', recur: no,
  },
  'known-error': {
    accept: no, dismiss: no, 'record-cause': 'known-error',
    resolve: 'resolved', close: no, reopen: no, analyse: 'known-error',
    workaround: 'known-error', fix: 'known-error',
    assign: 'known-error', notes: 'known-error', recur: no,
  },
  resolved: {
    accept: no, dismiss: no, 'record-cause': no,
    resolve: no, close: 'closed', reopen: 'investigating', analyse: 'resolved',
    workaround: no, fix: 'resolved', assign: no, notes: 'resolved', recur: 'investigating',
  },
  closed: {
    accept: no, dismiss: no, 'record-cause': no,
    resolve: no, close: no, reopen: 'investigating', analyse: no,
    workaround: no, fix: no, assign: no, notes: 'closed', recur: 'investigating',
  },
  dismissed: {
    accept: 'investigating', dismiss: no, 'record-cause': no,
    resolve: no, close: no, reopen: no, analyse: no,
    workaround: no, fix: no, assign: no, notes: 'dismissed', recur: no,
  },
} as const satisfies Lifecycle<ProblemState, ProblemAction | ProblemSignal>

const SIGNALS: ReadonlySet<string> = new Set(PROBLEM_SIGNALS)

/** What a person may do now. */
export const legalProblemActions = (state: ProblemState): ProblemAction[] =>
  legalActions<ProblemState, ProblemAction | ProblemSignal>(PROBLEM_LIFECYCLE, state).filter(
    (action): action is ProblemAction => !SIGNALS.has(action),
  )
