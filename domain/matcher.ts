// Matchers over labels, as Alertmanager has them: what silences, inhibition and policies are made of.
import type { Labels } from './event.ts'
import type { Severity } from './severity.ts'

export const MATCHER_OPERATORS = ['=', '!=', '=~', '!~'] as const
export type MatcherOperator = (typeof MATCHER_OPERATORS)[number]

export interface Matcher {
  readonly name: string
  readonly operator: MatcherOperator
  /** For `=~` and `!~` an RE2 pattern that must match the whole value. */
  readonly value: string
}

/** Bytes of one pattern; a longer one is refused at save. */
export const PATTERN_BYTES_MAX = 10_240
export const MATCHERS_MAX = 32

/** Turns a pattern into a test of the whole text. @throws where the pattern is invalid */
export type CompilePattern = (pattern: string) => (text: string) => boolean

export type LabelTest = (labels: Labels) => boolean

const encoder = new TextEncoder()

/** A label that is absent is the same as one that is empty. */
export const labelOf = (labels: Labels, name: string): string =>
  Object.hasOwn(labels, name) ? labels[name]! : ''

const compileOne = ({ name, operator, value }: Matcher, compile: CompilePattern): LabelTest => {
  const of = (labels: Labels): string => labelOf(labels, name)
  if (operator === '=') return (labels) => of(labels) === value
  if (operator === '!=') return (labels) => of(labels) !== value
  const matches = compile(value)
  return operator === '=~' ? (labels) => matches(of(labels)) : (labels) => !matches(of(labels))
}

/** All of them must hold; none always do. @throws where a pattern is invalid */
export const compileMatchers = (
  matchers: readonly Matcher[],
  compile: CompilePattern,
): LabelTest => {
  const tests = matchers.map((matcher) => compileOne(matcher, compile))
  return (labels) => tests.every((test) => test(labels))
}

/** Why matchers cannot be used, one sentence each. */
export const matcherFaults = (
  matchers: readonly Matcher[],
  compile: CompilePattern,
): readonly string[] => {
  if (matchers.length > MATCHERS_MAX) return [`more than ${MATCHERS_MAX} matchers`]
  return matchers.flatMap((matcher) => {
    const shown = formatMatchers([{ ...matcher, value: matcher.value.slice(0, 60) }])
    if (matcher.name === '') return ['a matcher needs the name of a label']
    if (encoder.encode(matcher.value).length > PATTERN_BYTES_MAX)
      return [`${shown}: longer than ${PATTERN_BYTES_MAX} bytes`]
    try {
      compileOne(matcher, compile)
      return []
    } catch (error) {
      return [`${shown}: ${(error as Error).message}`]
    }
  })
}

/**
 * The labels that matchers see: the tool's own, and what every alert has beside them. The tool's
 * own come first, so that matchers written for Alertmanager mean the same here.
 */
export const matchableLabels = (alert: {
  readonly name: string
  readonly severity: Severity
  readonly source: string
  readonly scope: string
  readonly ci?: string | undefined
  readonly labels: Labels
}): Labels => ({
  alertname: alert.name,
  severity: alert.severity,
  source: alert.source,
  scope: alert.scope,
  ...(alert.ci === undefined ? {} : { ci: alert.ci }),
  ...alert.labels,
})

const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`

const PLAIN_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/

/** `{a="b",c=~"d.*"}`: what `parseMatchers` reads. */
export const formatMatchers = (matchers: readonly Matcher[]): string =>
  `{${matchers
    .map(
      ({ name, operator, value }) =>
        `${PLAIN_NAME.test(name) ? name : quoted(name)}${operator}${quoted(value)}`,
    )
    .join(',')}}`

const NAME = /\s*(?:"((?:[^"\\]|\\.)*)"|([^\s{}!=~,"'`\\]+))\s*/y
const OPERATOR = /(=~|!~|!=|=)\s*/y
const VALUE = /(?:"((?:[^"\\]|\\.)*)"|([^",{}]*))\s*/y

const unescaped = (text: string): string =>
  text.replace(/\\([\s\S])/g, (all, character: string) =>
    character === 'n' ? '\n' : character === '"' || character === '\\' ? character : all,
  )

/**
 * Reads Alertmanager's syntax: `{a="b", c=~"d.*"}`, the braces and, for values without `,{}"`, the
 * quotes optional.
 * @returns the matchers, or a sentence that says where the text is wrong
 */
export const parseMatchers = (text: string): readonly Matcher[] | string => {
  const trimmed = text.trim()
  const braced = trimmed.startsWith('{')
  if (braced !== trimmed.endsWith('}')) return `${text}: braces must be opened and closed`
  const inner = braced ? trimmed.slice(1, -1).trim() : trimmed
  const matchers: Matcher[] = []
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(inner)
    if (match !== null) at = pattern.lastIndex
    return match
  }
  while (at < inner.length) {
    const name = take(NAME)
    const operator = name && take(OPERATOR)
    const value = operator && take(VALUE)
    if (!name || !operator || !value || (at < inner.length && inner[at] !== ','))
      return `${text}: expected label="value" at ${at + (braced ? 1 : 0)}`
    matchers.push({
      name: name[2] ?? unescaped(name[1]!),
      operator: operator[1] as MatcherOperator,
      value: value[1] === undefined ? unescaped(value[2]!.trim()) : unescaped(value[1]),
    })
    at += 1
  }
  return matchers
}
