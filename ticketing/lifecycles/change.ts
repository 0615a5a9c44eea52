// The life of a change: requested, assessed, approved, carried out, reviewed.
import type { Lifecycle } from './lifecycle.ts'

export const CHANGE_STATES = [
  'draft',
  'awaiting-approval',
  'scheduled',
  'implementing',
  'review',
  'closed',
  'rejected',
  'cancelled',
] as const
export type ChangeState = (typeof CHANGE_STATES)[number]

export const CHANGE_ACTIONS = [
  'update',
  'submit',
  'approve',
  'reject',
  'revise',
  'begin',
  'finish',
  'close',
  'cancel',
  'assign',
  'notes',
  'match',
  'no-match',
] as const
export type ChangeAction = (typeof CHANGE_ACTIONS)[number]

/** What the votes come to; the tool that reported it reports it again. */
export const CHANGE_SIGNALS = ['pass', 'fail', 'report'] as const
export type ChangeSignal = (typeof CHANGE_SIGNALS)[number]

const no = null

/**
 * What a deployment tool reports is being carried out or closed from its first day on.
 * In review, approving is the approval after the fact that an emergency change needs to close.
 */
// biome-ignore format: a grid is read by its columns
export const CHANGE_LIFECYCLE = {
  draft: {
    update: 'draft', submit: 'awaiting-approval', approve: no, reject: no, revise: no,
    begin: no, finish: no, close: no, cancel: 'cancelled', assign: 'draft', notes: 'draft',
    pass: no, fail: no,
    match: no, 'no-match': no, report: no,
  },
  'awaiting-approval': {
    update: no, submit: no, approve: 'awaiting-approval', reject: 'awaiting-approval',
    revise: 'draft', begin: no, finish: no, close: no, cancel: 'cancelled',
    assign: 'awaiting-approval', notes: 'awaiting-approval', pass: 'scheduled', fail: 'rejected',
    match: no, 'no-match': no, report: no,
  },
  scheduled: {
    update: no, submit: no, approve: no, reject: no, revise: 'draft',
    begin: 'implementing', finish: no, close: no, cancel: 'cancelled',
    assign: 'scheduled', notes: 'scheduled', pass: no, fail: no,
    match: no, 'no-match': no, report: no,
  },
  implementing: {
    update: no, submit: no, approve: no, reject: no, revise: no,
    begin: no, finish: 'review', close: no, cancel: no,
    assign: 'implementing', notes: 'implementing', pass: no, fail: no,
    match: 'implementing', 'no-match': 'implementing', report: 'closed',
  },
  review: {
    update: no, submit: no, approve: 'review', reject: 'review', revise: no,
    begin: no, finish: no, close: 'closed', cancel: no,
    assign: 'review', notes: 'review', pass: no, fail: no,
    match: 'review', 'no-match': 'review', report: no,
  },
  closed: {
    update: no, submit: no, approve: no, reject: no, revise: no,
    begin: no, finish: no, close: no, cancel: no, assign: no, notes: 'closed',
    pass: no, fail: no,
    match: 'closed', 'no-match': 'closed', report: 'closed',
  },
  rejected: {
    update: no, submit: no, approve: no, reject: no, revise: 'draft',
    begin: no, finish: no, close: no, cancel: 'cancelled', assign: no, notes: 'rejected',
    pass: no, fail: no,
    match: no, 'no-match': no, report: no,
  },
  cancelled: {
    update: no, submit: no, approve: no, reject: no, revise: no,
    begin: no, finish: no, close: no, cancel: no, assign: no, notes: 'cancelled',
    pass: no, fail: no,
    match: no, 'no-match': no, report: no,
  },
} as const satisfies Lifecycle<ChangeState, ChangeAction | ChangeSignal>

/** Standard: approved once for all. Normal: by policy or vote. Emergency: approved afterwards. */
export const CHANGE_TYPES = ['standard', 'normal', 'emergency'] as const

export const CHANGE_OUTCOMES = ['successful', 'failed', 'backed-out'] as const
export type ChangeOutcome = (typeof CHANGE_OUTCOMES)[number]

export const RISKS = ['low', 'medium', 'high'] as const
export type Risk = (typeof RISKS)[number]
