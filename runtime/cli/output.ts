// How commands speak: results on stdout, progress and faults on stderr, fixed exit codes.

export const EXIT = { ok: 0, failed: 1, usage: 2 } as const

/** The command was called wrongly; the message says how to call it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const printLine = (line = ''): void => void process.stdout.write(`${line}\n`)

export const printJson = (value: unknown): void => printLine(JSON.stringify(value, null, 2))

/** Columns padded to their widest cell; numbers to the right. */
export const table = (header: readonly string[], rows: readonly (string | number)[][]): string => {
  const cells = rows.map((row) => row.map(plain))
  const widths = header.map((name, column) =>
    Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)),
  )
  const line = (row: readonly string[], numeric: (column: number) => boolean): string =>
    row
      .map((cell, column) =>
        numeric(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd()
  const numeric = (column: number): boolean =>
    rows.length > 0 && rows.every((row) => typeof row[column] === 'number')
  return [line(header, numeric), ...cells.map((row) => line(row, numeric))].join('\n')
}

/** Text from alerts must not steer the terminal. */
const CONTROLS = /[\p{Cc}\p{Cf}]/gu
export const plain = (cell: string | number): string =>
  String(cell).replace(
    CONTROLS,
    (control) => `\\u${control.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  )

/** Shows work going on, only where a person watches. */
export const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}

export const progressDone = (): void => {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
}
