// Matchers as people send them: read, bounded, and refused where they could not be used.
import { RE2JS } from 're2js'
import { type Static, Type } from 'typebox'
import {
  type CompilePattern,
  compileMatchers,
  MATCHER_OPERATORS,
  MATCHERS_MAX,
  type Matcher,
  matcherFaults,
  parseMatchers,
} from '../../domain/matcher.ts'
import { type Refusal, refuse } from '../commands/outcome.ts'

/** RE2: no pattern takes longer than the text is long. */
export const compilePattern: CompilePattern = (pattern) => {
  const compiled = RE2JS.compile(pattern, RE2JS.DOTALL)
  return (text) => compiled.matches(text)
}

const TEXT_MAX = 65_536
const NAME_MAX = 1_024

/** `{service="db",pod=~"web-.*"}`, or the same as a list. */
export const MatchersBody = Type.Union([
  Type.String({ minLength: 1, maxLength: TEXT_MAX }),
  Type.Array(
    Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: NAME_MAX }),
        operator: Type.Enum([...MATCHER_OPERATORS]),
        value: Type.String({ maxLength: TEXT_MAX }),
      },
      { additionalProperties: false },
    ),
    { maxItems: MATCHERS_MAX },
  ),
])
export type MatchersBody = Static<typeof MatchersBody>

/** Not the text itself: it may be long. */
const FAULTS_SHOWN_MAX = 3

export const readMatchers = (given: MatchersBody): readonly Matcher[] | Refusal => {
  const matchers = typeof given === 'string' ? parseMatchers(given) : given
  if (typeof matchers === 'string') return refuse('invalid', matchers.slice(-NAME_MAX))
  const faults = matcherFaults(matchers, compilePattern)
  return faults.length === 0
    ? matchers
    : refuse('invalid', faults.slice(0, FAULTS_SHOWN_MAX).join('; '))
}

/** Alertmanager's rule: one matcher at least must not match an alert without labels. */
export const mutesEverything = (matchers: readonly Matcher[]): boolean =>
  matchers.every((matcher) => compileMatchers([matcher], compilePattern)({}))
