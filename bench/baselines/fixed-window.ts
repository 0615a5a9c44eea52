// Baseline: everything that begins within the same clock window is one incident.
import { MINUTE_MS } from '../../domain/time.ts'
import { assignLives, type Baseline } from './baseline.ts'

export const fixedWindow = (minutes: number): Baseline => ({
  name: `fixed window ${minutes} min`,
  assign: (events) =>
    assignLives(events, ({ at }) => `window-${Math.floor(at / (minutes * MINUTE_MS))}`),
})
