// The life of an incident ticket.
import { type Lifecycle, legalActions } from './lifecycle.ts'

export const INCIDENT_STATES = [
  'new',
  'acknowledged',
  'in-progress',
  'on-hold',
  'resolved',
  'closed',
  'reopened',
  'merged',
] as const
export type IncidentState = (typeof INCIDENT_STATES)[number]

/** What people do; each is `POST /api/v1/incidents/:id/<action>`. */
export const INCIDENT_ACTIONS = [
  'acknowledge',
  'start',
  'hold',
  'resume',
  'resolve',
  'close',
  'reopen',
  'notes',
  'tasks',
  'watch',
  'unwatch',
  'relate',
  'unrelate',
  'review',
  'rate',
  'runbook',
  'assign',
  'roles',
  'prioritise',
  'merge',
  'split',
  'move',
  'confirm-hint',
  'reject-hint',
  'link-problem',
  'unlink-problem',
] as const
export type IncidentAction = (typeof INCIDENT_ACTIONS)[number]

/** What the correlator's word does: all alerts resolved, one fired again, the alerts moved. */
export const INCIDENT_SIGNALS = ['recover', 'refire', 'absorb'] as const
export type IncidentSignal = (typeof INCIDENT_SIGNALS)[number]

const no = null

/** History: a note may be added, nothing else. */
const history = <S extends IncidentState>(state: S) => ({
  notes: state,
  tasks: no,
  watch: no,
  unwatch: no,
  relate: no,
  unrelate: no,
  review: no,
  rate: no,
  runbook: no,
  assign: no,
  roles: no,
  prioritise: no,
  merge: no,
  split: no,
  move: no,
  'confirm-hint': no,
  'reject-hint': no,
  'link-problem': no,
  'unlink-problem': no,
})

/** Looking back at what is over. */
const reviewable = <S extends IncidentState>(state: S) => ({
  ...history(state),
  tasks: state,
  watch: state,
  unwatch: state,
  relate: state,
  unrelate: state,
  review: state,
})

/** What people may still correct once the interruption is over. */
const correctable = <S extends IncidentState>(state: S) => ({
  ...reviewable(state),
  merge: state,
  split: state,
  move: state,
  'confirm-hint': state,
  'reject-hint': state,
  'link-problem': state,
  'unlink-problem': state,
})

/** What work on the ticket leaves in its state. */
const inPlace = <S extends IncidentState>(state: S) => ({
  ...correctable(state),
  runbook: state,
  assign: state,
  roles: state,
  prioritise: state,
})

/**
 * A hold is a person's word and outlives the recovery: the ticket waits until it is resumed.
 * A merged ticket is history; its alerts live on in another, unless the merge is taken back.
 */
// biome-ignore format: a grid is read by its columns
export const INCIDENT_LIFECYCLE = {
  new: {
    acknowledge: 'acknowledged', start: 'in-progress', hold: 'on-hold', resume: no,
    resolve: 'resolved', close: no, reopen: no,
    recover: 'resolved', refire: no, absorb: 'merged', ...inPlace('new'),
  },
  acknowledged: {
    acknowledge: no, start: 'in-progress', hold: 'on-hold', resume: no,
    resolve: 'resolved', close: no, reopen: no,
    recover: 'resolved', refire: no, absorb: 'merged', ...inPlace('acknowledged'),
  },
  'in-progress': {
    acknowledge: no, start: no, hold: 'on-hold', resume: no,
    resolve: 'resolved', close: no, reopen: no,
    recover: 'resolved', refire: no, absorb: 'merged', ...inPlace('in-progress'),
  },
  'on-hold': {
    acknowledge: no, start: no, hold: no, resume: 'in-progress',
    resolve: 'resolved', close: no, reopen: no,
    recover: no, refire: no, absorb: 'merged', ...inPlace('on-hold'),
  },
  resolved: {
    acknowledge: no, start: no, hold: no, resume: no,
    resolve: no, close: 'closed', reopen: 'reopened',
    recover: no, refire: 'reopened', absorb: 'merged', ...correctable('resolved'),
    rate: 'resolved',
  },
  closed: {
    acknowledge: no, start: no, hold: no, resume: no,
    resolve: no, close: no, reopen: 'reopened',
    recover: no, refire: 'reopened', absorb: 'merged', ...reviewable('closed'),
    rate: 'closed',
  },
  reopened: {
    acknowledge: 'acknowledged', start: 'in-progress', hold: 'on-hold', resume: no,
    resolve: 'resolved', close: no, reopen: no,
    recover: 'resolved', refire: no, absorb: 'merged', ...inPlace('reopened'),
  },
  merged: {
    acknowledge: no, start: no, hold: no, resume: no,
    resolve: no, close: no, reopen: no,
    recover: no, refire: 'reopened', absorb: no, ...history('merged'),
  },
} as const satisfies Lifecycle<IncidentState, IncidentAction | IncidentSignal>

const SIGNALS: ReadonlySet<string> = new Set(INCIDENT_SIGNALS)

/** What a person may do now. */
export const legalIncidentActions = (state: IncidentState): IncidentAction[] =>
  legalActions<IncidentState, IncidentAction | IncidentSignal>(INCIDENT_LIFECYCLE, state).filter(
    (action): action is IncidentAction => !SIGNALS.has(action),
  )
