// Times and durations as people read them: short, in their zone, with UTC at hand.

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

const pad = (value: number): string => String(value).padStart(2, '0')

/** `12 s`, `7 min`, `3 h 05`, `4 d 06 h`: two units at most, so that columns stay narrow. */
export const durationText = (durationMs: number): string => {
  const ms = Math.max(0, durationMs)
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`
  if (ms < DAY_MS)
    return `${Math.floor(ms / HOUR_MS)} h ${pad(Math.floor((ms % HOUR_MS) / MINUTE_MS))}`
  return `${Math.floor(ms / DAY_MS)} d ${pad(Math.floor((ms % DAY_MS) / HOUR_MS))} h`
}

const clockFormat = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
const dayFormat = new Intl.DateTimeFormat(undefined, { month: 'short', day: '2-digit' })

/** `Mar 10`, in the viewer's zone. */
export const dayText = (at: number): string => dayFormat.format(at)

/** `14:03:22`, in the viewer's zone. */
export const clockText = (at: number): string => clockFormat.format(at)

/** `Mar 10, 14:03:22`, in the viewer's zone. */
export const dateTimeText = (at: number): string => `${dayFormat.format(at)}, ${clockText(at)}`

/** `2026-03-10 13:03:22 UTC`. */
export const utcText = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`

export const viewerZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
