// Patterns in matchers: RE2, so that no pattern takes longer than the text is long.
import { RE2JS } from 're2js'
import type { CompilePattern } from '../../domain/matcher.ts'

/** Label values repeat; so many answers are remembered for each pattern. */
const KNOWN_MAX = 1_000

export const compilePattern: CompilePattern = (pattern) => {
  const compiled = RE2JS.compile(pattern, RE2JS.DOTALL)
  const known = new Map<string, boolean>()
  return (text) => {
    let matches = known.get(text)
    if (matches !== undefined) return matches
    matches = compiled.matches(text)
    if (known.size >= KNOWN_MAX) known.clear()
    known.set(text, matches)
    return matches
  }
}
