// The incident as the hints see it: distinct CI x alert types, and which CI could explain which.
import { type Severity, worseSeverity } from '../../domain/severity.ts'
import type { Millis } from '../../domain/time.ts'
import type {
  AlertingCi,
  Candidate,
  Cell,
  Explained,
  HintAlert,
  HintInput,
  HintSettings,
  Scene,
} from './types.ts'

/** An alert less rare than this says less: what a CI shows every other day plays no role today. */
const TELLING_NATS = 3
const SEPARATOR = '\u0000'
const NOTHING: readonly string[] = []

export const cellKey = (ci: string, name: string): string => `${ci}${SEPARATOR}${name}`

export const createScene = (input: HintInput, settings: HintSettings): Scene => {
  const alerting = alertingCis(distinctCells(input.alerts, input, settings), input)
  const earliest = [...alerting].sort((a, b) => a.onset - b.onset).slice(0, 2)
  const firstOnset = earliest[0]?.onset ?? input.now
  const walked = alerting.slice(0, settings.alertingMax)
  return {
    input,
    settings,
    alerting,
    byCi: new Map(alerting.map((each) => [each.ci, each])),
    walked,
    candidates: candidatesOf(
      alerting,
      elsewhereOf(alerting, firstOnset, input, settings),
      explainedBy(walked, input, settings),
      input,
    )
      .sort((a, b) => b.explained - a.explained || byText(a.candidate.ci, b.candidate.ci))
      .slice(0, settings.candidatesMax)
      .map(({ candidate }) => candidate),
    firstOnset,
    earliest,
    plainestCause: Math.max(...alerting.flatMap(({ cells }) => cells.map(({ reads }) => reads))),
    complaints: complaintsIn(alerting),
    name: (ci) => input.topology.describe(ci)?.name ?? ci,
  }
}

const distinctCells = (
  alerts: readonly HintAlert[],
  { knowledge, now }: HintInput,
  { cellsMax }: HintSettings,
): Cell[] => {
  const cells = new Map<string, Cell>()
  for (const alert of alerts) {
    if (alert.ci === undefined) continue
    const onset = onsetOf(alert, knowledge.onsetCorrectionMs(alert.source))
    const key = cellKey(alert.ci, alert.name)
    const known = cells.get(key)
    const weight = known?.weight ?? knowledge.rarity(alert.ci, alert.name, now)
    cells.set(key, {
      ci: alert.ci,
      name: alert.name,
      onset: Math.min(known?.onset ?? onset, onset),
      weight,
      reads:
        known?.reads ??
        knowledge.role(alert.name, now).logOdds * Math.min(1, weight / TELLING_NATS),
      severity: worseSeverity(known?.severity ?? 'info', alert.severity),
      about: named(known?.about ?? NOTHING, alert),
    })
  }
  return [...cells.values()]
    .sort((a, b) => a.onset - b.onset || byText(a.ci, b.ci) || byText(a.name, b.name))
    .slice(0, cellsMax)
}

const named = (about: readonly string[], alert: HintAlert): readonly string[] =>
  alert.about === undefined || alert.about === alert.ci || about.includes(alert.about)
    ? about
    : [...about, alert.about]

/** The log saw the alert at firstSeen: it began no later, whatever the source's clock says. */
const onsetOf = (alert: HintAlert, correctionMs: number): number =>
  Math.min(alert.startsAt + correctionMs, alert.firstSeen)

/** Rarest first, then earliest. */
const alertingCis = (cells: readonly Cell[], { knowledge, now }: HintInput): AlertingCi[] => {
  const byCi = new Map<string, Cell[]>()
  for (const cell of cells) {
    const list = byCi.get(cell.ci)
    if (list) list.push(cell)
    else byCi.set(cell.ci, [cell])
  }
  return [...byCi]
    .map(([ci, own]) => ({
      ci,
      cells: own,
      onset: own[0]!.onset,
      severity: own.reduce<Severity>((worst, each) => worseSeverity(worst, each.severity), 'info'),
      rarity: knowledge.rarity(ci, undefined, now),
    }))
    .sort((a, b) => b.rarity - a.rarity || a.onset - b.onset || byText(a.ci, b.ci))
}

const complaintsIn = (alerting: readonly AlertingCi[]): Map<string, Cell[]> => {
  const complaints = new Map<string, Cell[]>()
  for (const cell of alerting.flatMap(({ cells }) => cells))
    for (const ci of cell.about) complaints.set(ci, [...(complaints.get(ci) ?? []), cell])
  return complaints
}

/** CIs that alerted at the same time but not here. */
const elsewhereOf = (
  here: readonly AlertingCi[],
  firstOnset: Millis,
  input: HintInput,
  settings: HintSettings,
): AlertingCi[] => {
  if (here.length === 0) return []
  const known = new Set(here.map(({ ci }) => ci))
  const apart = ({ onset }: AlertingCi): Millis => Math.abs(onset - firstOnset)
  return alertingCis(distinctCells(input.elsewhere ?? [], input, settings), input)
    .filter((each) => !known.has(each.ci) && apart(each) <= settings.elsewhereWithinMs)
    .sort((a, b) => apart(a) - apart(b) || byText(a.ci, b.ci))
    .slice(0, settings.elsewhereMax)
}

/**
 * Every alerting CI, and whatever they reach by following what they depend on. A CI that alerts
 * elsewhere is one where it is upstream, and where the topology lacks CIs and so lacks relations.
 */
const candidatesOf = (
  alerting: readonly AlertingCi[],
  elsewhere: readonly AlertingCi[],
  explains: Map<string, Explained[]>,
  { topology, elsewhere: alertsThere }: HintInput,
) => {
  const here = new Map(alerting.map((each) => [each.ci, each]))
  const there = new Map(elsewhere.map((each) => [each.ci, each]))
  const inCompany = new Set((alertsThere ?? []).filter(({ lone }) => !lone).map(({ ci }) => ci))
  const holes = [...here.keys(), ...there.keys()].some((ci) => !topology.describe(ci))
  for (const ci of there.keys()) if (holes && !explains.has(ci)) explains.set(ci, [])
  return [...explains].map(([ci, list]) => {
    const own = here.get(ci) ?? there.get(ci)
    const candidate: Candidate = {
      ci,
      explains: list,
      ...(there.has(ci) && { elsewhere: { lone: !inCompany.has(ci) } }),
      ...(own && { alerting: own }),
    }
    return { candidate, explained: explainedRarity(candidate) }
  })
}

/** By CI: the targets that depend on it, or are it; nearest first. */
const explainedBy = (
  targets: readonly AlertingCi[],
  input: HintInput,
  settings: HintSettings,
): Map<string, Explained[]> => {
  const explained = new Map<string, Explained[]>()
  for (const target of targets)
    for (const [ci, distance] of upstreamOf(target.ci, input, settings)) {
      const list = explained.get(ci)
      if (list) list.push({ target, distance })
      else explained.set(ci, [{ target, distance }])
    }
  for (const list of explained.values())
    list.sort((a, b) => a.distance - b.distance || byText(a.target.ci, b.target.ci))
  return explained
}

/** What one scores is not known yet; this is the most of it. */
const explainedRarity = ({ alerting, elsewhere, explains }: Candidate): number =>
  explains.reduce((sum, { target }) => sum + target.rarity, elsewhere ? (alerting?.rarity ?? 0) : 0)

/** CIs within reach against the flow of failure, with their distance; breadth first, bounded. */
const upstreamOf = (
  start: string,
  { topology }: HintInput,
  { distanceMax, walkMax }: HintSettings,
): Map<string, number> => {
  const distances = new Map([[start, 0]])
  for (const [ci, distance] of distances) {
    if (distance === distanceMax) break
    for (const neighbour of topology.dependencies(ci)) {
      if (distances.size >= walkMax) return distances
      if (!distances.has(neighbour.ci)) distances.set(neighbour.ci, distance + 1)
    }
  }
  return distances
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
