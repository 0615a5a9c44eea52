// One line of CSV (RFC 4180) that no spreadsheet takes for a formula.

/** What spreadsheets obey at the beginning of a cell, also behind blanks. */
const FORMULA = /^\s*[=+\-@|%\t\r]/

const cellOf = (value: string | number): string => {
  if (typeof value === 'number') return String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export const csvLine = (cells: readonly (string | number)[]): string =>
  `${cells.map(cellOf).join(',')}\r\n`
