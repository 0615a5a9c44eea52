// What past incidents teach the hints: rarity, reporting delays, roles and people's verdicts.
import { DAY_MS, type Millis } from '../../domain/time.ts'
import { createDecayedCounts, type DecayedCountsSnapshot } from './decayed-counts.ts'
import { createDelays, type DelaysSnapshot } from './delays.ts'
import { learnRoles, roleFrom } from './roles.ts'
import { cellKey } from './scene.ts'
import type { HintKnowledge, Verdict } from './types.ts'
import { createVerdicts } from './verdicts.ts'

export interface KnowledgeSettings {
  readonly halfLifeMs: number
  /** CI x alert types counted. */
  readonly cellsMax: number
  /** Alert types whose role is learned. */
  readonly typesMax: number
  /** Verdicts kept, the newest. */
  readonly verdictsMax: number
  /** Distinct CI x alert types of one closed incident that are counted. */
  readonly incidentCellsMax: number
}

export const DEFAULT_KNOWLEDGE_SETTINGS: KnowledgeSettings = {
  halfLifeMs: 30 * DAY_MS,
  cellsMax: 100_000,
  typesMax: 10_000,
  verdictsMax: 2_000,
  incidentCellsMax: 2_000,
}

/** A CI x alert type of a closed incident. */
export interface ClosedCell {
  readonly ci: string
  readonly name: string
}

/** What an incident was put down to when it closed. */
export interface ClosedCause {
  readonly ci: string
  readonly confidence: number
  readonly confirmed?: boolean
}

export interface KnowledgeSnapshot {
  readonly rarity: DecayedCountsSnapshot
  readonly roles: DecayedCountsSnapshot
  readonly company: DecayedCountsSnapshot
  readonly delays: DelaysSnapshot
  readonly verdicts: readonly Verdict[]
}

export interface HintLearning {
  /** What `rankHints` reads; follows the learning. */
  readonly knowledge: HintKnowledge
  /** Once per new alert: how long its source took to report. O(1). */
  alertReported(source: string, startsAt: Millis, firstSeen: Millis): void
  /**
   * Once per incident when it resolves; duplicate cells count once.
   * @param top its likeliest hint; a sure one, or one that a person confirmed, teaches roles
   */
  incidentClosed(cells: Iterable<ClosedCell>, top: ClosedCause | undefined, now: Millis): void
  /** A person confirmed or rejected a hint; the newest verdict on incident and CI holds. */
  decided(verdict: Verdict): void
  /** Takes the verdict on that incident and CI back. */
  undecided(incidentId: string, ci: string): void
  snapshot(): KnowledgeSnapshot
}

/** Keys of the sums: no CI and no alert type has an empty name. */
const EVERY_INCIDENT = ''
const EVERY_TYPE = ''
const SEEN = 'seen '
const ALONE = 'alone '
/** A hint below this confidence teaches nothing. */
const SURE_MIN = 0.85
/** A person's word weighs as much as this many sure hints. */
const CONFIRMED_WEIGHT = 3

export const createHintLearning = (
  settings: KnowledgeSettings = DEFAULT_KNOWLEDGE_SETTINGS,
  restored?: KnowledgeSnapshot,
): HintLearning => {
  const { halfLifeMs, cellsMax, typesMax } = settings
  const rarity = createDecayedCounts({ halfLifeMs, keysMax: cellsMax }, restored?.rarity)
  const roles = createDecayedCounts({ halfLifeMs, keysMax: 2 * typesMax }, restored?.roles)
  const company = createDecayedCounts({ halfLifeMs, keysMax: 2 * typesMax }, restored?.company)
  const delays = createDelays(restored?.delays)
  const verdicts = createVerdicts(settings.verdictsMax, restored?.verdicts)
  const knowledge: HintKnowledge = {
    rarity: (ci, name, now) => {
      const seen = knowledge.seen(ci, name, now)
      return Math.log((seen.incidents + 2) / (seen.ofCell + 1))
    },
    incidents: (now) => rarity.get(EVERY_INCIDENT, now),
    seen: (ci, name, now) => ({
      incidents: knowledge.incidents(now),
      ofCell: rarity.get(cellKey(ci, name ?? EVERY_TYPE), now),
    }),
    company: (name, now) => ({
      seen: company.get(SEEN + name, now),
      alone: company.get(ALONE + name, now),
    }),
    onsetCorrectionMs: delays.correctionMs,
    role: (name, now) => roleFrom(roles, name, now),
    verdicts: verdicts.about,
  }
  return {
    knowledge,
    alertReported: delays.observe,
    incidentClosed: (cells, top, now) => {
      const distinct = distinctCells(cells, settings.incidentCellsMax)
      rarity.add(EVERY_INCIDENT, now)
      for (const key of distinct.keys()) rarity.add(key, now)
      for (const ci of new Set([...distinct.values()].map((cell) => cell.ci)))
        rarity.add(cellKey(ci, EVERY_TYPE), now)
      for (const name of new Set([...distinct.values()].map((cell) => cell.name))) {
        company.add(SEEN + name, now)
        if (distinct.size === 1) company.add(ALONE + name, now)
      }
      const surety = top ? suretyOf(top) : 0
      if (top && surety > 0) learnRoles(roles, [...distinct.values()], top.ci, surety, now)
    },
    decided: verdicts.add,
    undecided: verdicts.remove,
    snapshot: () => ({
      rarity: rarity.snapshot(),
      roles: roles.snapshot(),
      company: company.snapshot(),
      delays: delays.snapshot(),
      verdicts: verdicts.snapshot(),
    }),
  }
}

const suretyOf = ({ confidence, confirmed }: ClosedCause): number => {
  if (confirmed) return CONFIRMED_WEIGHT
  return confidence >= SURE_MIN ? confidence : 0
}

const distinctCells = (cells: Iterable<ClosedCell>, max: number): Map<string, ClosedCell> => {
  const distinct = new Map<string, ClosedCell>()
  for (const cell of cells) {
    if (distinct.size >= max) break
    distinct.set(cellKey(cell.ci, cell.name), cell)
  }
  return distinct
}
