// Which incident an event ends in, after re-fires, merges and moves.
import { describe, expect, test } from 'vitest'
import type { Alert } from '../../domain/alert.ts'
import type { CorrelatorOutput } from '../../domain/records.ts'
import { createLedger, type Ledger } from './ledger.ts'

const batch = (id: string) => ({
  batch: {
    kind: 'events' as const,
    receivedAt: 0,
    source: 'native',
    scope: 'default',
    deliveryId: id,
    events: [{ id }],
  },
  indexes: [0],
})

const alert = (id: string, version: number, incidentId?: string) =>
  ({
    kind: 'alert',
    alert: {
      ...{ id, version, evidence: [], occurrences: 0 },
      ...(incidentId !== undefined && { incidentId }),
    } as unknown as Alert,
  }) as CorrelatorOutput

/** A ledger that knows one event, which went to alert a1. */
const ledgerWithEvent = (): Ledger => {
  const ledger = createLedger()
  ledger.delivered(1, batch('e') as never)
  ledger.went(0, 'a1')
  return ledger
}

const incident = (id: string, version: number, mergedInto?: string) =>
  ({
    kind: 'incident',
    entries: [],
    incident: {
      id,
      version,
      status: mergedInto === undefined ? 'open' : 'merged',
      ...(mergedInto !== undefined && { mergedInto }),
    },
  }) as unknown as CorrelatorOutput

describe('the ledger', () => {
  test('an alert that its incident only counts has its row all the same', () => {
    const ledger = ledgerWithEvent()
    ledger.folded('a1', 'i1')
    ledger.heard([incident('i1', 1, 'i2'), incident('i2', 1)])
    expect([...ledger.assignments()].map(({ incidentId }) => incidentId)).toEqual(['i2'])
    expect(ledger.alertCount()).toBe(1)
  })

  test('what was said of an alert last holds, told or folded', () => {
    const ledger = ledgerWithEvent()
    ledger.heard([alert('a1', 1, 'i1')])
    ledger.folded('a1', 'i2')
    expect([...ledger.assignments()][0]?.incidentId).toBe('i2')
    ledger.heard([alert('a1', 2, 'i3')])
    expect([...ledger.assignments()][0]?.incidentId).toBe('i3')
    expect(ledger.alertCount()).toBe(1)
  })

  test('each event of a batch goes where the correlator said', () => {
    const ledger = createLedger()
    const two = { ...batch('d'), indexes: [0, 2] }
    ledger.delivered(5, {
      ...two,
      batch: { ...two.batch, events: [{ id: 'x' }, { id: 'y' }] },
    } as never)
    ledger.went(1, 'a2')
    ledger.went(0, 'a1')
    ledger.heard([alert('a1', 1, 'i1'), alert('a2', 1, 'i2')])
    expect([...ledger.assignments()]).toEqual([
      { line: 5, index: 0, eventId: 'x', alertId: 'a1', incidentId: 'i1' },
      { line: 5, index: 2, eventId: 'y', alertId: 'a2', incidentId: 'i2' },
    ])
  })

  test('a merged incident is followed to where its alerts ended', () => {
    const ledger = ledgerWithEvent()
    ledger.heard([
      alert('a1', 1, 'i1'),
      incident('i1', 2, 'i2'),
      incident('i2', 3, 'i3'),
      incident('i3', 1),
    ])
    expect([...ledger.assignments()][0]!.incidentId).toBe('i3')
  })

  test('a circle of merges is a broken invariant, not an answer', () => {
    const ledger = ledgerWithEvent()
    ledger.heard([alert('a1', 1, 'i1'), incident('i1', 2, 'i2'), incident('i2', 3, 'i1')])
    expect(() => [...ledger.assignments()]).toThrow('merged in a circle: i2 into i1')
  })

  test('an older version heard later changes nothing', () => {
    const ledger = ledgerWithEvent()
    ledger.heard([alert('a1', 2, 'moved'), alert('a1', 1, 'before')])
    expect([...ledger.assignments()][0]!.incidentId).toBe('moved')
  })

  test('an event that opened no alert still has its row', () => {
    const ledger = createLedger()
    ledger.delivered(7, batch('e') as never)
    ledger.went(0, undefined)
    expect([...ledger.assignments()]).toEqual([
      { line: 7, index: 0, eventId: 'e', alertId: '', incidentId: '' },
    ])
  })
})
