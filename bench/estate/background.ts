// What always goes on: single noise, nightly chatter, flappers, chronic alerts, routine changes.
import type { Change } from '../../domain/change.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, type Millis, SECOND_MS } from '../../domain/time.ts'
import type { Ci } from '../../domain/topology.ts'
import { type AlertType, CHATTER, CHRONIC, FLAPPING, SYMPTOMS } from './alert-types.ts'
import type { Layout } from './layout.ts'
import type { Profile } from './profiles.ts'
import type { Random } from './random.ts'

/** A condition that belongs to no fault. */
export interface Background {
  readonly ci: string
  readonly type: AlertType
  readonly startsAt: Millis
  readonly endsAt: Millis
  readonly name: string
  readonly repeatMs?: number
}

const WATCHED = ['service', 'host', 'switch', 'database', 'cache', 'queue', 'gateway'] as const
/** Share of noise that looks like a real symptom. */
const LIFELIKE = 0.22
const NOISE_MS: readonly [number, number] = [MINUTE_MS, 15 * MINUTE_MS]

const singles = (
  profile: Profile,
  watched: readonly Ci[],
  from: Millis,
  random: Random,
): Omit<Background, 'name'>[] => {
  const list: Omit<Background, 'name'>[] = []
  const meanGapMs = HOUR_MS / (profile.noisePerHour * random.between(0.7, 1.3))
  for (let at = from; ; ) {
    at += Math.max(1, Math.round(random.exponential(meanGapMs)))
    if (at >= from + profile.lastsMs) return list
    const ci = random.pick(watched)
    const lifelike = SYMPTOMS[ci.kind] ?? []
    const type =
      random.chance(LIFELIKE) && lifelike.length > 0 ? random.pick(lifelike) : random.pick(CHATTER)
    list.push({ ci: ci.id, type, startsAt: at, endsAt: at + lasting(random) })
  }
}

const lasting = (random: Random): number => Math.round(random.between(...NOISE_MS))

/** Unrelated components that speak up together every night, only because jobs run then. */
const nightly = (
  profile: Profile,
  watched: readonly Ci[],
  from: Millis,
  random: Random,
): Omit<Background, 'name'>[] => {
  const [backup] = CHATTER
  const list: Omit<Background, 'name'>[] = []
  for (let day = 0; day * DAY_MS < profile.lastsMs; day++)
    for (const ci of random.sample(watched, random.integer(4, 12))) {
      const startsAt = from + day * DAY_MS + 2 * HOUR_MS + Math.round(random.between(0, HOUR_MS))
      list.push({ ci: ci.id, type: backup!, startsAt, endsAt: startsAt + lasting(random) })
    }
  return list
}

const flapper = (
  name: string,
  profile: Profile,
  ci: Ci,
  from: Millis,
  random: Random,
): Background[] => {
  const lasts = random.pick([1, 2, 2, 4]) * HOUR_MS
  const begins = from + Math.round(random.between(0, Math.max(1, profile.lastsMs - lasts)))
  const lives: Background[] = []
  for (let at = begins; at < begins + lasts; at += Math.round(random.between(60, 300) * SECOND_MS))
    lives.push({
      ci: ci.id,
      type: FLAPPING,
      startsAt: at,
      endsAt: at + Math.round(random.between(15, 55) * SECOND_MS),
      name,
    })
  return lives
}

export const background = (
  profile: Profile,
  layout: Layout,
  from: Millis,
  random: Random,
): Background[] => {
  const watched = layout.ofKind(...WATCHED)
  const noise = [
    ...singles(profile, watched, from, random.fork('singles')),
    ...nightly(profile, watched, from, random.fork('nightly')),
  ]
    .sort((a, b) => a.startsAt - b.startsAt)
    .map((one, i) => ({ ...one, name: `NOISE-${i + 1}` }))
  const flapping = random
    .sample(watched, profile.flappers)
    .flatMap((ci, i) => flapper(`FLAP-${i}`, profile, ci, from, random))
  const chronic = random.sample(watched, profile.chronics).map((ci, i) => ({
    ci: ci.id,
    type: CHRONIC,
    startsAt: from + Math.round(random.between(0, 10 * MINUTE_MS)),
    endsAt: from + profile.lastsMs,
    name: `CHRONIC-${i}`,
    repeatMs: HOUR_MS,
  }))
  return [...noise, ...flapping, ...chronic]
}

const CHANGE_TYPES = ['deployment', 'deployment', 'deployment', 'config', 'infrastructure'] as const

/** Changes that break nothing. */
export const routineChanges = (
  profile: Profile,
  layout: Layout,
  from: Millis,
  random: Random,
): Change[] => {
  const targets = layout.ofKind('service', 'gateway', 'database')
  const count = Math.round((profile.routineChangesPerDay * profile.lastsMs) / DAY_MS)
  return Array.from({ length: count }, () => {
    const ci = random.pick(targets).id
    const type = random.pick(CHANGE_TYPES)
    const startedAt = from + Math.round(random.between(0, profile.lastsMs))
    const endedAt = startedAt + Math.round(random.between(1, 6) * MINUTE_MS)
    const id = `CHG-${random.hex(5)}`
    return { id, ci, type, summary: `routine ${type} of ${ci}`, startedAt, endedAt }
  })
}
