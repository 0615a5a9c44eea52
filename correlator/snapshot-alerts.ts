// Alerts as rows of a snapshot: the names of their fields once, then only values.
import type { Evidence } from '../domain/evidence.ts'
import type { LiveAlert } from './live-alert.ts'

type Kept = Omit<LiveAlert, 'incident' | 'template' | 'ref'>

/** What a field is where a row leaves it out: empty, or not known yet to the version that wrote. */
const BLANK: Kept = {
  id: '',
  fingerprint: '',
  scope: '',
  source: '',
  name: '',
  type: '',
  severity: 'info',
  summary: '',
  labels: {},
  link: undefined,
  runbook: undefined,
  ci: undefined,
  node: -1,
  tokens: [],
  at: 0,
  startsAt: 0,
  floor: Number.NEGATIVE_INFINITY,
  firstSeen: 0,
  lastSeen: 0,
  activeAt: 0,
  starts: [],
  ends: [],
  activations: [],
  resolvedAt: undefined,
  expiresAt: undefined,
  expired: false,
  occurrences: 0,
  flaps: 0,
  muting: [],
  pause: undefined,
  sampled: true,
  explained: false,
  stormed: false,
  firing: true,
  settled: false,
  indexed: false,
  turnAt: undefined,
  forgotten: false,
  version: 0,
  evidence: [],
  toldIncident: undefined,
  toldAt: 0,
}

export const ALERT_COLUMNS = Object.keys(BLANK) as readonly (keyof Kept)[]
const DEFAULTS: readonly unknown[] = Object.values(BLANK)
const EVIDENCE = ALERT_COLUMNS.indexOf('evidence')

/** JSON has no undefined: null stands for it in a row. */
export type AlertRow = readonly unknown[]

/** @param values in the order of ALERT_COLUMNS, null where there is none */
const build = (values: AlertRow): LiveAlert => {
  const value = (column: number): never => (values[column] ?? DEFAULTS[column]) as never
  // All in one literal: objects of one shape, without room for more, take half the memory.
  return {
    id: value(0),
    fingerprint: value(1),
    scope: value(2),
    source: value(3),
    name: value(4),
    type: value(5),
    severity: value(6),
    summary: value(7),
    labels: value(8),
    link: value(9),
    runbook: value(10),
    ci: value(11),
    node: value(12),
    tokens: value(13),
    at: value(14),
    startsAt: value(15),
    floor: value(16),
    firstSeen: value(17),
    lastSeen: value(18),
    activeAt: value(19),
    starts: value(20),
    ends: value(21),
    activations: value(22),
    resolvedAt: value(23),
    expiresAt: value(24),
    expired: value(25),
    occurrences: value(26),
    flaps: value(27),
    muting: value(28),
    pause: value(29),
    sampled: value(30),
    explained: value(31),
    stormed: value(32),
    firing: value(33),
    settled: value(34),
    indexed: value(35),
    turnAt: value(36),
    forgotten: value(37),
    version: value(38),
    evidence: value(39),
    toldIncident: value(40),
    toldAt: value(41),
    template: undefined,
    incident: undefined,
    ref: 0,
  }
}

/** Alerts from rows of whatever columns a version wrote. */
export const createAlertMaker = (columns: readonly string[]): ((values: AlertRow) => LiveAlert) => {
  const places = ALERT_COLUMNS.map((name) => columns.indexOf(name))
  const same = places.every((place, i) => place === i)
  return (values) => build(same ? values : places.map((place) => values[place]))
}

/** One sentence serves a whole storm: it is written once, then its number. */
const isShared = (evidence: readonly Evidence[]): boolean => evidence.length === 1

/** Makes rows of alerts, one after the other. */
export const createRowWriter = (): ((alert: LiveAlert) => AlertRow) => {
  const written = new Map<string, number>()
  return (alert) => {
    const row: unknown[] = []
    for (const name of ALERT_COLUMNS) row.push(alert[name])
    const { evidence } = alert
    if (!isShared(evidence)) return row
    const { text, signal, weight } = evidence[0]!
    const key = `${signal} ${weight} ${text}`
    const number = written.get(key)
    if (number === undefined) written.set(key, written.size)
    else row[EVIDENCE] = number
    return row
  }
}

export const createRowReader = (columns: readonly string[]): ((row: AlertRow) => LiveAlert) => {
  const make = createAlertMaker(columns)
  const place = columns.indexOf('evidence')
  const read: (readonly Evidence[])[] = []
  return (row) => {
    const alert = make(row)
    const evidence = row[place] as readonly Evidence[] | number
    if (typeof evidence === 'number') alert.evidence = read[evidence]!
    else if (isShared(evidence)) read.push(evidence)
    return alert
  }
}
