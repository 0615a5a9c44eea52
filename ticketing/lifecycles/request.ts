// The life of a service request: asked for, approved where that is needed, fulfilled.
import type { Lifecycle } from './lifecycle.ts'

export const REQUEST_STATES = [
  'awaiting-approval',
  'fulfilling',
  'fulfilled',
  'closed',
  'rejected',
  'cancelled',
] as const
export type RequestState = (typeof REQUEST_STATES)[number]

export const REQUEST_ACTIONS = [
  'approve',
  'reject',
  'fulfil',
  'reopen',
  'close',
  'cancel',
  'assign',
  'notes',
] as const
export type RequestAction = (typeof REQUEST_ACTIONS)[number]

const no = null

/** Fulfilled by a person, or by the last of its tasks being done. */
// biome-ignore format: a grid is read by its columns
export const REQUEST_LIFECYCLE = {
  'awaiting-approval': {
    approve: 'fulfilling', reject: 'rejected', fulfil: no, reopen: no, close: no,
    cancel: 'cancelled', assign: 'awaiting-approval', notes: 'awaiting-approval',
  },
  fulfilling: {
    approve: no, reject: no, fulfil: 'fulfilled', reopen: no, close: no,
    cancel: 'cancelled', assign: 'fulfilling', notes: 'fulfilling',
  },
  fulfilled: {
    approve: no, reject: no, fulfil: no, reopen: 'fulfilling', close: 'closed',
    cancel: no, assign: no, notes: 'fulfilled',
  },
  closed: {
    approve: no, reject: no, fulfil: no, reopen: no, close: no,
    cancel: no, assign: no, notes: 'closed',
  },
  rejected: {
    approve: no, reject: no, fulfil: no, reopen: no, close: no,
    cancel: no, assign: no, notes: 'rejected',
  },
  cancelled: {
    approve: no, reject: no, fulfil: no, reopen: no, close: no,
    cancel: no, assign: no, notes: 'cancelled',
  },
} as const satisfies Lifecycle<RequestState, RequestAction>
