// Every limit of ranking in one place, with the defaults.
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts'
import type { HintSettings } from './types.ts'

export const DEFAULT_HINT_SETTINGS: HintSettings = {
  hintsMax: 5,
  cellsMax: 2_000,
  alertingMax: 100,
  distanceMax: 3,
  walkMax: 200,
  candidatesMax: 200,
  elsewhereMax: 20,
  elsewhereWithinMs: 5 * MINUTE_MS,
  changeLookbackMs: 4 * HOUR_MS,
  onsetToleranceMs: 10 * SECOND_MS,
  experiencedAfter: 20,
}
