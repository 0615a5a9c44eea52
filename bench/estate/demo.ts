// The demonstration: hours of an estate's life told in minutes, from calm to a recurring problem.
import type { Change } from '../../domain/change.ts'
import { HOUR_MS, MINUTE_MS, type Millis } from '../../domain/time.ts'
import type { Topology } from '../../domain/topology.ts'
import { createDialect } from './dialect.ts'
import { assembleEstate } from './estate.ts'
import { type FaultKind, faultNamed } from './faults.ts'
import { type Plan, strikeAll } from './incidents.ts'
import { createLayout, type Layout } from './layout.ts'
import { type Profile, profileOf } from './profiles.ts'
import { createRandom, type Random } from './random.ts'

/** The estate's clock runs this much faster than the wall's: a second shows a minute. */
export const DEMO_PACE = 60

/** Tells the story well; any other tells another one. */
export const DEMO_SEED = 'faultline'

export interface DemoChapter {
  readonly at: Millis
  readonly title: string
}

/** Something to send to Faultline, as a tool or a deployment pipeline would, when its time comes. */
export type DemoStep =
  | {
      readonly kind: 'delivery'
      readonly at: Millis
      readonly source: string
      readonly payload: unknown
    }
  | { readonly kind: 'change'; readonly at: Millis; readonly change: Change }

export interface Demo {
  readonly topology: Topology
  readonly chapters: readonly DemoChapter[]
  /** In order of time, all of it: just under three minutes. */
  readonly steps: readonly DemoStep[]
}

const LASTS_MS = 2.9 * HOUR_MS
const STORM_CIS_MAX = 60

interface Scene extends DemoChapter {
  readonly plans: readonly Plan[]
}

const busiest = (layout: Layout, kind: string): string => {
  const ranked = layout
    .ofKind(kind)
    .map((ci) => ({ id: ci.id, sufferers: layout.sufferers(ci.id).length }))
    .sort((a, b) => b.sufferers - a.sufferers)
  return ranked[0]!.id
}

/** All that may suffer when the CI fails, itself included. */
const reachOf = (layout: Layout, root: string): Set<string> => {
  const reached = new Set([root])
  for (const id of reached) for (const { ci } of layout.sufferers(id)) reached.add(ci)
  return reached
}

/** A root that stays silent makes a good test and a poor story. */
const outspoken = (fault: FaultKind): FaultKind => ({
  ...fault,
  silent: 0,
  signs: fault.signs.map((sign) => ({ ...sign, probability: 1 })),
})

const scenesOf = (layout: Layout, random: Random): Scene[] => {
  const strike = (atMs: Millis, name: string, root: string, lastsMs: Millis): Plan => ({
    startsAt: atMs,
    target: { fault: outspoken(faultNamed(name)), root },
    cisMax: STORM_CIS_MAX,
    lastsMs,
  })
  const deployed = random.pick(
    layout.ofKind('service').filter((ci) => layout.sufferers(ci.id).length >= 2),
  ).id
  const database = busiest(layout, 'database')
  const hurt = reachOf(layout, deployed)
  const small = layout
    .ofKind('service')
    .filter((ci) => ci.id !== deployed && layout.sufferers(ci.id).length === 1)
  // Apart from the bad deploy, so that the one is not taken for the other.
  const apart = small.filter((ci) => ![...reachOf(layout, ci.id)].some((id) => hurt.has(id)))
  const leaking = random.pick(apart.length > 0 ? apart : small).id
  /** The same course each time: that is how people recognise an old acquaintance. */
  const leak = (atMs: Millis): Plan => ({
    ...strike(atMs, 'mem_leak', leaking, 14 * MINUTE_MS),
    random: random.fork('leak'),
  })
  const minutes = (count: number): Millis => count * MINUTE_MS
  return [
    { at: 0, title: 'A normal day: chatter from four monitoring tools', plans: [] },
    {
      at: minutes(6),
      title: `A bad deploy of ${deployed}`,
      plans: [strike(minutes(6), 'bad_deploy', deployed, minutes(35))],
    },
    {
      at: minutes(16),
      title: `${leaking} leaks memory, for the first time`,
      plans: [leak(minutes(16))],
    },
    {
      at: minutes(44),
      title: `A switch fails: ${busiest(layout, 'switch')} takes its racks along`,
      plans: [strike(minutes(44), 'switch_down', busiest(layout, 'switch'), minutes(40))],
    },
    { at: minutes(71), title: `${leaking} leaks again`, plans: [leak(minutes(71))] },
    {
      at: minutes(126),
      title: `${leaking} leaks for the third time: now it is a problem`,
      plans: [leak(minutes(126))],
    },
    {
      at: minutes(150),
      title: `${database} is overloaded, and stays so: over to you`,
      plans: [strike(minutes(150), 'db_overload', database, 2 * HOUR_MS)],
    },
  ]
}

/**
 * The whole story, to be sent step by step. Its times are the wall's: `startsAt` onwards, with
 * every time inside the payloads to match.
 */
export const createDemo = (seed: string | number, startsAt: Millis, pace = DEMO_PACE): Demo => {
  const random = createRandom(`${seed}/demo`)
  const profile: Profile = {
    ...profileOf('ordinary'),
    lastsMs: LASTS_MS,
    noisePerHour: 9,
    flappers: 1,
    chronics: 2,
    routineChangesPerDay: 60,
  }
  const layout = createLayout(random.fork('layout'), 0.6)
  const scenes = scenesOf(layout, random.fork('scenes'))
  const happenings = strikeAll(
    scenes.flatMap((scene) => scene.plans),
    layout,
    random.fork('strikes'),
  )
  const clock = (at: Millis): Millis => Math.round(startsAt + at / pace)
  const dialect = { ...createDialect(random.fork('dialect')), clock }
  const estate = assembleEstate(layout, happenings, { profile, from: 0, dialect }, random)
  const changes: DemoStep[] = estate.changes.map(({ endedAt, ...change }) => ({
    kind: 'change',
    at: clock(change.startedAt),
    change: {
      ...change,
      startedAt: clock(change.startedAt),
      ...(endedAt !== undefined && { endedAt: clock(endedAt) }),
    },
  }))
  const deliveries: DemoStep[] = estate.deliveries.map(({ receivedAt, source, payload }) => ({
    kind: 'delivery',
    at: receivedAt,
    source,
    payload,
  }))
  return {
    topology: estate.topology,
    chapters: scenes.map(({ at, title }) => ({ at: clock(at), title })),
    // What would end after the story does not end: there is something to work on.
    steps: [...changes, ...deliveries]
      .filter(({ at }) => at <= clock(LASTS_MS))
      .sort((a, b) => a.at - b.at),
  }
}

/**
 * A stage's settings at the demonstration's pace: every duration in them (a name that ends in
 * `Ms`) is divided, so that the pipeline judges the hurried estate as it would a real one.
 */
export const atPace = <T extends object>(settings: T, pace = DEMO_PACE): T =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      const lasts = name.endsWith('Ms')
      if (typeof value === 'number' && lasts) return [name, value / pace]
      if (Array.isArray(value)) return [name, lasts ? value.map((one) => one / pace) : value]
      const nested = typeof value === 'object' && value !== null
      return [name, nested ? atPace(value as object, pace) : value]
    }),
  ) as T
