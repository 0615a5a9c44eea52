// Which incident an event ends in, after re-fires, merges and moves.
import { describe, expect, test } from 'vitest'
import type { Alert } from '../../domain/alert.ts'
import type { CorrelatorOutput } from '../../domain/records.ts'
import { createLedger } from './ledger.ts'

const event = (id: string) => ({ id, fingerprint: 'f' })

const batch = (at: number, id: string) => ({
  batch: {
    kind: 'events' as const,
    receivedAt: at,
    source: 'native',
    scope: 'default',
    deliveryId: id,
    events: [event(id)],
  },
  indexes: [0],
})

const alert = (id: string, version: number, firstSeen: number, incidentId?: string) =>
  ({
    kind: 'alert',
    alert: {
      ...{ id, version, fingerprint: 'f', scope: 'default', firstSeen, evidence: [] },
      occurrences: 0,
      ...(incidentId !== undefined && { incidentId }),
    } as unknown as Alert,
  }) as CorrelatorOutput

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
  test('an event belongs to the life of its alert that was running then', () => {
    const ledger = createLedger()
    for (const [line, at] of [10, 20, 500].entries())
      ledger.delivered(line + 1, batch(at, `e${at}`) as never)
    ledger.heard([alert('a1', 1, 10, 'i1'), alert('a2', 1, 500, 'i2')])
    expect([...ledger.assignments()].map((row) => [row.eventId, row.alertId])).toEqual([
      ['e10', 'a1'],
      ['e20', 'a1'],
      ['e500', 'a2'],
    ])
  })

  test('a merged incident is followed to where its alerts ended', () => {
    const ledger = createLedger()
    ledger.delivered(1, batch(1, 'e') as never)
    ledger.heard([
      alert('a1', 1, 1, 'i1'),
      incident('i1', 2, 'i2'),
      incident('i2', 3, 'i3'),
      incident('i3', 1),
    ])
    expect([...ledger.assignments()][0]!.incidentId).toBe('i3')
  })

  test('an older version heard later changes nothing', () => {
    const ledger = createLedger()
    ledger.delivered(1, batch(1, 'e') as never)
    ledger.heard([alert('a1', 2, 1, 'moved'), alert('a1', 1, 1, 'before')])
    expect([...ledger.assignments()][0]!.incidentId).toBe('moved')
  })

  test('an event that opened no alert still has its row', () => {
    const ledger = createLedger()
    ledger.delivered(7, batch(1, 'e') as never)
    expect([...ledger.assignments()]).toEqual([
      { line: 7, index: 0, eventId: 'e', alertId: '', incidentId: '' },
    ])
  })
})
