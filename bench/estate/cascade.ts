// How one fault becomes many alerts: from its root along dependencies, with delays and chance.
import type { Millis } from '../../domain/time.ts'
import { MINUTE_MS, SECOND_MS } from '../../domain/time.ts'
import { type AlertType, SYMPTOMS } from './alert-types.ts'
import type { FaultKind } from './faults.ts'
import type { Layout } from './layout.ts'
import type { Random } from './random.ts'

/** One condition on one CI: true from `startsAt` to `endsAt`. */
export interface Condition {
  readonly ci: string
  readonly type: AlertType
  readonly startsAt: Millis
  readonly endsAt: Millis
}

export interface Strike {
  readonly fault: FaultKind
  readonly root: string
  readonly startsAt: Millis
  readonly endsAt: Millis
  /** The most CIs that show anything. */
  readonly cisMax: number
  /** Spreads with less loss, as the faults do that people remember. */
  readonly storm?: boolean
}

const SILENT_STEP = 0.1
const STEP_MIN_MS = 8 * SECOND_MS
const SIGN_DELAY_MS: readonly [number, number] = [5 * SECOND_MS, 45 * SECOND_MS]
const CLEAR_DELAY_MS: readonly [number, number] = [-MINUTE_MS, 4 * MINUTE_MS]
/** A clearing lag may not swallow the whole condition. */
const CONDITION_MIN_MS = 2 * MINUTE_MS

interface Front {
  readonly ci: string
  readonly at: Millis
  readonly step: number
}

export const cascade = (strike: Strike, layout: Layout, random: Random): Condition[] => {
  const { fault } = strike
  const conditions: Condition[] = []
  const show = (ci: string, type: AlertType, startsAt: Millis): void => {
    if (startsAt >= strike.endsAt) return
    const endsAt = strike.endsAt + Math.round(random.between(...CLEAR_DELAY_MS))
    conditions.push({ ci, type, startsAt, endsAt: Math.max(endsAt, startsAt + CONDITION_MIN_MS) })
  }
  showRoot(strike, random, show)
  const reached = new Set([strike.root])
  const queue: Front[] = [{ ci: strike.root, at: strike.startsAt, step: 0 }]
  for (let front = queue.shift(); front; front = queue.shift()) {
    if (front.step >= fault.stepsMax) continue
    const reach =
      fault.reach * (strike.storm ? Math.sqrt(fault.fading) : fault.fading) ** front.step
    for (const sufferer of random.sample(layout.sufferers(front.ci), 500)) {
      if (reached.has(sufferer.ci) || reached.size >= strike.cisMax) continue
      if (!random.chance(reach / Math.sqrt(sufferer.redundancy))) continue
      const delay = STEP_MIN_MS + random.exponential(fault.stepMs)
      const at = front.at + Math.round(delay)
      reached.add(sufferer.ci)
      queue.push({ ci: sufferer.ci, at, step: front.step + 1 })
      showSufferer(sufferer.ci, at, layout, random, show)
    }
  }
  return conditions
}

type Show = (ci: string, type: AlertType, startsAt: Millis) => void

const showRoot = (strike: Strike, random: Random, show: Show): void => {
  const { fault, root, startsAt } = strike
  if (random.chance(fault.silent ?? 0)) return
  const signs = fault.signs.filter((sign) => random.chance(sign.probability))
  for (const sign of signs.length > 0 ? signs : fault.signs.slice(0, 1))
    show(root, sign.type, startsAt + Math.round(random.between(...SIGN_DELAY_MS)))
}

const showSufferer = (ci: string, at: Millis, layout: Layout, random: Random, show: Show): void => {
  if (random.chance(SILENT_STEP)) return
  const symptoms = SYMPTOMS[layout.byId.get(ci)?.kind ?? ''] ?? []
  const count = Math.min(symptoms.length, random.integer(1, 3))
  for (const type of random.sample(symptoms, count))
    show(ci, type, at + Math.round(random.exponential(15 * SECOND_MS)))
}
