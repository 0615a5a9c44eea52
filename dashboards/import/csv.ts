// Reads CSV as RFC 4180 describes it: quoted fields may hold commas, quotes and line ends.

const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y

/** Each line after the header as an object by column name; empty lines are left out. */
export function* readCsv(text: string): Generator<Record<string, string>> {
  let header: string[] | undefined
  for (const fields of readLines(text)) {
    if (header === undefined) header = fields
    else yield Object.fromEntries(header.map((name, i) => [name, fields[i] ?? '']))
  }
}

/** @throws SyntaxError at a quote that is out of place */
function* readLines(text: string): Generator<string[]> {
  let fields: string[] = []
  FIELD.lastIndex = 0
  while (FIELD.lastIndex < text.length) {
    const at = FIELD.lastIndex
    const found = FIELD.exec(text)
    if (found === null) throw new SyntaxError(`a quote is out of place near character ${at}`)
    const [, quoted, plain = '', end] = found
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    if (fields.length > 1 || fields[0] !== '') yield fields
    fields = []
  }
}
