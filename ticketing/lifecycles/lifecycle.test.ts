// Every state x action of every ticket kind, enumerated from the tables themselves.
import { describe, expect, test } from 'vitest'
import { CHANGE_ACTIONS, CHANGE_LIFECYCLE, CHANGE_SIGNALS } from './change.ts'
import { INCIDENT_ACTIONS, INCIDENT_LIFECYCLE, INCIDENT_SIGNALS } from './incident.ts'
import { type Lifecycle, legalActions } from './lifecycle.ts'
import { PROBLEM_ACTIONS, PROBLEM_LIFECYCLE, PROBLEM_SIGNALS } from './problem.ts'
import { REQUEST_ACTIONS, REQUEST_LIFECYCLE } from './request.ts'
import { TASK_ACTIONS, TASK_LIFECYCLE } from './task.ts'

const LIFECYCLES: {
  kind: string
  table: Lifecycle<string, string>
  first: string
  actions: readonly string[]
}[] = [
  {
    kind: 'incident',
    table: INCIDENT_LIFECYCLE,
    first: 'new',
    actions: [...INCIDENT_ACTIONS, ...INCIDENT_SIGNALS],
  },
  {
    kind: 'problem',
    table: PROBLEM_LIFECYCLE,
    first: 'candidate',
    actions: [...PROBLEM_ACTIONS, ...PROBLEM_SIGNALS],
  },
  {
    kind: 'change',
    table: CHANGE_LIFECYCLE,
    first: 'draft',
    actions: [...CHANGE_ACTIONS, ...CHANGE_SIGNALS],
  },
  {
    kind: 'request',
    table: REQUEST_LIFECYCLE,
    first: 'awaiting-approval',
    actions: REQUEST_ACTIONS,
  },
  { kind: 'task', table: TASK_LIFECYCLE, first: 'open', actions: TASK_ACTIONS },
]

/** The table as people read it: a row a state, only what leads somewhere. */
const drawn = (table: Lifecycle<string, string>): string[] =>
  Object.keys(table).map((state) => {
    const moves = legalActions(table, state).filter((action) => table[state]![action] !== state)
    const stays = legalActions(table, state).filter((action) => table[state]![action] === state)
    const leads = moves.map((action) => `${action} -> ${table[state]![action]}`).join(', ')
    return `${state}: ${leads || 'leads nowhere'}; stays on ${stays.join(', ')}`
  })

describe.each(LIFECYCLES)('the life of the $kind', ({ table, first, actions }) => {
  test('the grid is what was agreed', () => {
    expect(drawn(table)).toMatchSnapshot()
  })

  test('each row has each action and leads only to states that exist', () => {
    for (const [state, row] of Object.entries(table)) {
      expect(Object.keys(row).sort(), state).toEqual([...actions].sort())
      for (const target of Object.values(row))
        if (target !== null) expect(Object.keys(table)).toContain(target)
    }
  })

  test('each state can be reached from the first', () => {
    const reached = new Set([first])
    for (const state of reached)
      for (const target of Object.values(table[state]!)) if (target !== null) reached.add(target)
    expect([...reached].sort()).toEqual(Object.keys(table).sort())
  })

  test('a note can be written in each state, where notes are', () => {
    for (const [state, row] of Object.entries(table)) expect(row.notes ?? state).toBe(state)
  })
})
