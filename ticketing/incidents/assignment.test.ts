// Who a new incident goes to.
import { describe, expect, test } from 'vitest'
import { createGraph } from '../cis/graph.ts'
import { anIncident } from '../testing/records.ts'
import { type AssignmentRule, assignmentOf } from './assignment.ts'

const graph = createGraph({
  cis: [
    { id: 'lb', kind: 'switch', name: 'lb', attributes: { owner: 'networks' } },
    { id: 'shop', kind: 'service', name: 'shop', attributes: { team: 'web', tier: '1' } },
    { id: 'bare', kind: 'host', name: 'bare', attributes: {} },
  ],
  relations: [],
})

const RULES: readonly AssignmentRule[] = [
  { scope: 'eu', team: 'eu-desk' },
  {
    ciKind: 'service',
    ciAttributes: { tier: '1' },
    severities: ['critical'],
    team: 'duty',
    assignee: 'ada',
  },
]

describe('a new incident goes to', () => {
  test.each([
    ['the first rule that fits', { scope: 'eu', cis: ['shop'] }, 'eu-desk', null],
    ['a rule that one of its CIs fits', { cis: ['bare', 'shop'] }, 'duty', 'ada'],
    [
      'the owner of its first CI that has one',
      { cis: ['bare', 'lb', 'shop'], severity: 'error' },
      'networks',
      null,
    ],
    ['nobody, where nothing is known', { cis: ['bare', 'unknown'] }, null, null],
  ] as const)('%s', (_what, incident, team, assignee) => {
    expect(assignmentOf(RULES, graph, anIncident(incident))).toEqual({ team, assignee })
  })
})
