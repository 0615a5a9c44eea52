// Tasks: small things to be done on a ticket, each with its own short life.
import { hash64 } from '../../domain/hash.ts'
import type { CommandRecord } from '../../domain/records.ts'
import type { TaskKind } from '../lifecycles/task.ts'
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
  version: 1,
})
