// Asking for tasks: one's own, or one by its id.
import { and, desc, eq, sql } from 'drizzle-orm'
import type { Page, TaskView } from '../api/schemas.ts'
import { type Keyset, toPage } from '../cursor.ts'
import { taskView } from '../incidents/views.ts'
import type { TaskKind, TaskState } from '../lifecycles/task.ts'
import { type LimitedTo, tasksOf } from '../people/team-limits.ts'
import type { DeskSql } from '../store/database.ts'
import { tasks } from '../store/schema.ts'

export interface TaskFilter {
  readonly status?: TaskState
  readonly kind?: TaskKind
  readonly assignee?: string
  readonly ticket?: string
  readonly limitedTo?: LimitedTo
}

export const taskQueries = (database: DeskSql) => ({
  /** Newest first. */
  async listTasks(filter: TaskFilter, limit: number, after?: Keyset): Promise<Page<TaskView>> {
    const { status, kind, assignee, ticket, limitedTo } = filter
    const rows = await database
      .select()
      .from(tasks)
      .where(
        and(
          status && eq(tasks.status, status),
          kind && eq(tasks.kind, kind),
          assignee === undefined ? undefined : eq(tasks.assignee, assignee),
          ticket === undefined ? undefined : eq(tasks.ticketId, ticket),
          tasksOf(limitedTo),
          after && sql`(${tasks.createdAt}, ${tasks.id}) < (${after.key}, ${after.id})`,
        ),
      )
      .orderBy(desc(tasks.createdAt), desc(tasks.id))
      .limit(limit + 1)
    return toPage(rows, limit, taskView, (row) => ({ key: row.createdAt, id: row.id }))
  },

  async findTask(id: string): Promise<TaskView | undefined> {
    const [row] = await database.select().from(tasks).where(eq(tasks.id, id))
    return row && taskView(row)
  },
})
