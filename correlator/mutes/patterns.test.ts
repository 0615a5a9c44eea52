// Patterns that people write cannot slow anybody down.
import fc from 'fast-check'
import { RE2JS } from 're2js'
import { expect, test } from 'vitest'
import { compileMatchers } from '../../domain/matcher.ts'
import { compilePattern } from './patterns.ts'

test('FAULTS 19: (a+)+$ against a hostile text is answered in time that grows with the text', () => {
  const matches = compilePattern('(a+)+$')
  const timed = (length: number): number => {
    const from = performance.now()
    expect(matches(`${'a'.repeat(length)}!`)).toBe(false)
    return performance.now() - from
  }
  timed(1_000)
  // A backtracking engine would need some 2^1,000 steps.
  expect(timed(20_000)).toBeLessThan(5_000)
})

test('is anchored at both ends, and a dot is any character', () => {
  expect(compilePattern('web-.*')('my-web-1')).toBe(false)
  expect(compilePattern('web')('web-1')).toBe(false)
  expect(compilePattern('a.b')('a\nb')).toBe(true)
  expect(compilePattern('')('')).toBe(true)
})

test('look-around and back references are refused: RE2 has none', () => {
  for (const pattern of ['(?=a)', '(?<!a)b', '(a)\\1'])
    expect(() => compilePattern(pattern)).toThrow()
})

test('answers are the same when they are remembered, and when they are forgotten again', () => {
  const test = compileMatchers([{ name: 'n', operator: '=~', value: '.*7' }], compilePattern)
  for (let round = 0; round < 2; round++)
    for (let n = 0; n < 2_500; n++) expect(test({ n: String(n) })).toBe(n % 10 === 7)
})

test('the short ways say what RE2 says', () => {
  const piece = fc.constantFrom(
    'a',
    'b',
    'ab',
    '.',
    '.*',
    '+',
    '?',
    '|',
    '(',
    ')',
    '[ab]',
    '{2}',
    '^',
    '$',
    '\\.',
  )
  const pattern = fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join(''))
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\n'), maxLength: 6 })
  fc.assert(
    fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 5 }), (given, texts) => {
      let reference: RE2JS
      try {
        reference = RE2JS.compile(given, RE2JS.DOTALL)
      } catch {
        expect(() => compilePattern(given)).toThrow()
        return
      }
      const matches = compilePattern(given)
      for (const each of texts) expect(matches(each)).toBe(reference.matches(each))
    }),
    { numRuns: 2_000 },
  )
})
