// Patterns in matchers: RE2, so that no pattern takes longer than the text is long.
import { RE2JS } from 're2js'
import type { CompilePattern } from '../../domain/matcher.ts'

/** Label values repeat; so many answers are remembered for each pattern. */
const KNOWN_MAX = 1_000

/** Whatever else than itself a character may stand for in a pattern. */
const SPECIAL = /[\\.+*?()[\]{}^$|]/
/** Groups, classes and escapes: where these are, a bar need not part the pattern as a whole. */
const NESTING = /[\\()[\]]/

/** What a text that matches must begin with; empty where that cannot be told. */
const beginningOf = (pattern: string): string => {
  const special = pattern.search(SPECIAL)
  if (special < 0) return pattern
  const optional = '*?{+'.includes(pattern[special]!)
  return pattern.slice(0, optional ? Math.max(0, special - 1) : special)
}

/** Beginnings of which a text that matches has one; empty where that cannot be told. */
const beginningsOf = (pattern: string): readonly string[] => {
  const parts = NESTING.test(pattern) ? [pattern] : pattern.split('|')
  if (parts.length === 1 && pattern.includes('|')) return []
  const beginnings = parts.map(beginningOf)
  return beginnings.includes('') ? [] : beginnings
}

const remembering = (matches: (text: string) => boolean): ((text: string) => boolean) => {
  const known = new Map<string, boolean>()
  return (text) => {
    let answer = known.get(text)
    if (answer !== undefined) return answer
    answer = matches(text)
    if (known.size >= KNOWN_MAX) known.clear()
    known.set(text, answer)
    return answer
  }
}

/** Most patterns are words, or begin with one: those texts are told apart without RE2. */
export const compilePattern: CompilePattern = (pattern) => {
  const compiled = RE2JS.compile(pattern, RE2JS.DOTALL)
  const words = pattern.split('|')
  if (words.every((word) => !SPECIAL.test(word))) {
    const set = new Set(words)
    return (text) => set.has(text)
  }
  const matches = remembering((text) => compiled.matches(text))
  const beginnings = beginningsOf(pattern)
  if (beginnings.length === 0) return matches
  return (text) => beginnings.some((begin) => text.startsWith(begin)) && matches(text)
}
