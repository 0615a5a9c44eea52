// What closed incidents teach: rarity as defined, roles from sure causes, and all of it kept.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../domain/time.ts'
import { createDecayedCounts } from './decayed-counts.ts'
import { createHintLearning, DEFAULT_KNOWLEDGE_SETTINGS } from './knowledge.ts'

const NOW = 1_780_000_000_000
const cell = (ci: string, name: string) => ({ ci, name })

describe('what closed incidents teach', () => {
  test('rarity is log((n + 2) / (df + 1)) per CI and alert type', () => {
    const { knowledge, incidentClosed } = createHintLearning()
    expect(knowledge.rarity('a', 'X', NOW)).toBeCloseTo(Math.log(2))
    for (let i = 0; i < 7; i++) incidentClosed([cell('a', 'X'), cell('a', 'X')], undefined, NOW)
    for (let i = 0; i < 3; i++) incidentClosed([cell('b', 'X')], undefined, NOW)
    expect(knowledge.rarity('a', 'X', NOW)).toBeCloseTo(Math.log(12 / 8))
    expect(knowledge.rarity('b', 'X', NOW)).toBeCloseTo(Math.log(12 / 4))
    expect(knowledge.rarity('b', 'Y', NOW)).toBeCloseTo(Math.log(12 / 1))
    expect(knowledge.rarity('b', undefined, NOW)).toBeCloseTo(Math.log(12 / 4))
  })

  test('counts halve in a half-life', () => {
    const { knowledge, incidentClosed } = createHintLearning()
    incidentClosed([cell('a', 'X')], undefined, NOW)
    const later = NOW + DEFAULT_KNOWLEDGE_SETTINGS.halfLifeMs
    expect(knowledge.seen('a', 'X', later)).toEqual({ incidents: 0.5, ofCell: 0.5 })
  })

  test('an alert type seen at sure causes leans that way, whatever its words say', () => {
    const { knowledge, incidentClosed } = createHintLearning()
    expect(knowledge.role('SlowResponse', NOW).logOdds).toBeLessThan(0)
    const cells = [cell('db', 'SlowResponse'), cell('web', 'Odd')]
    for (let i = 0; i < 20; i++) incidentClosed(cells, { ci: 'db', confidence: 0.95 }, NOW)
    expect(knowledge.role('SlowResponse', NOW).logOdds).toBeGreaterThan(1)
    expect(knowledge.role('Odd', NOW).logOdds).toBeLessThan(-1)
  })

  test('a hint that is not sure teaches no role, a person does', () => {
    const { knowledge, incidentClosed } = createHintLearning()
    const cells = [cell('db', 'Odd'), cell('web', 'Other')]
    incidentClosed(cells, { ci: 'db', confidence: 0.5 }, NOW)
    expect(knowledge.role('Odd', NOW).asCause).toBe(0)
    incidentClosed(cells, { ci: 'db', confidence: 0.5, confirmed: true }, NOW)
    expect(knowledge.role('Odd', NOW).asCause).toBeGreaterThan(1)
  })

  test('of many verdicts on one incident and CI the newest holds; old ones are forgotten', () => {
    const learning = createHintLearning({ ...DEFAULT_KNOWLEDGE_SETTINGS, verdictsMax: 2 })
    const decide = (incidentId: string, confirmed: boolean) =>
      learning.decided({ incidentId, ci: 'db', confirmed, at: NOW, cells: [] })
    decide('1', true)
    decide('1', false)
    expect(learning.knowledge.verdicts('db').map(({ confirmed }) => confirmed)).toEqual([false])
    decide('2', true)
    decide('3', true)
    expect(learning.knowledge.verdicts('db').map(({ incidentId }) => incidentId)).toEqual([
      '2',
      '3',
    ])
  })

  test('a restored snapshot knows the same and learns on the same', () => {
    const names = fc.constantFrom('X', 'Y', 'Z')
    const incident = fc.array(fc.tuple(fc.constantFrom('a', 'b'), names), { maxLength: 4 })
    fc.assert(
      fc.property(fc.array(incident, { maxLength: 12 }), fc.nat(12), (incidents, cut) => {
        const whole = createHintLearning()
        let parts = createHintLearning()
        for (const [i, cells] of incidents.entries()) {
          if (i === cut)
            parts = createHintLearning(undefined, JSON.parse(JSON.stringify(parts.snapshot())))
          for (const learning of [whole, parts]) {
            learning.alertReported('s', NOW + i, NOW + i * 700)
            const closed = cells.map(([ci, name]) => cell(ci, name))
            learning.incidentClosed(closed, { ci: 'a', confidence: 1 }, NOW + i * DAY_MS)
          }
        }
        expect(parts.snapshot()).toEqual(whole.snapshot())
      }),
    )
  })
})

describe('reporting delays', () => {
  const told = (delays: readonly number[], source: string, learning = createHintLearning()) => {
    for (const delay of delays) learning.alertReported(source, NOW, NOW + delay)
    return learning
  }
  const steady = (delay: number) => Array.from({ length: 40 }, (_, i) => delay + (i % 5) * 100)

  test('a source that tells onsets is taken at its word', () => {
    const { knowledge } = told(steady(60_000), 'slow-mail')
    expect(knowledge.onsetCorrectionMs('slow-mail')).toBe(0)
    expect(knowledge.onsetCorrectionMs('never-heard-of')).toBe(0)
  })

  test('one whose clock runs ahead is set back beside the others', () => {
    const learning = told(steady(4_000), 'good')
    told(steady(-10 * MINUTE_MS), 'ahead', learning)
    const correction = learning.knowledge.onsetCorrectionMs('ahead')
    expect(Math.abs(correction + 10 * MINUTE_MS + 4_000)).toBeLessThan(1_000)
  })

  test('one that only tells when it reports is set back by what others take to report', () => {
    const learning = told(steady(4_000), 'good')
    told(
      Array.from({ length: 40 }, () => 0),
      'stamped-on-sending',
      learning,
    )
    const correction = learning.knowledge.onsetCorrectionMs('stamped-on-sending')
    expect(Math.abs(correction + 4_000)).toBeLessThan(1_000)
  })

  test('a few alerts that are hours late move nothing', () => {
    const learning = told(steady(-5_000), 'ahead')
    const before = learning.knowledge.onsetCorrectionMs('ahead')
    told([DAY_MS, DAY_MS, DAY_MS], 'ahead', learning)
    expect(Math.abs(learning.knowledge.onsetCorrectionMs('ahead') - before)).toBeLessThan(5_000)
  })
})

describe('decayed counts', () => {
  test('at the limit of keys the smallest are forgotten', () => {
    const counts = createDecayedCounts({ halfLifeMs: DAY_MS, keysMax: 4 })
    for (const [i, key] of ['a', 'b', 'c', 'd'].entries()) counts.add(key, NOW, 10 - i)
    counts.add('e', NOW)
    expect(counts.get('d', NOW)).toBe(0)
    expect(counts.get('a', NOW)).toBe(10)
    expect(counts.get('e', NOW)).toBe(1)
  })

  test('years of counting overflow nothing', () => {
    const counts = createDecayedCounts({ halfLifeMs: DAY_MS, keysMax: 10 })
    for (let day = 0; day < 2_000; day++) counts.add('a', NOW + day * DAY_MS)
    expect(counts.get('a', NOW + 1_999 * DAY_MS)).toBeCloseTo(2)
  })
})
