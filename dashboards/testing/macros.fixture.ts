// Test support: what Grafana and its ClickHouse data source make of a panel's SQL before it is sent.

export interface PanelContext {
  /** Milliseconds. */
  readonly from: number
  readonly to: number
  /** The panel's interval. */
  readonly intervalMs: number
  /** Chosen values by variable; absent = "All". */
  readonly variables: Readonly<Record<string, readonly string[]>>
}

const seconds = (ms: number): number => Math.floor(ms / 1_000)
const dateTime = (ms: number): string => `toDateTime(${seconds(ms)})`
const dateTime64 = (ms: number): string => `fromUnixTimestamp64Milli(${ms})`
const date = (ms: number): string => `toDate('${new Date(ms).toISOString().slice(0, 10)}')`
const between = (column: string, from: string, to: string): string =>
  `${column} >= ${from} AND ${column} <= ${to}`

type Macro = (context: PanelContext, args: string[]) => string

const intervalSeconds = ({ intervalMs }: PanelContext): number => Math.max(seconds(intervalMs), 1)

const dateTimeFilter: Macro = ({ from, to }, [day, time]) =>
  `(${between(day!, date(from), date(to))}) AND (${between(time!, dateTime(from), dateTime(to))})`

/** As the data source's documentation lists them; `conditionalAll` is done before the rest. */
const MACROS: Record<string, Macro> = {
  fromTime: ({ from }) => dateTime(from),
  toTime: ({ to }) => dateTime(to),
  fromTime_ms: ({ from }) => dateTime64(from),
  toTime_ms: ({ to }) => dateTime64(to),
  timeFilter: ({ from, to }, [column]) => between(column!, dateTime(from), dateTime(to)),
  timeFilter_ms: ({ from, to }, [column]) => between(column!, dateTime64(from), dateTime64(to)),
  dateFilter: ({ from, to }, [column]) => between(column!, date(from), date(to)),
  dateTimeFilter,
  dt: dateTimeFilter,
  timeInterval: (context, [column]) =>
    `toStartOfInterval(toDateTime(${column}), INTERVAL ${intervalSeconds(context)} second)`,
  timeInterval_ms: ({ intervalMs }, [column]) =>
    `toStartOfInterval(toDateTime64(${column}, 3), INTERVAL ${Math.max(intervalMs, 1)} millisecond)`,
  interval_s: (context) => String(intervalSeconds(context)),
}

/** The text between the parenthesis at `open` and its partner, split at top-level commas. */
const argumentsAt = (sql: string, open: number): { args: string[]; end: number } => {
  const args: string[] = []
  let depth = 0
  let start = open + 1
  for (let at = open; at < sql.length; at++) {
    const char = sql[at]
    if (char === '(') depth++
    if (char === ')') depth--
    if (depth === 0) {
      args.push(sql.slice(start, at).trim())
      return { args, end: at + 1 }
    }
    if (char === ',' && depth === 1) {
      args.push(sql.slice(start, at).trim())
      start = at + 1
    }
  }
  throw new Error(`a macro's parenthesis is never closed: ${sql.slice(open, open + 40)}`)
}

const replaceMacro = (sql: string, name: string, expand: (args: string[]) => string): string => {
  const found = new RegExp(`\\$__${name}(?![a-zA-Z_])`).exec(sql)
  if (found === null) return sql
  const after = found.index + found[0].length
  const { args, end } = sql[after] === '(' ? argumentsAt(sql, after) : { args: [], end: after }
  const rest = replaceMacro(sql.slice(end), name, expand)
  return sql.slice(0, found.index) + expand(args) + rest
}

const singleQuoted = (values: readonly string[]): string =>
  values.map((value) => `'${value.replace(/'/g, "\\'")}'`).join(',')

/** @throws Error when something is left that nothing would replace */
export const expandSql = (sql: string, context: PanelContext): string => {
  let text = replaceMacro(sql, 'conditionalAll', ([condition, variable]) => {
    const name = /^\$\{?(\w+)\}?$/.exec(variable ?? '')?.[1]
    if (name === undefined) throw new Error(`not a plain variable: ${variable}`)
    return context.variables[name] === undefined ? '1=1' : condition!
  })
  text = text.replace(/\$\{(\w+)(:singlequote)?\}/g, (_, name: string, quoted?: string) => {
    const values = context.variables[name] ?? []
    return quoted === undefined ? values.join(',') : singleQuoted(values)
  })
  for (const [name, macro] of Object.entries(MACROS))
    text = replaceMacro(text, name, (args) => macro(context, args))
  const left = /\$(__)?\w+|\$\{/.exec(text)
  if (left !== null) throw new Error(`nothing replaces ${left[0]} in: ${text}`)
  return text
}
