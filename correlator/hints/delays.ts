// How far each source's clock can be believed: learned from when its alerts reached the log.
import { type Millis, SECOND_MS } from '../../domain/time.ts'

export interface DelaysSnapshot {
  readonly sources: readonly (readonly [source: string, SourceDelay])[]
}

interface SourceDelay {
  readonly samples: number
  /** Running estimate of the median of firstSeen - startsAt. */
  readonly medianMs: number
}

export interface Delays {
  observe(source: string, startsAt: Millis, firstSeen: Millis): void
  correctionMs(source: string): number
  snapshot(): DelaysSnapshot
}

/** A source needs this many alerts before it is corrected. */
const SAMPLES_MIN = 8
/** Sources told apart; later ones are taken at their word. */
const SOURCES_MAX = 1_000
/** The estimate moves by at most this much per alert, and never by less than the floor. */
const STEP_FIRST_MS = 30 * SECOND_MS
const STEP_FLOOR_MS = 50
/** A median below this means that `startsAt` is the time of reporting, not of the onset. */
const OWN_TIME_MIN_MS = 100

/**
 * The median by stochastic approximation: each alert moves the estimate one shrinking step up or
 * down, so that a few hour-long outliers move it no more than ordinary alerts do.
 */
export const createDelays = (restored?: DelaysSnapshot): Delays => {
  const sources = new Map<string, SourceDelay>(restored?.sources ?? [])

  /** What a source that tells onsets takes from onset to log. */
  const typicalMs = (): number => {
    const medians = [...sources.values()]
      .filter(({ samples, medianMs }) => samples >= SAMPLES_MIN && medianMs >= OWN_TIME_MIN_MS)
      .map(({ medianMs }) => medianMs)
      .sort((a, b) => a - b)
    return medians[Math.floor(medians.length / 2)] ?? 0
  }

  return {
    observe: (source, startsAt, firstSeen) => {
      const known = sources.get(source)
      if (!known && sources.size >= SOURCES_MAX) return
      const delayMs = firstSeen - startsAt
      const { samples, medianMs } = known ?? { samples: 0, medianMs: delayMs }
      const stepMs = Math.max(STEP_FLOOR_MS, STEP_FIRST_MS / (samples + 1))
      const towards = Math.max(-stepMs, Math.min(stepMs, delayMs - medianMs))
      sources.set(source, { samples: samples + 1, medianMs: medianMs + towards })
    },
    correctionMs: (source) => {
      const known = sources.get(source)
      if (!known || known.samples < SAMPLES_MIN || known.medianMs >= OWN_TIME_MIN_MS) return 0
      return Math.round(known.medianMs - typicalMs())
    },
    snapshot: () => ({
      sources: [...sources].sort(([a], [b]) => (a < b ? -1 : 1)),
    }),
  }
}
