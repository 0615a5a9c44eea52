// CIs and relations as a table that people keep in a spreadsheet.
import { type Ci, RELATION_TYPES, type Relation, type Topology } from '../../domain/topology.ts'

/**
 * Reads RFC 4180: fields in quotes may hold commas, line ends and doubled quotes.
 * @returns undefined where a quote is never closed
 */
export const parseCsv = (text: string): string[][] | undefined => {
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let quoted = false
  const endRow = (): void => {
    row.push(field)
    field = ''
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  for (let i = text.startsWith('\ufeff') ? 1 : 0; i < text.length; i++) {
    const character = text[i]!
    if (quoted) {
      if (character !== '"') field += character
      else if (text[i + 1] === '"') field += text[++i]!
      else quoted = false
    } else if (character === '"' && field === '') quoted = true
    else if (character === ',') {
      row.push(field)
      field = ''
    } else if (character === '\n') endRow()
    else if (character !== '\r' || text[i + 1] !== '\n') field += character
  }
  if (quoted) return undefined
  endRow()
  return rows
}

const REQUIRED = ['id', 'kind', 'name'] as const
const isRelation = (column: string): column is Relation['type'] =>
  (RELATION_TYPES as readonly string[]).includes(column)

/**
 * Columns `id`, `kind` and `name`; one for each relation type, ids between semicolons; any other
 * is an attribute, left out where its cell is empty.
 * @returns the topology, or one sentence on what is wrong
 */
export const topologyFromCsv = (text: string): Topology | string => {
  const [header, ...rows] = parseCsv(text) ?? []
  if (header === undefined) return 'the table is empty or a quote in it is never closed'
  const columns = header.map((column) => column.trim())
  const missing = REQUIRED.filter((column) => !columns.includes(column))
  if (missing.length > 0) return `the column ${missing.join(', ')} is missing`
  if (new Set(columns).size !== columns.length) return 'two columns have the same name'
  const cis: Ci[] = []
  const relations: Relation[] = []
  for (const [index, cells] of rows.entries()) {
    if (cells.length !== columns.length)
      return `row ${index + 2} has ${cells.length} cells, not ${columns.length}`
    const cell = new Map(columns.map((column, at) => [column, cells[at]!.trim()]))
    const [id, kind, name] = REQUIRED.map((column) => cell.get(column)!)
    if (id === '' || kind === '' || name === '') return `row ${index + 2} lacks id, kind or name`
    const attributes: Record<string, string> = {}
    for (const [column, value] of cell) {
      if (value === '' || (REQUIRED as readonly string[]).includes(column)) continue
      if (!isRelation(column)) attributes[column] = value
      else
        for (const to of value.split(';').map((each) => each.trim()))
          if (to !== '') relations.push({ from: id!, to, type: column })
    }
    cis.push({ id: id!, kind: kind!, name: name!, attributes })
  }
  return { cis, relations }
}
