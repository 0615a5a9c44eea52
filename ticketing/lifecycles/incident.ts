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
  'assign',
  'prioritise',
  'notes',
  'merge',
  'split',
  'move',
] as const
export type IncidentAction = (typeof INCIDENT_ACTIONS)[number]

/** What the correlator's word does: all alerts resolved, one fired again, the alerts moved. */
export const INCIDENT_SIGNALS = ['recover', 'refire', 'absorb'] as const
export type IncidentSignal = (typeof INCIDENT_SIGNALS)[number]

const no = null

/**
 * A hold is a person's word and outlives the recovery: the ticket waits until it is resumed.
 * A merged ticket is history; its alerts live on in another.
 */
// biome-ignore format: a grid is read by its columns
export const INCIDENT_LIFECYCLE = {
  new: {
    acknowledge: 'acknowledged', start: 'in-progress', hold: 'on-hold', resume: no,
    resolve: 'resolved', close: no, reopen: no,
    assign: 'new', prioritise: 'new', notes: 'new', merge: 'new', split: 'new', move: 'new',
    recover: 'resolved', refire: no, absorb: 'merged',
  },
  acknowledged: {
    acknowledge: no, start: 'in-progress', hold: 'on-hold', resume: no,
    resolve: 'resolved', close: no, reopen: no,
    assign: 'acknowledged', prioritise: 'acknowledged', notes: 'acknowledged',
    merge: 'acknowledged', split: 'acknowledged', move: 'acknowledged',
    recover: 'resolved', refire: no, absorb: 'merged',
  },
  'in-progress': {
    acknowledge: no, start: no, hold: 'on-hold', resume: no,
    resolve: 'resolved', close: no, reopen: no,
    assign: 'in-progress', prioritise: 'in-progress', notes: 'in-progress',
    merge: 'in-progress', split: 'in-progress', move: 'in-progress',
    recover: 'resolved', refire: no, absorb: 'merged',
  },
  'on-hold': {
    acknowledge: no, start: no, hold: no, resume: 'in-progress',
    resolve: 'resolved', close: no, reopen: no,
    assign: 'on-hold', prioritise: 'on-hold', notes: 'on-hold',
    merge: 'on-hold', split: 'on-hold', move: 'on-hold',
    recover: no, refire: no, absorb: 'merged',
  },
  resolved: {
    acknowledge: no, start: no, hold: no, resume: no,
    resolve: no, close: 'closed', reopen: 'reopened',
    assign: 'resolved', prioritise: no, notes: 'resolved',
    merge: 'resolved', split: 'resolved', move: 'resolved',
    recover: no, refire: 'reopened', absorb: 'merged',
  },
  closed: {
    acknowledge: no, start: no, hold: no, resume: no,
    resolve: no, close: no, reopen: 'reopened',
    assign: no, prioritise: no, notes: 'closed', merge: no, split: no, move: no,
    recover: no, refire: 'reopened', absorb: 'merged',
  },
  reopened: {
    acknowledge: 'acknowledged', start: 'in-progress', hold: 'on-hold', resume: no,
    resolve: 'resolved', close: no, reopen: no,
    assign: 'reopened', prioritise: 'reopened', notes: 'reopened',
    merge: 'reopened', split: 'reopened', move: 'reopened',
    recover: 'resolved', refire: no, absorb: 'merged',
  },
  merged: {
    acknowledge: no, start: no, hold: no, resume: no,
    resolve: no, close: no, reopen: no,
    assign: no, prioritise: no, notes: 'merged', merge: no, split: no, move: no,
    recover: no, refire: no, absorb: no,
  },
} as const satisfies Lifecycle<IncidentState, IncidentAction | IncidentSignal>

const SIGNALS: ReadonlySet<string> = new Set(INCIDENT_SIGNALS)

/** What a person may do now. */
export const legalIncidentActions = (state: IncidentState): IncidentAction[] =>
  legalActions<IncidentState, IncidentAction | IncidentSignal>(INCIDENT_LIFECYCLE, state).filter(
    (action): action is IncidentAction => !SIGNALS.has(action),
  )
