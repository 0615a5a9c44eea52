// Tasks: small things to be done on a ticket, each with its own short life.
import { hash64 } from '../../domain/hash.ts'
import type { CommandRecord } from '../../domain/records.ts'
import { TASK_BODIES, type TaskBody } from '../api/bodies.ts'
import { type Command, type Done, difference } from '../commands/command.ts'
import { refuse } from '../commands/outcome.ts'
import { legalActions } from '../lifecycles/lifecycle.ts'
import { TASK_ACTIONS, TASK_LIFECYCLE, type TaskAction, type TaskKind } from '../lifecycles/task.ts'
import type { TaskRow } from '../store/schema.ts'
import type { Work } from '../work.ts'

/** @param nth tells tasks apart that one command makes */
export const newTask = (
  work: Work,
  ticketId: string,
  kind: TaskKind,
  title: string,
  { id, at }: Pick<CommandRecord, 'id' | 'at'>,
  nth = 0,
): TaskRow => ({
  id: `task-${hash64(`${id} ${nth}`)}`,
  ticketId,
  kind,
  title,
  status: 'open',
  assignee: null,
  createdAt: at,
  doneAt: null,
  doneBy: null,
  ordinal: work.next('task'),
})

interface Plan {
  readonly text: string
  readonly patch: Partial<TaskRow>
}

const PLANNERS: {
  readonly [A in TaskAction]: (body: TaskBody<A>, command: CommandRecord) => Plan
} = {
  complete: (_body, { actor, at }) => ({ text: 'Done', patch: { doneAt: at, doneBy: actor } }),
  drop: ({ reason }) => ({
    text: reason === undefined ? 'Dropped' : `Dropped (${reason})`,
    patch: {},
  }),
  reopen: () => ({ text: 'To do again', patch: { doneAt: null, doneBy: null } }),
  assign: ({ assignee }) => ({
    text: assignee === null ? 'Assigned to nobody' : `Assigned to ${assignee}`,
    patch: { assignee },
  }),
}

/** The ticket shows its tasks: whoever looks at it is to see the change. */
const showOnTicket = async (work: Work, ticketId: string): Promise<void> => {
  const incident = await work.incidents.get(ticketId)
  if (incident !== undefined) work.incidents.put(incident)
}

const carryOut = async <A extends TaskAction>(
  action: A,
  work: Work,
  command: CommandRecord,
): Promise<Done> => {
  const { id, at, actor, target } = command
  const task = await work.tasks.get(target)
  if (task === undefined) return { outcome: refuse('not-found', `there is no task ${target}`) }
  const status = TASK_LIFECYCLE[task.status][action]
  if (status === null)
    return {
      outcome: refuse('illegal-transition', `${action} is not legal: it is ${task.status}`, {
        legalActions: legalActions(TASK_LIFECYCLE, task.status),
      }),
    }
  const { text, patch } = PLANNERS[action](command.body as TaskBody<A>, command)
  const changed: TaskRow = { ...task, ...patch, status }
  work.tasks.put(changed)
  work.tell({
    id: `${task.id}@${hash64(id)}`,
    ticketId: task.ticketId,
    at,
    kind: `task-${action}`,
    text: `${text}: ${task.title}`,
    actor,
    alertId: null,
  })
  await showOnTicket(work, task.ticketId)
  return { outcome: { kind: 'applied', target }, ...difference(task, changed) }
}

export const taskCommands = (): [string, Command][] =>
  TASK_ACTIONS.map((action) => [
    `task.${action}`,
    { body: TASK_BODIES[action], apply: (work, command) => carryOut(action, work, command) },
  ])
