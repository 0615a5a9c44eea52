// Field mappings: what they read, and which expressions are refused before they can run away.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FieldMapping } from '../domain/integration.ts'
import { compileMapping } from './mapping.ts'

const faultsOf = (mapping: object): readonly string[] => {
  const result = compileMapping(mapping as FieldMapping)
  return result.kind === 'ok' ? [] : result.faults
}
const nameOf = (expression: string, body: unknown): unknown => {
  const result = compileMapping({ name: expression, labels: {} })
  if (result.kind === 'refused') throw new Error(result.faults.join('\n'))
  return result.mapping.name(body)
}

describe('a mapping', () => {
  test.each([
    ['a.b[0].c', { a: { b: [{ c: 'x' }] } }, 'x'],
    ["tags[?k=='env'].v | [0]", { tags: [{ k: 'env', v: 'prod' }] }, 'prod'],
    ["a || b || 'none'", {}, 'none'],
    ["join('/', [a, b])", { a: 'x', b: 'y' }, 'x/y'],
    ["join('/', [a, b])", { a: 'x', b: 1 }, undefined],
    ['length(a)', { a: 1 }, undefined],
    ['a.b.c', { a: 'text' }, undefined],
    ['a', null, undefined],
  ])('%s reads %j', (expression, body, expected) => {
    expect(nameOf(expression, body)).toEqual(expected)
  })

  test.each([
    ['nothing at all', null, /must name fields/],
    ['no name', { labels: {} }, /^name: is needed/],
    ['no labels', { name: 'a' }, /^labels: /],
    ['a label that is no expression', { name: 'a', labels: { b: 1 } }, /^labels: /],
    ['a misspelt field', { name: 'a', labels: {}, sumary: 'b' }, /^sumary: is none of /],
    ['a name that is no text', { name: 7, labels: {} }, /^name: must be/],
    ['an identity that is no list', { name: 'a', labels: {}, identity: 'b' }, /^identity: /],
    ['what is no expression', { name: 'a[', labels: {} }, /^name: /],
    ['what is too long', { name: 'a'.repeat(513), labels: {} }, /at most 512/],
    ['an unknown function', { name: 'evil(a)', labels: {} }, /^name: evil\(\)/],
    ['a function that pads', { name: "pad_left(a, `1000000000`, ' ')", labels: {} }, /pad_left/],
    ['a function that wraps', { name: 'to_array(a)', labels: {} }, /to_array/],
    ['the root', { name: 'map(&$, a)', labels: {} }, /^name: \$ /],
    ['a variable', { name: 'let $x = a in $x', labels: {} }, /^name: let /],
    ['a list as a literal', { name: 'map(&`[1,2,3]`, a)[]', labels: {} }, /literals/],
    ['nine members', { name: '[a,a,a,a] | [@,@,@,@,@]', labels: {} }, /at most 8 members/],
    ['what every object inherits', { name: '__proto__.x', labels: {} }, /__proto__ is no field/],
  ])('with %s is refused, with the field named', (_what, mapping, fault) => {
    expect(faultsOf(mapping as object).join('\n')).toMatch(fault)
  })

  test('too many expressions are refused', () => {
    const labels = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`l${i}`, 'a']))
    expect(faultsOf({ name: 'a', labels })).toEqual([expect.stringMatching(/at most 80/)])
  })

  test('names all its faults at once', () => {
    expect(faultsOf({ name: 'a[', severity: 'b(', labels: { c: '$' } })).toHaveLength(3)
  })

  test('never throws, whatever it is made of and whatever it reads', () => {
    const piece = fc.constantFrom(
      ...'a b [0] [*] [] . | || && ! == @ & * { } ( ) , : $ let in "a" \'b\' `1` ? length( sort_by( join( -'.split(
        ' ',
      ),
    )
    const expression = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(expression, fc.jsonValue({ maxDepth: 4 }), (text, body) => {
        const result = compileMapping({ name: text, labels: {} })
        if (result.kind === 'ok') result.mapping.name(body)
      }),
      { numRuns: 2_000 },
    )
  })

  test('the largest body under the costliest expression allowed is done at once', () => {
    const body = {
      a: Array.from({ length: 10_000 }, (_, i) => ({ b: `host-${i}`, c: { e: `host-${i}` } })),
    }
    const costly = 'max(a[*].[b,c.e,b][] | [@,@,@][] | [@,@][])'
    const times = [1, 2, 3].map(() => {
      const started = performance.now()
      expect(nameOf(costly, body)).toBe('host-9999')
      return performance.now() - started
    })
    expect(Math.min(...times)).toBeLessThan(500)
  })
})
