// Text in Markdown and CSV stays text.
import { describe, expect, test } from 'vitest'
import { csvTable, escapeMarkdown } from './written.ts'

test('escaping leaves nothing for Markdown to take as markup', () => {
  expect(escapeMarkdown('a\n# b *c* [d](e)')).toBe('a \\# b \\*c\\* \\[d\\]\\(e\\)')
})

describe('a CSV cell (FAULTS 22)', () => {
  test.each([
    ['=HYPERLINK("http://evil","x")', `"'=HYPERLINK(""http://evil"",""x"")"`],
    ['+1', `"'+1"`],
    ['-2+3', `"'-2+3"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    [' =1+1', `"' =1+1"`],
    ['\t=1', `"'\t=1"`],
    ['\r=1', `"'\r=1"`],
    ['a=1', 'a=1'],
    ['a,b', '"a,b"'],
    ['two\nlines', '"two\nlines"'],
    ['', ''],
    [-2, '-2'],
    [null, ''],
    [true, 'true'],
  ] as const)('%j is written as %s', (value, cell) => {
    expect(csvTable(['h'], [[value]])).toBe(`h\n${cell}\n`)
  })

  test('a heading is text too', () => {
    expect(csvTable(['=cmd'], [])).toBe(`"'=cmd"\n`)
  })
})
