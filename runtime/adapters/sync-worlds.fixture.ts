// Both stand-ins in words that both have, so that one test speaks of either.
import { startJira } from './sync-jira.fixture.ts'
import { startServicenow } from './sync-servicenow.fixture.ts'

interface Clock {
  now(): number
}

export interface Ticket {
  readonly id: string
  readonly state: string
  readonly assignee: string
  readonly title: string
  readonly comments: readonly string[]
}

/** Another desk, in words that both have. */
export interface World {
  readonly url: string
  readonly requests: string[]
  tickets(): Ticket[]
  move(id: string, status: 'new' | 'in-progress' | 'resolved'): void
  assign(id: string, person: string): void
  comment(id: string, text: string): void
  fail: Awaited<ReturnType<typeof startServicenow>>['fail']
  close(): Promise<void>
}

const servicenow = async (clock: Clock): Promise<World> => {
  const stub = await startServicenow(clock)
  const states = { new: '1', 'in-progress': '2', resolved: '6' }
  return {
    ...stub,
    tickets: () =>
      [...stub.incidents.values()].map((row) => ({
        id: row.sys_id!,
        state: row.state!,
        assignee: row.assigned_to ?? '',
        title: row.short_description!,
        comments: stub.journal
          .filter(({ element_id }) => element_id === row.sys_id)
          .map(({ value }) => value!),
      })),
    move: (id, status) => {
      const closing = { close_code: 'Solved', close_notes: 'done' }
      stub.person(id, { state: states[status], ...(status === 'resolved' ? closing : {}) })
    },
    assign: (id, person) => void stub.person(id, { assigned_to: person }),
    comment: (id, text) => void stub.person(id, { work_notes: text }),
  }
}

const jira = async (clock: Clock): Promise<World> => {
  const stub = await startJira(clock, 2)
  const states = { new: 'To Do', 'in-progress': 'In Progress', resolved: 'Done' }
  return {
    ...stub,
    tickets: () =>
      [...stub.issues.values()].map(({ id, status, fields, comments }) => ({
        id,
        state: status,
        assignee: (fields.assignee as { accountId: string } | undefined)?.accountId ?? '',
        title: fields.summary as string,
        comments: comments.map(({ body }) => JSON.stringify(body)),
      })),
    move: (id, status) => stub.move(id, states[status]),
    assign: stub.assign,
    comment: (id, text) => stub.comment(id, 'beth', text),
  }
}

export const WORLDS = { servicenow, jira } as const
