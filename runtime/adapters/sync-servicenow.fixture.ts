// A ServiceNow on loopback, as far as its Table API is documented and we use it.
import { type Answer, type Asked, startJsonServer } from './sync-server.fixture.ts'

type Row = Record<string, string>

/** What the shipped data policy asks for: Resolved and Closed need a code and notes. */
const CLOSING = new Set(['6', '7'])

const stamp = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ')

/** An encoded query (`a=b^cINx,y^dRELATIVEGE@minute@ago@5^ORDERBYe`) as a filter. */
const matches = (row: Row, query: string, now: number): boolean =>
  query.split('^').every((term) => {
    if (term.startsWith('ORDERBY')) return true
    const relative = /^(\w+)RELATIVEGE@minute@ago@(\d+)$/.exec(term)
    if (relative !== null)
      return (row[relative[1]!] ?? '') >= stamp(now - Number(relative[2]) * 60_000)
    const among = /^(\w+?)IN([^=]*)$/.exec(term)
    if (among !== null) return among[2]!.split(',').includes(row[among[1]!] ?? '')
    const [field, value] = term.split('=')
    return (row[field!] ?? '') === value
  })

const shown = (row: Row, fields: string | null): Row =>
  fields === null
    ? row
    : Object.fromEntries(fields.split(',').map((field) => [field, row[field] ?? '']))

const failure = (status: number, message: string): Answer => [
  status,
  { error: { message, detail: '' }, status: 'failure' },
]

export const startServicenow = async (clock: { now(): number }) => {
  const incidents = new Map<string, Row>()
  const journal: Row[] = []

  const note = (row: Row, value: string, by: string): void => {
    journal.push({
      sys_id: `journal${journal.length + 1}`,
      element_id: row.sys_id!,
      element: 'work_notes',
      value,
      sys_created_by: by,
      sys_created_on: stamp(clock.now()),
    })
  }

  /** @returns false where the data policy refuses */
  const write = (row: Row, { work_notes, ...change }: Row, by: string): boolean => {
    const next = { ...row, ...change }
    const closing = CLOSING.has(next.state ?? '')
    if (closing && !(next.close_code && next.close_notes)) return false
    if (next.state === '3' && !next.hold_reason) return false
    Object.assign(row, next, { sys_updated_on: stamp(clock.now()), sys_updated_by: by })
    if (work_notes !== undefined) note(row, work_notes, by)
    return true
  }

  const list = (table: string, query: URLSearchParams): Answer => {
    const rows = table === 'incident' ? [...incidents.values()] : journal
    const asked = query.get('sysparm_query') ?? ''
    const found = rows.filter((row) => matches(row, asked, clock.now()))
    const limit = Number(query.get('sysparm_limit') ?? 10_000)
    const result = found.slice(0, limit).map((row) => shown(row, query.get('sysparm_fields')))
    return [200, { result }]
  }

  const on = ({ method, path, query, body }: Asked): Answer => {
    const [, , , table, id] = path
    const fields = query.get('sysparm_fields')
    if (method === 'GET' && id === undefined) return list(table!, query)
    if (method === 'POST') {
      const number = incidents.size + 1
      const row: Row = { sys_id: `sys${number}`, number: `INC00${10_000 + number}`, state: '1' }
      if (!write(row, body as Row, 'faultline')) return failure(403, 'Operation Failed')
      incidents.set(row.sys_id!, row)
      return [201, { result: shown(row, fields) }]
    }
    const row = incidents.get(id ?? '')
    if (row === undefined) return failure(404, 'No Record found')
    if (method === 'PATCH' && !write(row, body as Row, 'faultline'))
      return failure(403, 'Operation Failed')
    return [200, { result: shown(row, fields) }]
  }

  const refused = failure(401, 'User Not Authenticated')
  return {
    ...(await startJsonServer('faultline:s3cret', refused, on)),
    incidents,
    journal,
    /** Somebody there does this. */
    person: (id: string, change: Row): boolean => write(incidents.get(id)!, change, 'beth'),
  }
}
