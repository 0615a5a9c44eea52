// Matchers mean here what they mean to Alertmanager.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type CompilePattern,
  compileMatchers,
  formatMatchers,
  MATCHER_OPERATORS,
  MATCHERS_MAX,
  type Matcher,
  matchableLabels,
  matcherFaults,
  PATTERN_BYTES_MAX,
  parseMatchers,
} from './matcher.ts'

/** The stages hand in RE2; what matters here is that patterns are anchored by whoever compiles. */
const compile: CompilePattern = (pattern) => {
  const anchored = new RegExp(`^(?:${pattern})$`, 's')
  return (text) => anchored.test(text)
}

const parsed = (text: string): readonly Matcher[] => {
  const matchers = parseMatchers(text)
  if (typeof matchers === 'string') throw new Error(matchers)
  return matchers
}

describe('the text of matchers', () => {
  test.each<[string, [string, string, string][]]>([
    ['{}', []],
    ['', []],
    ['a=b', [['a', '=', 'b']]],
    ['{a="b"}', [['a', '=', 'b']]],
    [
      '{a="b",c=~"d.*"}',
      [
        ['a', '=', 'b'],
        ['c', '=~', 'd.*'],
      ],
    ],
    [
      ' { a != "b" , c !~ "d" , } ',
      [
        ['a', '!=', 'b'],
        ['c', '!~', 'd'],
      ],
    ],
    ['a=~"x,y{2}"', [['a', '=~', 'x,y{2}']]],
    ['a=', [['a', '=', '']]],
    ['a=""', [['a', '=', '']]],
    ['a="say \\"hi\\" \\\\ \\n"', [['a', '=', 'say "hi" \\ \n']]],
    ['a=~"\\d+"', [['a', '=~', '\\d+']]],
    ['a=b c ', [['a', '=', 'b c']]],
    ['"a b"="c"', [['a b', '=', 'c']]],
    ['größe="ü"', [['größe', '=', 'ü']]],
  ])('%s', (text, expected) => {
    expect(parsed(text)).toEqual(
      expected.map(([name, operator, value]) => ({ name, operator, value })),
    )
  })

  test.each(['{a="b"', 'a="b"}', 'a', '="b"', '{a="b" c="d"}', 'a=="b"x', 'a="b', '{,}', 'a=b"c"'])(
    '%s is refused, and the answer says where',
    (text) => {
      expect(parseMatchers(text)).toMatch(/expected|braces/)
    },
  )

  test('what is written is read again as it was', () => {
    const matcher = fc.record({
      name: fc.string({ minLength: 1, unit: 'grapheme' }),
      operator: fc.constantFrom(...MATCHER_OPERATORS),
      value: fc.string({ unit: 'grapheme' }),
    })
    fc.assert(
      fc.property(fc.array(matcher, { maxLength: 5 }), (matchers) => {
        expect(parseMatchers(formatMatchers(matchers))).toEqual(matchers)
      }),
    )
  })

  test('whatever is typed is read or refused, and never throws', () => {
    const typed = fc.string({ unit: fc.constantFrom(...'ab{}=~!,"\\ \n') })
    fc.assert(fc.property(typed, (text) => void parseMatchers(text)))
  })
})

describe('matching', () => {
  const labels = { service: 'db', pod: 'db-1', note: 'two\nlines' }
  test.each([
    ['service=db', true],
    ['service=d', false],
    ['service!=db', false],
    ['service=~"d."', true],
    ['service=~d', false], // anchored at both ends
    ['service=~"web|db"', true],
    ['service!~"w.*"', true],
    ['note=~"two.*"', true], // a dot is any character, also the end of a line
    ['absent=""', true], // absent is the same as empty
    ['absent!=x', true],
    ['absent=~".*"', true],
    ['absent=~".+"', false],
    ['service=db,pod=db-2', false], // all must hold
    ['{}', true],
    ['constructor=""', true],
    ['__proto__=""', true],
  ])('%s: %s', (text, expected) => {
    expect(compileMatchers(parsed(text), compile)(labels)).toBe(expected)
  })

  test('= and !=, =~ and !~ are each other’s opposite', () => {
    const operators = fc.constantFrom(['=', '!='] as const, ['=~', '!~'] as const)
    const word = fc.string({ unit: fc.constantFrom('a', 'b') })
    fc.assert(
      fc.property(operators, word, word, ([is, not], value, label) => {
        const test = (operator: Matcher['operator']) =>
          compileMatchers([{ name: 'x', operator, value }], compile)({ x: label })
        expect(test(is)).toBe(!test(not))
      }),
    )
  })

  test('sees beside the tool’s labels what every alert has; the tool’s own come first', () => {
    const alert = {
      name: 'DiskFull',
      severity: 'error',
      source: 'zabbix',
      scope: 'eu',
      ci: 'db',
      labels: { severity: 'page' },
    } as const
    expect(matchableLabels(alert)).toEqual({
      alertname: 'DiskFull',
      severity: 'page',
      source: 'zabbix',
      scope: 'eu',
      ci: 'db',
    })
  })
})

describe('at save', () => {
  const pattern = (value: string): Matcher => ({ name: 'a', operator: '=~', value })

  test('FAULTS 19: a pattern that is invalid or longer than 10 kB is refused', () => {
    expect(matcherFaults([pattern('(')], compile)).toHaveLength(1)
    expect(matcherFaults([pattern('a'.repeat(PATTERN_BYTES_MAX))], compile)).toEqual([])
    expect(matcherFaults([pattern('a'.repeat(PATTERN_BYTES_MAX + 1))], compile)[0]).toMatch(
      /longer than 10240 bytes/,
    )
    expect(matcherFaults([pattern('ü'.repeat(PATTERN_BYTES_MAX / 2 + 1))], compile)).toHaveLength(1)
  })

  test('so are too many matchers', () => {
    const many = Array.from({ length: MATCHERS_MAX + 1 }, () => pattern('a'))
    expect(matcherFaults(many, compile)).toEqual([`more than ${MATCHERS_MAX} matchers`])
  })
})
