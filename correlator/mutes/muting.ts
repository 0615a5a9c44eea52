// Which firing alerts are muted, and by what: decided on log time, before anybody is told.
import { matchableLabels } from '../../domain/matcher.ts'
import type { Mute, Muting } from '../../domain/mute.ts'
import { isoTime, type Millis } from '../../domain/time.ts'
import { createSubtrees, type Topology } from '../../domain/topology.ts'
import { createDueQueue } from '../due.ts'
import type { EpochCounts } from '../epoch-counts.ts'
import { setMuting } from '../incident-node.ts'
import type { LiveAlert } from '../live-alert.ts'
import type { CorrelatorSettings } from '../settings.ts'
import { isFlapping } from '../views.ts'
import { learnEnd, pauseOf } from './auto-pause.ts'
import { createCoverage } from './coverage.ts'
import { createInhibition } from './inhibition.ts'
import { spanAt } from './mute-book.ts'

export interface Mutings {
  /** An alert fires, is new or anew; or what matchers see of it has changed. */
  fired(alert: LiveAlert): void
  /** It no longer fires. */
  ceased(alert: LiveAlert): void
  take(mute: Mute): void
  /** The topology changed. @param moved alerts that are on another CI now */
  rebound(moved: Iterable<LiveAlert>): void
  /** Begins and ends what is due by the state's time. */
  advance(): void
  /** When `advance` has something to do next; infinity when nothing waits. */
  nextAt(): Millis
  /** Decides what is in doubt. @returns alerts that are muted now, or by something else, or no longer */
  settle(): readonly LiveAlert[]
  mutes(): readonly Mute[]
  /** After a restore, with the mutes that were known. */
  resume(mutes: readonly Mute[]): void
}

export interface MutingsContext {
  readonly settings: CorrelatorSettings
  now(): Millis
  alerts(): Iterable<LiveAlert>
  topology(): Topology
  counts(scope: string): EpochCounts
}

const WORD = { silence: 'Silenced', maintenance: 'Under maintenance, planned' } as const

/** Reasons told of one alert. */
const MUTINGS_MAX = 5

const plannedMuting = (mute: Mute, now: Millis): Muting => {
  const until = spanAt(mute, now)?.to ?? now
  const { id, reason, title, by } = mute
  const text = `${WORD[reason]} by ${by} until ${isoTime(until)}: ${title}`
  return { reason, by: id, text, until }
}

const inhibitedMuting = (rule: string, source: LiveAlert): Muting => {
  const where = source.ci === undefined ? '' : ` on ${source.ci}`
  return {
    reason: 'inhibition',
    by: rule,
    text: `Inhibited by ${source.name}${where} (rule ${rule}).`,
  }
}

const sameMuting = (one: readonly Muting[], other: readonly Muting[]): boolean =>
  one.length === other.length &&
  one.every(
    ({ reason, by, until }, i) =>
      reason === other[i]!.reason && by === other[i]!.by && until === other[i]!.until,
  )

const byId = (a: LiveAlert, b: LiveAlert): number => {
  if (a.id !== b.id) return a.id < b.id ? -1 : 1
  return a.scope < b.scope ? -1 : a.scope > b.scope ? 1 : 0
}

const pauseMuting = (alert: LiveAlert, settings: CorrelatorSettings, now: Millis): Muting[] => {
  const { pause } = alert
  if (pause === undefined || pause.until <= now || isFlapping(alert, settings, now)) return []
  return [{ reason: 'transient', by: alert.type, ...pause }]
}

export const createMutings = (context: MutingsContext): Mutings => {
  const { settings, now } = context
  let subtrees = createSubtrees(context.topology())
  const coverage = createCoverage(
    settings.mutesMax,
    now,
    (roots) => subtrees(roots),
    context.alerts,
  )
  const inhibition = createInhibition(settings.inhibition)
  const pauses = createDueQueue<LiveAlert>()
  const doubtful = new Set<LiveAlert>()
  const isIdle = (): boolean => coverage.size === 0 && settings.inhibition.length === 0

  const doubt = (alerts: Iterable<LiveAlert>): void => {
    for (const alert of alerts) doubtful.add(alert)
  }

  const cover = (alert: LiveAlert): void => {
    if (alert.pause !== undefined || alert.muting.length > 0) doubtful.add(alert)
    if (isIdle()) return
    const labels = matchableLabels(alert)
    doubt(inhibition.fired(alert, labels))
    if (coverage.cover(alert, labels) || inhibition.of(alert).length > 0) doubtful.add(alert)
  }

  const wakeAfterPause = (alert: LiveAlert): void => {
    if (alert.pause !== undefined && alert.pause.until > now())
      pauses.push(alert.pause.until, alert.id, alert)
  }

  const mutingsOf = (alert: LiveAlert): readonly Muting[] =>
    [
      ...coverage.holding(alert).map((mute) => plannedMuting(mute, now())),
      ...inhibition.of(alert).map(({ rule, source }) => inhibitedMuting(rule, source)),
      ...pauseMuting(alert, settings, now()),
    ].slice(0, MUTINGS_MAX)

  return {
    fired: (alert) => {
      if (!alert.firing) return
      if (alert.version === 0 && alert.pause === undefined) {
        alert.pause = pauseOf(alert, context.counts(alert.scope), settings)
        wakeAfterPause(alert)
      }
      cover(alert)
    },
    ceased: (alert) => {
      coverage.uncover(alert)
      doubtful.delete(alert)
      doubt(inhibition.ceased(alert))
      if (!isFlapping(alert, settings, now()))
        learnEnd(alert, context.counts(alert.scope), settings, now())
    },
    take: (mute) => {
      doubt(coverage.take(mute))
    },
    rebound: (moved) => {
      subtrees = createSubtrees(context.topology())
      doubt(coverage.rebound())
      for (const alert of moved) if (alert.firing) cover(alert)
    },
    advance: () => {
      doubt(coverage.advance())
      for (let alert = pauses.pop(now()); alert; alert = pauses.pop(now())) doubtful.add(alert)
    },
    nextAt: () => Math.min(coverage.nextAt(), pauses.nextAt()),
    settle: () => settleMuting(doubtful, mutingsOf),
    mutes: coverage.all,
    resume: (mutes) => {
      for (const mute of mutes) doubt(coverage.take(mute))
      for (const alert of context.alerts()) {
        if (alert.firing) cover(alert)
        wakeAfterPause(alert)
      }
    },
  }
}

const settleMuting = (
  doubtful: Set<LiveAlert>,
  mutingsOf: (alert: LiveAlert) => readonly Muting[],
): readonly LiveAlert[] => {
  if (doubtful.size === 0) return []
  const changed: LiveAlert[] = []
  for (const alert of [...doubtful].sort(byId)) {
    if (!alert.firing) continue
    const muting = mutingsOf(alert)
    if (sameMuting(alert.muting, muting)) continue
    setMuting(alert, muting)
    changed.push(alert)
  }
  doubtful.clear()
  return changed
}
