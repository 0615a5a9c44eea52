// Anybody's text on its way into a format that gives some characters a meaning of their own.

/** Text that Markdown shows as it is, on one line. */
export const escapeMarkdown = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>()#+!|~-]/g, '\\$&')

/** What a spreadsheet takes for the beginning of a formula, also behind blanks. */
const FORMULA = /^[\s\0]*[=+\-@\t\r\n]/
const NEEDS_QUOTES = /[",\r\n]/

/**
 * One cell of a CSV table (RFC 4180). Text that a spreadsheet would run as a formula begins with an
 * apostrophe and is quoted, so that it stays text; numbers are written as they are.
 */
const csvCell = (value: string | number | boolean | null | undefined): string => {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  const runs = FORMULA.test(value)
  const text = runs ? `'${value}` : value
  return runs || NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export type CsvRow = readonly (string | number | boolean | null | undefined)[]

/** The header and its rows, each line ended. Every CSV export goes through here. */
export const csvTable = (header: readonly string[], rows: readonly CsvRow[]): string =>
  [header, ...rows].map((row) => `${row.map(csvCell).join(',')}\n`).join('')
