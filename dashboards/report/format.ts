// Figures as people read them.
import type { KpiUnit } from '../kpis/types.ts'

const MINUTE_SECONDS = 60
const HOUR_SECONDS = 3_600
const DAY_SECONDS = 86_400

const rounded = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: digits })

/** `3 d 4 h`, `2 h 5 min`, `40 s`: the two largest units are enough. */
const duration = (seconds: number): string => {
  const whole = Math.round(seconds)
  const days = Math.floor(whole / DAY_SECONDS)
  const hours = Math.floor((whole % DAY_SECONDS) / HOUR_SECONDS)
  const minutes = Math.floor((whole % HOUR_SECONDS) / MINUTE_SECONDS)
  if (days > 0) return `${days} d ${hours} h`
  if (hours > 0) return `${hours} h ${minutes} min`
  return minutes > 0 ? `${minutes} min` : `${whole} s`
}

const FORMATS: Record<KpiUnit, (value: number) => string> = {
  count: (value) => rounded(value, 0),
  ratio: (value) => `${rounded(value * 100, 1)} %`,
  seconds: duration,
  minutes: (value) => duration(value * MINUTE_SECONDS),
  score: (value) => rounded(value, 2),
  money: (value) => rounded(value, 0),
}

export const formatFigure = (value: number | null, unit: KpiUnit): string =>
  value === null ? 'none' : FORMATS[unit](value)

/** Every character that HTML could take for markup. */
export const escapeHtml = (text: string): string =>
  text.replace(
    /[&<>"']/g,
    (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[char]!,
  )
