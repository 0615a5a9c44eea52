// What a drill tells of a desk that is not what the log says.
import { describe, expect, test } from 'vitest'
import type { Incident } from '../../domain/incident.ts'
import type { TicketRecord } from '../../domain/records.ts'
import type { IncidentSummary } from '../../ticketing/api/schemas.ts'
import { compareDesk } from './drill.ts'

const desk = {
  id: 'i',
  number: 'INC-1',
  status: 'acknowledged',
  alertCount: 3,
  version: 2,
} as IncidentSummary
const incident = { id: 'i', version: 9, alertCount: 3, status: 'open' } as unknown as Incident
const ticket = { number: 'INC-1', toState: 'acknowledged', version: 2 } as TicketRecord

const compare = (
  found: Partial<IncidentSummary> | undefined,
  said: Partial<Incident> | undefined = {},
  decided: Partial<TicketRecord> | undefined = {},
): string[] =>
  compareDesk(new Map(found === undefined ? [] : [['i', { ...desk, ...found }]]), {
    incidents: new Map(said === undefined ? [] : [['i', { ...incident, ...said }]]),
    tickets: new Map([['i', { ...ticket, ...decided }]]),
  })

describe('a drill', () => {
  test.each([
    ['finds nothing where both agree', compare({}), []],
    ['finds a missing incident', compare(undefined), [/not at the desk/]],
    ['finds another number of alerts', compare({ alertCount: 2 }), [/2 alerts instead of 3/]],
    ['finds a merge that did not happen', compare({}, { status: 'merged' }), [/merged by the log/]],
    ['finds another state', compare({ status: 'new' }), [/new .* instead of .*acknowledged/]],
    ['finds another number', compare({ number: 'INC-2' }), [/INC-2.*INC-1/]],
    ['finds a ticket behind', compare({}, {}, { version: 3 }), [/version 2 instead of .*3/]],
    ['lets a ticket move on', compare({ status: 'resolved', version: 3 }), []],
  ])('%s', (_, differences, expected) => {
    expect(differences).toEqual(expected.map((each) => expect.stringMatching(each)))
  })

  test('finds an incident that the log does not know', () => {
    const found = compareDesk(new Map([['i', desk]]), { incidents: new Map(), tickets: new Map() })
    expect(found).toEqual(['INC-1: not in the log'])
  })
})
