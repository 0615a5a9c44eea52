// The batch pass: what looks alike is tied together, the same for any order and bounded.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clusterSignatures, DEFAULT_CLUSTERING_SETTINGS, type SignatureRow } from './clustering.ts'
import { createPatterns } from './patterns.ts'
import { alertsOf, closedIncident, MONDAY } from './problems.fixture.ts'

const row = (incidentId: string, ...terms: string[]): SignatureRow => ({
  incidentId,
  terms: terms.map((term) => [term, 1] as const),
})

const kinds = [
  ['cause:db', 'Slow@db', 'Errors@web'],
  ['cause:host-#', 'Down@host-#', 'Restart@web'],
  ['cause:dns', 'Servfail@dns', 'Errors@web', 'Errors@shop'],
]
/** Five of each kind, each with something of its own. */
const ROWS = Array.from({ length: 15 }, (_, i) => row(`I-${i}`, ...kinds[i % 3]!, `Odd${i}`))
const idsOf = (kind: number) =>
  ROWS.filter((_, i) => i % 3 === kind)
    .map(({ incidentId }) => incidentId)
    .sort()

describe('clustering signatures', () => {
  test('finds the kinds there are, without being told how many', () => {
    const found = clusterSignatures(ROWS).map(({ incidentIds }) => incidentIds)
    expect(found).toHaveLength(3)
    expect(found).toEqual(expect.arrayContaining([idsOf(0), idsOf(1), idsOf(2)]))
  })

  test('the order of rows does not matter', () => {
    const expected = clusterSignatures(ROWS)
    fc.assert(
      fc.property(fc.shuffledSubarray(ROWS, { minLength: ROWS.length }), (rows) => {
        expect(clusterSignatures(rows)).toEqual(expected)
      }),
      { numRuns: 20 },
    )
  })

  test.each([
    ['no rows', []],
    ['one row', [row('a', 'x')]],
    ['fewer rows than clusters', [row('a', 'x'), row('b', 'x')]],
    ['rows without terms', [row('a'), row('b'), row('c')]],
    ['rows that share nothing', [row('a', 'x'), row('b', 'y'), row('c', 'z')]],
  ])('%s make no cluster and no error', (_, rows) => {
    expect(clusterSignatures(rows)).toEqual([])
  })

  test('identical rows are one cluster', () => {
    const rows = ['a', 'b', 'c', 'd'].map((id) => row(id, 'x', 'y'))
    expect(clusterSignatures(rows)).toEqual([{ incidentIds: ['a', 'b', 'c', 'd'], cohesion: 1 }])
  })

  test('any rows give disjoint clusters of known incidents, each big and tight enough', () => {
    const { incidentsMin, cohesionMin } = DEFAULT_CLUSTERING_SETTINGS
    const terms = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 5 })
    fc.assert(
      fc.property(fc.array(terms, { maxLength: 30 }), (lists) => {
        const rows = lists.map((list, i) => row(`I-${i}`, ...new Set(list)))
        const found = clusterSignatures(rows)
        const ids = found.flatMap(({ incidentIds }) => incidentIds)
        expect(new Set(ids).size).toBe(ids.length)
        for (const id of ids) expect(rows.map(({ incidentId }) => incidentId)).toContain(id)
        for (const { incidentIds, cohesion } of found) {
          expect(incidentIds.length).toBeGreaterThanOrEqual(incidentsMin)
          expect(cohesion).toBeGreaterThanOrEqual(cohesionMin)
        }
      }),
    )
  })

  test('rows beyond the limit are left out, oldest first', () => {
    const rows = Array.from({ length: 40 }, (_, i) => row(`I-${i}`, 'x', 'y'))
    const [cluster] = clusterSignatures(rows, { ...DEFAULT_CLUSTERING_SETTINGS, rowsMax: 10 })
    expect(cluster?.incidentIds).toHaveLength(10)
    expect(cluster?.incidentIds).not.toContain('I-0')
  })
})

describe('what the batch pass proposes', () => {
  const symptoms = ['Errors@web', 'Latency@web', 'Probe@shop', 'Restart@pay']
  /** One fault, put down to another CI each time: the online pass cannot tie them. */
  const patterns = () => {
    const all = createPatterns((ci) => ci)
    for (const [n, cause] of ['web', 'shop', 'pay', 'shop'].entries())
      all.closed(closedIncident(`I-${n}`, n * 9, cause, [], { alerts: alertsOf(symptoms) }), MONDAY)
    return all
  }

  test('becomes a problem that says who found it', () => {
    const all = patterns()
    const [problem, ...others] = all.proposed(clusterSignatures(all.loose('default')), MONDAY)
    expect(others).toEqual([])
    expect(problem).toMatchObject({ foundBy: 'clustering', version: 1 })
    expect(problem?.incidentIds).toEqual(['I-0', 'I-1', 'I-2', 'I-3'])
    expect(all.loose('default')).toEqual([])
  })

  test('is not taken twice, nor where incidents have found a problem since', () => {
    const all = patterns()
    const clusters = clusterSignatures(all.loose('default'))
    expect(all.proposed(clusters, MONDAY)).toHaveLength(1)
    expect(all.proposed(clusters, MONDAY)).toEqual([])
    expect(all.proposed([{ incidentIds: ['gone', 'lost', 'away'], cohesion: 1 }], MONDAY)).toEqual(
      [],
    )
  })
})
