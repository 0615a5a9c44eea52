// What people do with tasks.
import { and, eq } from 'drizzle-orm'
import { hash64 } from '../../domain/hash.ts'
import type { CommandRecord } from '../../domain/records.ts'
import { TASK_BODIES, type TaskBody } from '../api/bodies.ts'
import { type Command, type Done, difference } from '../commands/command.ts'
import { refuse } from '../commands/outcome.ts'
import { legalActions } from '../lifecycles/lifecycle.ts'
import { TASK_ACTIONS, TASK_LIFECYCLE, type TaskAction } from '../lifecycles/task.ts'
import { absence } from '../people/absent.ts'
import { fulfilIfDone } from '../requests/commands.ts'
import { type TaskRow, tasks } from '../store/schema.ts'
import type { Work } from '../work.ts'

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

/** The ticket shows its tasks; a request is fulfilled with the last of them. */
const tellTicket = async (
  work: Work,
  ticketId: string,
  { actor, at }: CommandRecord,
): Promise<void> => {
  const incident = await work.incidents.get(ticketId)
  if (incident !== undefined) return work.incidents.put(incident)
  await work.tasks.flush()
  const open = await work.sql
    .select({ id: tasks.id })
    .from(tasks)
    .where(and(eq(tasks.ticketId, ticketId), eq(tasks.status, 'open')))
    .limit(1)
  return fulfilIfDone(work, ticketId, open.length, actor, at)
}

const carryOut = async <A extends TaskAction>(
  action: A,
  work: Work,
  command: CommandRecord,
): Promise<Done> => {
  const { id, at, actor, target, ifVersion } = command
  const task = await work.tasks.get(target)
  if (task === undefined) return { outcome: refuse('not-found', `there is no task ${target}`) }
  const { version } = task
  if (ifVersion !== undefined && ifVersion !== version)
    return {
      outcome: refuse('version-conflict', `the task has moved on to version ${version}`, {
        version,
      }),
    }
  const status = TASK_LIFECYCLE[task.status][action]
  if (status === null)
    return {
      outcome: refuse('illegal-transition', `${action} is not legal: it is ${task.status}`, {
        legalActions: legalActions(TASK_LIFECYCLE, task.status),
      }),
    }
  const { assignee } = command.body as { assignee?: string | null }
  const gone = await absence(work.sql, [assignee])
  if (gone !== undefined) return { outcome: gone }
  const { text, patch } = PLANNERS[action](command.body as TaskBody<A>, command)
  const changed: TaskRow = { ...task, ...patch, status, version: version + 1 }
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
  await tellTicket(work, task.ticketId, command)
  return {
    outcome: { kind: 'applied', target, version: changed.version },
    ...difference(task, changed),
  }
}

export const taskCommands = (): [string, Command][] =>
  TASK_ACTIONS.map((action) => [
    `task.${action}`,
    { body: TASK_BODIES[action], apply: (work, command) => carryOut(action, work, command) },
  ])
