// The scores against their definitions, computed the slow way over every pair.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { macroBestMatch, missedMerges, scorePartition, type Unit, wrongMerges } from './score.ts'

const label = fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: undefined })
const partitions = fc.array(fc.record({ truth: label, found: label }), {
  minLength: 1,
  maxLength: 30,
})

const named = (units: readonly Unit[]): { truth: string; found: string }[] =>
  units.map(({ truth, found }, i) => ({ truth: truth ?? `t${i}`, found: found ?? `f${i}` }))

const harmonic = (p: number, r: number): number => (p + r === 0 ? 0 : (2 * p * r) / (p + r))

const slowPairs = (units: readonly Unit[]) => {
  const list = named(units)
  const counts = { both: 0, truth: 0, found: 0, neither: 0 }
  for (let i = 0; i < list.length; i++)
    for (let j = i + 1; j < list.length; j++) {
      const truth = list[i]!.truth === list[j]!.truth
      const found = list[i]!.found === list[j]!.found
      if (truth && found) counts.both++
      else if (truth) counts.truth++
      else if (found) counts.found++
      else counts.neither++
    }
  return counts
}

const slowBCubed = (units: readonly Unit[]) => {
  const list = named(units)
  let precision = 0
  let recall = 0
  for (const unit of list) {
    const beside = list.filter((other) => other.found === unit.found)
    const kin = list.filter((other) => other.truth === unit.truth)
    const right = beside.filter((other) => other.truth === unit.truth).length
    precision += right / beside.length / list.length
    recall += right / kin.length / list.length
  }
  return { precision, recall, f1: harmonic(precision, recall) }
}

describe('scores', () => {
  test('pairwise rates are what counting every pair gives', () => {
    fc.assert(
      fc.property(partitions, (units) => {
        const { both, truth, found } = slowPairs(units)
        const p = both + found === 0 ? 1 : both / (both + found)
        const r = both + truth === 0 ? 1 : both / (both + truth)
        const score = scorePartition(units).pairwise
        expect(score.precision).toBeCloseTo(p, 10)
        expect(score.recall).toBeCloseTo(r, 10)
        expect(score.f1).toBeCloseTo(harmonic(p, r), 10)
      }),
    )
  })

  test('ARI agrees with its formula over agreeing and disagreeing pairs', () => {
    fc.assert(
      fc.property(partitions, (units) => {
        // Steinley (2004), equation 5, in the four pair counts.
        const { both: a, truth: b, found: c, neither: d } = slowPairs(units)
        const low = (a + b) * (b + d) + (a + c) * (c + d)
        const slow = low === 0 ? 1 : (2 * (a * d - b * c)) / low
        expect(scorePartition(units).ari).toBeCloseTo(slow, 9)
      }),
    )
  })

  test('B-cubed averages the rates of each unit', () => {
    fc.assert(
      fc.property(partitions, (units) => {
        const slow = slowBCubed(units)
        const score = scorePartition(units).bCubed
        expect(score.precision).toBeCloseTo(slow.precision, 10)
        expect(score.recall).toBeCloseTo(slow.recall, 10)
        expect(score.f1).toBeCloseTo(slow.f1, 10)
      }),
    )
  })

  test('macro best match looks at every pair of a true and a found incident', () => {
    fc.assert(
      fc.property(partitions, (units) => {
        const list = named(units)
        const truths = [...new Set(units.flatMap((unit) => unit.truth ?? []))]
        const founds = [...new Set(list.map((unit) => unit.found))]
        const best = truths.map((truth) => {
          const g = list.filter((unit) => unit.truth === truth)
          return Math.max(
            ...founds.map((found) => {
              const c = list.filter((unit) => unit.found === found)
              const met = g.filter((unit) => unit.found === found).length
              return (2 * met) / (g.length + c.length)
            }),
          )
        })
        const mean = best.length === 0 ? 0 : best.reduce((x, y) => x + y, 0) / best.length
        expect(macroBestMatch(units)).toBeCloseTo(mean, 10)
      }),
    )
  })

  test('a perfect grouping scores one whatever the incidents are called', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }), (truths) => {
        const units = truths.map((truth) => ({ truth, found: `found-${truth}` }))
        const score = scorePartition(units)
        expect([score.pairwise.f1, score.ari, score.bCubed.f1]).toEqual([1, 1, 1])
        expect([...wrongMerges(units), ...missedMerges(units)]).toEqual([])
      }),
    )
  })

  test('wrong and missed merges name the incidents with their shares', () => {
    const unit = (truth: string, found: string): Unit => ({ truth, found })
    const units = [unit('A', '1'), unit('A', '1'), unit('B', '1'), unit('B', '2'), unit('C', '3')]
    expect(wrongMerges(units)).toEqual([
      {
        incident: '1',
        units: 3,
        parts: [
          { incident: 'A', units: 2 },
          { incident: 'B', units: 1 },
        ],
      },
    ])
    expect(missedMerges(units)).toEqual([
      {
        incident: 'B',
        units: 2,
        parts: [
          { incident: '1', units: 1 },
          { incident: '2', units: 1 },
        ],
      },
    ])
  })
})
