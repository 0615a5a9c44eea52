// A whole simulated estate by seed and profile: topology, changes, deliveries in time, and truth.
import type { Change } from '../../domain/change.ts'
import type { Millis } from '../../domain/time.ts'
import type { Topology } from '../../domain/topology.ts'
import { background, routineChanges } from './background.ts'
import { createDialect } from './dialect.ts'
import { happen, type TrueIncident } from './incidents.ts'
import { createLayout, type Layout, withHoles } from './layout.ts'
import type { TimedDelivery } from './life.ts'
import type { Dialect } from './payloads.ts'
import { type Profile, type ProfileName, profileOf } from './profiles.ts'
import { createRandom, type Random } from './random.ts'
import { report } from './reporting.ts'
import { type Sighting, witness } from './witness.ts'

export interface Estate {
  /** As Faultline is given it; may have holes. */
  readonly topology: Topology
  readonly changes: readonly Change[]
  readonly incidents: readonly TrueIncident[]
  /** In order of receipt. */
  readonly deliveries: readonly TimedDelivery[]
}

/** Monday 2026-03-02, 00:00 UTC. */
export const ESTATE_EPOCH: Millis = 1_772_409_600_000
/** Everything that happens in one estate, from its parts; pure. */
export const assembleEstate = (
  layout: Layout,
  happenings: ReturnType<typeof happen>,
  setting: { profile: Profile; from: Millis; dialect: Dialect },
  random: Random,
): Estate => {
  const { profile, from, dialect } = setting
  const sightings: Sighting[] = []
  for (const { incident, conditions } of happenings.incidents)
    for (const condition of conditions)
      sightings.push({ ...condition, truth: { incident, noise: false } })
  for (const { name, ...one } of background(profile, layout, from, random.fork('background')))
    sightings.push({ ...one, truth: { incident: name, noise: true } })
  const lives = witness(sightings, layout, random.fork('witness'))
  const told = new Set(lives.map((life) => life.truth.incident))
  const routine = routineChanges(profile, layout, from, random.fork('routine'))
  return {
    topology:
      profile.holes > 0
        ? withHoles(layout.topology, profile.holes, random.fork('holes'))
        : layout.topology,
    changes: [...happenings.changes, ...routine].sort((a, b) => a.startedAt - b.startedAt),
    incidents: happenings.incidents.filter(({ incident }) => told.has(incident)),
    deliveries: report(lives, dialect, random.fork('reporting')),
  }
}

/** The same seed and profile give the same estate, byte for byte. */
export const createEstate = (seed: string | number, name: ProfileName): Estate => {
  const random = createRandom(`${seed}/${name}`)
  const profile = profileOf(name)
  const layout = createLayout(random.fork('layout'), profile.scale)
  const happenings = happen(profile, layout, ESTATE_EPOCH, random.fork('incidents'))
  const dialect = createDialect(random.fork('dialect'))
  return assembleEstate(layout, happenings, { profile, from: ESTATE_EPOCH, dialect }, random)
}
