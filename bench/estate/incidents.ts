// The true incidents of an estate: which faults strike when and where, which recur, which overlap.
import type { Change } from '../../domain/change.ts'
import { DAY_MS, MINUTE_MS, type Millis } from '../../domain/time.ts'
import { type Condition, cascade } from './cascade.ts'
import { FAULTS, type FaultKind } from './faults.ts'
import type { Layout } from './layout.ts'
import type { Profile } from './profiles.ts'
import type { Random } from './random.ts'

export interface TrueIncident {
  readonly incident: string
  readonly fault: string
  readonly root: string
  readonly startsAt: Millis
  readonly endsAt: Millis
  /** Set where the same fault strikes the same root again and again. */
  readonly pattern?: string
  readonly change?: string
  readonly conditions: readonly Condition[]
}

export interface Happenings {
  readonly incidents: readonly TrueIncident[]
  readonly changes: readonly Change[]
}

export interface Target {
  readonly fault: FaultKind
  readonly root: string
  readonly pattern?: string
}

const ORDINARY_CIS_MAX = 14
const STORM_CIS_MAX = 150
const RECURRING_SHARE = 0.35
const OVERLAP_WITHIN_MS = 5 * MINUTE_MS
/** A root heals this long before the same fault strikes it again. */
const SAME_ROOT_REST_MS = 40 * MINUTE_MS
const CHANGE_LEAD_MS: readonly [number, number] = [2 * MINUTE_MS, 9 * MINUTE_MS]

const rootsOf = (fault: FaultKind, layout: Layout): string[] =>
  layout
    .ofKind(...fault.strikes)
    .filter((ci) => !fault.only || fault.only.test(ci.id))
    .map((ci) => ci.id)

const aim = (faults: readonly FaultKind[], layout: Layout, random: Random): Target => {
  const fault = random.weighted(
    faults.filter((kind) => rootsOf(kind, layout).length > 0),
    (kind) => kind.weight,
  )
  return { fault, root: random.pick(rootsOf(fault, layout)) }
}

/**
 * When incidents begin: some alone, a given share within minutes of such a lone one, so that
 * twos and threes overlap rather than everything with everything.
 */
const beginnings = (profile: Profile, from: Millis, random: Random): Millis[] => {
  const count = Math.round((profile.incidentsPerDay * profile.lastsMs) / DAY_MS)
  const lone = Math.max(1, Math.round(count * (1 - profile.overlapShare)))
  const alone = Array.from({ length: lone }, () =>
    Math.round(from + random.between(0.02, 0.98) * profile.lastsMs),
  )
  const near = Array.from({ length: count - lone }, () =>
    Math.round(random.pick(alone) + random.between(0, OVERLAP_WITHIN_MS)),
  )
  return [...alone, ...near].sort((a, b) => a - b)
}

const guiltyChange = (target: Target, startsAt: Millis, random: Random): Change | undefined => {
  const { change } = target.fault
  if (!change || !random.chance(change.probability)) return undefined
  const startedAt = startsAt - Math.round(random.between(...CHANGE_LEAD_MS))
  const version = `v${random.integer(1, 9)}.${random.integer(0, 40)}.${random.integer(0, 9)}`
  return {
    id: `CHG-${random.hex(5)}`,
    ci: target.root,
    type: change.type,
    summary: `${change.type} of ${target.root} ${version}`,
    startedAt,
    endedAt: Math.round(startsAt - random.between(5_000, 40_000)),
  }
}

export const happen = (
  profile: Profile,
  layout: Layout,
  from: Millis,
  random: Random,
): Happenings => {
  const everyday = FAULTS.filter((fault) => !fault.storms || random.chance(0.5))
  const recurring = Array.from({ length: random.integer(3, 5) }, () => ({
    ...aim(everyday, layout, random),
    pattern: `PAT-${random.hex(4)}`,
  }))
  const plans: Plan[] = beginnings(profile, from, random).map((startsAt) => ({
    startsAt,
    target: random.chance(RECURRING_SHARE) ? random.pick(recurring) : aim(everyday, layout, random),
    cisMax: ORDINARY_CIS_MAX,
  }))
  const storming = FAULTS.filter((fault) => fault.storms)
  for (let i = 0; i < profile.storms; i++)
    plans.push({
      startsAt: from + Math.round(random.between(0.03, 0.97) * profile.lastsMs),
      target: aim(storming, layout, random),
      cisMax: STORM_CIS_MAX,
      storm: true,
    })
  return strikeAll(
    plans.sort((a, b) => a.startsAt - b.startsAt),
    layout,
    random,
  )
}

export interface Plan {
  readonly startsAt: Millis
  readonly target: Target
  readonly cisMax: number
  readonly lastsMs?: number
  readonly storm?: boolean
  /** Plans with equal streams of chance take an equal course. */
  readonly random?: Random
}

/** Lets planned faults happen, earliest first. */
export const strikeAll = (plans: readonly Plan[], layout: Layout, random: Random): Happenings => {
  const incidents: TrueIncident[] = []
  const changes: Change[] = []
  const healedAt = new Map<string, Millis>()
  for (const { target, startsAt, cisMax, lastsMs, storm = false, random: own = random } of plans) {
    const { fault, root, pattern } = target
    if (startsAt < (healedAt.get(root) ?? 0)) continue
    const endsAt = startsAt + (lastsMs ?? Math.round(random.between(...fault.lastsMs)))
    const conditions = cascade({ fault, root, startsAt, endsAt, cisMax, storm }, layout, own)
    if (conditions.length === 0) continue
    healedAt.set(root, endsAt + SAME_ROOT_REST_MS)
    const change = guiltyChange(target, startsAt, random)
    if (change) changes.push(change)
    incidents.push({
      incident: `INC-${String(incidents.length + 1).padStart(4, '0')}`,
      fault: fault.name,
      root,
      startsAt,
      endsAt,
      ...(pattern !== undefined && { pattern }),
      ...(change && { change: change.id }),
      conditions,
    })
  }
  return { incidents, changes }
}
