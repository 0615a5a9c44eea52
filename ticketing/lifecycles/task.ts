// The life of a task: a small thing to be done on a ticket.
import type { Lifecycle } from './lifecycle.ts'

export const TASK_STATES = ['open', 'done', 'dropped'] as const
export type TaskState = (typeof TASK_STATES)[number]

export const TASK_ACTIONS = ['complete', 'drop', 'reopen', 'assign'] as const
export type TaskAction = (typeof TASK_ACTIONS)[number]

/** Work on the ticket, an action agreed in its review, a step of a runbook, of a fulfilment. */
export const TASK_KINDS = ['task', 'review-action', 'runbook-step', 'fulfilment'] as const
export type TaskKind = (typeof TASK_KINDS)[number]

const no = null

// biome-ignore format: a grid is read by its columns
export const TASK_LIFECYCLE = {
  open: { complete: 'done', drop: 'dropped', reopen: no, assign: 'open' },
  done: { complete: no, drop: no, reopen: 'open', assign: no },
  dropped: { complete: no, drop: no, reopen: 'open', assign: no },
} as const satisfies Lifecycle<TaskState, TaskAction>
