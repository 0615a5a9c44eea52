// Where a text stops being JSON; only ever run on what JSON.parse has already refused.
import { Buffer } from 'node:buffer'

const SPACE = /[ \t\n\r]*/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them unescaped
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*/y
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'end'

/** Byte offset of the first fault; the length where the text merely ends too early. */
export const jsonFaultOffset = (bytes: Uint8Array): number => {
  // One latin1 unit a byte, so that every place in the text is a byte offset.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const open: string[] = []
  let at = text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0
  let expected: Expected = 'value'
  for (;;) {
    at = endOf(SPACE, text, at)
    const mark = text[at]
    if (mark === undefined) return at
    if (expected === 'comma-or-end') {
      const closes = open.at(-1) === '{' ? '}' : ']'
      if (mark === ',') expected = closes === '}' ? 'key' : 'value'
      else if (mark === closes) expected = close(open)
      else return at
      at += 1
    } else if (expected === 'colon') {
      if (mark !== ':') return at
      expected = 'value'
      at += 1
    } else if (closesEmpty(expected, mark)) {
      expected = close(open)
      at += 1
    } else if (mark === '"' && expected !== 'end') {
      at = endOf(STRING, text, at)
      if (text[at] !== '"') return at
      at += 1
      expected = expected.startsWith('key') ? 'colon' : afterValue(open)
    } else if (!expected.startsWith('value')) return at
    else if (mark === '{' || mark === '[') {
      open.push(mark)
      expected = mark === '{' ? 'key-or-end' : 'value-or-end'
      at += 1
    } else {
      const end = endOf(SCALAR, text, at)
      if (end === at) return at
      at = end
      expected = afterValue(open)
    }
  }
}

const endOf = (pattern: RegExp, text: string, from: number): number => {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : from
}

const afterValue = (open: readonly string[]): Expected =>
  open.length === 0 ? 'end' : 'comma-or-end'

const close = (open: string[]): Expected => {
  open.pop()
  return afterValue(open)
}

const closesEmpty = (expected: Expected, mark: string): boolean =>
  (expected === 'key-or-end' && mark === '}') || (expected === 'value-or-end' && mark === ']')
