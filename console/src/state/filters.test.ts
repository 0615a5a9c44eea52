// The query string is the filter.
import { describe, expect, test } from 'vitest'
import { createIncidents } from '../../dev/incidents.ts'
import { matchPath } from '../match-path.ts'
import { compareBy, matches, readFilter } from './filters.ts'

const incidents = createIncidents(Date.parse('2026-03-10T09:30:00Z'), 60)
const found = (query: string) => {
  const filter = readFilter(new URLSearchParams(query))
  return incidents.filter((incident) => matches(filter, incident))
}

describe('incident filters', () => {
  test('nothing asked shows what is open', () => {
    const open = new Set(found('').map(({ status }) => status))
    expect(open.size).toBeGreaterThan(2)
    for (const over of ['resolved', 'closed', 'merged'] as const) expect(open.has(over)).toBe(false)
  })

  test.each([
    ['status=all', 60],
    ['status=all&q=INC-7', 1],
    ['status=all&severity=nonsense', 0],
  ])('%s', (query, count) => expect(found(query)).toHaveLength(count))

  test('words must all occur, in any field, in any case', () => {
    const hits = found('status=all&q=PAYMENTS-DB%20refuses')
    expect(hits.length).toBeGreaterThan(0)
    for (const { title } of hits) expect(title).toContain('payments-db refuses')
  })

  test('filters narrow one another', () => {
    for (const { severity, priority, cis } of found(
      'severity=critical,error&priority=P1&ci=checkout',
    )) {
      expect(['critical', 'error']).toContain(severity)
      expect(priority).toBe('P1')
      expect(cis).toContain('checkout')
    }
  })

  test('every order is total: the reverse of newest is oldest', () => {
    const newest = incidents.toSorted(compareBy('newest')).map(({ id }) => id)
    const oldest = incidents.toSorted(compareBy('oldest')).map(({ id }) => id)
    expect(oldest).toEqual(newest.toReversed())
  })
})

describe('addresses with named parts', () => {
  test.each([
    ['/incidents/:id', '/incidents/in%2F7', { id: 'in/7' }],
    ['/incidents/:id', '/incidents', undefined],
    ['/incidents/:id', '/incidents/', undefined],
    ['/incidents', '/incidents', {}],
    ['/cis/:id', '/cis/%E0%A4%A', { id: '%E0%A4%A' }],
  ])('%s %s', (pattern, path, expected) => expect(matchPath(pattern, path)).toEqual(expected))
})
