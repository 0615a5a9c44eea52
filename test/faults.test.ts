// docs/faults.md is true: what it names exists and names its row, and no row is missing.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(`${ROOT}docs/faults.md`, 'utf8')
const ROWS = Array.from({ length: 36 }, (_, i) => i + 1)

const rows = [...page.matchAll(/^\| (\d+) \|.*\| (.*) \|$/gm)].map(([, row, cells = '']) => ({
  row: Number(row),
  files: [...cells.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, file]) => file!),
}))

/** `fault 7`, `FAULTS 18 and 34`, `faults 3, 5 and 8`. */
const NAMED = /faults?\s+(\d+(?:(?:,\s*|\s+and\s+)\d+)*)/gi

const rowsNamedIn = (text: string): number[] =>
  [...text.matchAll(NAMED)].flatMap(([, list = '']) => (list.match(/\d+/g) ?? []).map(Number))

describe('docs/faults.md', () => {
  test('has every row', () => {
    expect(rows.map(({ row }) => row)).toEqual(ROWS)
  })

  test.each(rows)('row $row is named by each test that it lists', ({ row, files }) => {
    expect(files.length).toBeGreaterThan(0)
    for (const file of files)
      expect(rowsNamedIn(readFileSync(ROOT + file, 'utf8')), file).toContain(row)
  })
})
