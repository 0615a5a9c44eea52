// What a KPI is: the question, the exact meaning of its figure, and the SQL that yields it.

export type KpiUnit = 'count' | 'ratio' | 'seconds' | 'minutes' | 'score' | 'money'

/** The two ends of a range as SQL expressions: bound parameters, or a dashboard's macros. */
export interface SqlRange {
  readonly from: string
  readonly to: string
}

/** Any SQL fragment of it may say `$from` and `$to`: the two ends of the range. */
export interface Kpi {
  readonly id: string
  readonly title: string
  /** The question that it answers, for somebody who reads nothing else. */
  readonly question: string
  /** In words: how the headline figure comes about. */
  readonly formula: string
  /** In words: what is counted, and what is left out. */
  readonly population: string
  readonly unit: KpiUnit
  readonly good: 'up' | 'down' | 'none'
  /** Table or view, or a parenthesised query; in the latter `$keys` is what it has to group by. */
  readonly from: string
  /** What `$keys` names whatever is asked: the fewer there are, the fewer groups it makes. */
  readonly keys?: readonly string[]
  /**
   * The time column that places a row in the range, from inclusive, to exclusive. Empty where the
   * rows are sums over the range.
   */
  readonly at: string
  readonly where?: string
  /** Instead of `at` within the range, where the figure is a state and not a sum. */
  readonly within?: string
  /** Name to aggregate expression; the first is the headline. */
  readonly values: Readonly<Record<string, string>>
  /** Size of the population. Default `count()`. */
  readonly count?: string
  /** Dimension to expression: what `?by=` takes, besides hour, day and week. */
  readonly by: Readonly<Record<string, string>>
  /** What stands beneath the figure: columns of the rows that one drills down to. */
  readonly rows: readonly string[]
  /** Where those rows are, where `from` holds sums of them. */
  readonly beneath?: {
    readonly from: string
    /** Time column: the newest first. */
    readonly at: string
    readonly within?: string
  }
  readonly panel: 'stat' | 'timeseries' | 'bars' | 'table'
}
