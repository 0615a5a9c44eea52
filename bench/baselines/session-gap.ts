// Baseline: a service's alerts are one incident until it has been quiet for a gap.
import { MINUTE_MS } from '../../domain/time.ts'
import { assignLives, type Baseline, thingOf } from './baseline.ts'

export const sessionGap = (minutes: number): Baseline => ({
  name: `session gap ${minutes} min per service`,
  assign: (events) => {
    const sessions = new Map<string, { ordinal: number; lastAt: number }>()
    return assignLives(events, (event) => {
      const thing = thingOf(event)
      const session = sessions.get(thing)
      const going = session !== undefined && event.at - session.lastAt <= minutes * MINUTE_MS
      const ordinal = (session?.ordinal ?? 0) + (going ? 0 : 1)
      sessions.set(thing, { ordinal, lastAt: event.at })
      return `${thing}#${ordinal}`
    })
  },
})
