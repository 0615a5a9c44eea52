// The kinds of days an estate may have.
import { DAY_MS } from '../../domain/time.ts'

export const PROFILES = ['ordinary', 'storm', 'overlap', 'holes'] as const
export type ProfileName = (typeof PROFILES)[number]

export interface Profile {
  readonly lastsMs: number
  /** Size of the topology; 1 is roughly 130 to 250 CIs. */
  readonly scale: number
  readonly incidentsPerDay: number
  /** Share of incidents that begin within minutes of another one. */
  readonly overlapShare: number
  readonly storms: number
  readonly noisePerHour: number
  /** Share of CIs missing from the topology that Faultline is given. */
  readonly holes: number
  readonly flappers: number
  readonly chronics: number
  readonly routineChangesPerDay: number
}

const ORDINARY: Profile = {
  lastsMs: 3 * DAY_MS,
  scale: 1,
  incidentsPerDay: 13,
  overlapShare: 0.3,
  storms: 0,
  noisePerHour: 11,
  holes: 0,
  flappers: 6,
  chronics: 4,
  routineChangesPerDay: 20,
}

export const profileOf = (name: ProfileName): Profile =>
  ({
    ordinary: ORDINARY,
    storm: { ...ORDINARY, scale: 1.4, storms: 5, noisePerHour: 16 },
    overlap: { ...ORDINARY, overlapShare: 0.7, incidentsPerDay: 16 },
    holes: { ...ORDINARY, holes: 0.4 },
  })[name]
