// The signature of an incident: what recurs when it recurs, bounded and free of ids.
import { roleOf } from './roles.ts'
import type {
  CiName,
  PatternAlert,
  PatternIncident,
  PatternSettings,
  Signature,
  SignatureTerm,
} from './types.ts'

const CAUSE = 'cause:'
const AT_CAUSE = 'at-cause:'
/** Share of each kind of term in a signature's weight. */
const CAUSE_WEIGHT = 1
const AT_CAUSE_WEIGHT = 1
const CELLS_WEIGHT = 1
const FIRST_WEIGHT = 0.25
/** Distinct CI x alert types read of one incident. */
const CELLS_MAX = 2_000
const CAUSE_TYPES_MAX = 8
/** What the hint of that name gives a change of within the hour. */
const CHANGE_ODDS_MIN = 4
const NAMES_MAX = 16

interface Cell {
  readonly ci: string | undefined
  readonly name: string
  onset: number
}

/**
 * The CI suspected most; undefined where no alert has a CI. What touches one CI alone is put down
 * to that one: whatever silent thing is behind it, it recurs there.
 */
export const causeOf = (incident: PatternIncident): string | undefined =>
  incident.confirmedCause ?? onlyCi(incident.alerts) ?? incident.hints[0]?.ci

const onlyCi = (alerts: Iterable<PatternAlert>): string | undefined => {
  let only: string | undefined
  for (const { ci } of alerts) {
    if (ci === undefined || (only !== undefined && ci !== only)) return undefined
    only = ci
  }
  return only
}

export const signatureOf = (
  incident: PatternIncident,
  nameOf: CiName,
  settings: PatternSettings,
): Signature => {
  const alerts = [...incident.alerts]
  const cells = distinctCells(alerts)
  const cause = causeOf(incident)
  const causeTypes = typesOn(cause, cells, incident)
  const names = distinctNames(cells)
  const terms: SignatureTerm[] = [
    ...(cause === undefined ? [] : [[`${CAUSE}${roleOf(nameOf(cause))}`, CAUSE_WEIGHT] as const]),
    ...share(AT_CAUSE, causeTypes, AT_CAUSE_WEIGHT),
    ...cellTerms(cells, nameOf),
    ...share('first:', names.slice(0, 1), FIRST_WEIGHT),
  ]
  return {
    terms: terms
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : a > b ? 1 : 0))
      .slice(0, settings.termsMax),
    causeTypes: causeTypes.slice(0, CAUSE_TYPES_MAX),
    names: names.slice(0, NAMES_MAX),
    ...(cause !== undefined && { causeRole: roleOf(nameOf(cause)) }),
    solitary: cells.length === 1 && !followsChange(incident),
  }
}

/** Alert types on the cause, be it that it alerted in another incident only. */
const typesOn = (
  cause: string | undefined,
  cells: readonly Cell[],
  { elsewhere = [] }: PatternIncident,
): string[] => {
  if (cause === undefined) return []
  const own = cells.filter(({ ci }) => ci === cause)
  const there = (): Cell[] => distinctCells([...elsewhere].filter(({ ci }) => ci === cause))
  return distinctNames(own.length > 0 ? own : there())
}

/** A change shortly before is a reason why it is more than chatter. */
const followsChange = ({ hints }: PatternIncident): boolean =>
  hints[0]?.reasons.some(
    ({ signal, weight }) => signal === 'change' && weight >= CHANGE_ODDS_MIN,
  ) ?? false

/** Without what depends on the cause that was suspected: the batch pass judges by the rest. */
export const symptomsOf = ({ terms }: Signature): SignatureTerm[] =>
  terms.filter(([term]) => !term.startsWith(CAUSE) && !term.startsWith(AT_CAUSE))

/** Earliest first; names break ties, so that the order of arrival does not matter. */
const distinctCells = (alerts: readonly PatternAlert[]): Cell[] => {
  const cells = new Map<string, Cell>()
  for (const { ci, name, onset } of alerts) {
    const key = `${ci ?? ''}\u0000${name}`
    const known = cells.get(key)
    if (known) known.onset = Math.min(known.onset, onset)
    else if (cells.size < CELLS_MAX) cells.set(key, { ci, name, onset })
  }
  return [...cells.values()].sort((a, b) => a.onset - b.onset || (a.name < b.name ? -1 : 1))
}

const distinctNames = (cells: readonly Cell[]): string[] => [
  ...new Set(cells.map(({ name }) => name)),
]

/** Ten hosts of one role with one alert type are one term, heavier than one host's. */
const cellTerms = (cells: readonly Cell[], nameOf: CiName): SignatureTerm[] => {
  const counts = new Map<string, number>()
  for (const { ci, name } of cells) {
    const term = ci === undefined ? name : `${name}@${roleOf(nameOf(ci))}`
    counts.set(term, (counts.get(term) ?? 0) + 1)
  }
  const weights = [...counts].map(([term, count]) => [term, 1 + Math.log(count)] as const)
  const length = Math.hypot(...weights.map(([, weight]) => weight))
  return weights.map(([term, weight]) => [term, (CELLS_WEIGHT * weight) / length])
}

const share = (kind: string, names: readonly string[], weight: number): SignatureTerm[] =>
  names.map((name) => [kind + name, weight / Math.sqrt(names.length)])
