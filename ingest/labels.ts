// Labels as the log may carry them: text, within the limits, under any name.
import { Buffer } from 'node:buffer'
import type { Labels } from '../domain/event.ts'
import type { IngestLimits } from './settings.ts'
import type { RefusalReason } from './source.ts'

/** The event has fields of its own for these. */
const RESTATED = new Set(['severity', 'alertname'])

export interface CheckedLabels {
  readonly labels: Labels
  readonly count: number
  /** A value was cut, or labels beyond the limit were left out. */
  readonly truncated: boolean
}

export interface LabelRefusal {
  readonly refused: RefusalReason
  readonly detail: string
}

/**
 * Copies what is text within the limits, leaving out empty values (as Prometheus has it, an empty
 * label is an absent one) and telling `each` of every label with its full value.
 */
export const checkLabels = (
  raw: Readonly<Record<string, unknown>>,
  overlong: 'refuse' | 'truncate',
  limits: IngestLimits,
  each: (name: string, value: string) => void,
): CheckedLabels | LabelRefusal => {
  const labels: Labels = {}
  let count = 0
  let truncated = false
  for (const name in raw) {
    const value = asText(raw[name])
    if (value === '') continue
    if (value === undefined) return refusal('label-not-text', name)
    if (name === '') return refusal('label-name-empty', '')
    if (count >= limits.labelsMax) {
      if (overlong === 'refuse') return refusal('labels-too-many', `more than ${limits.labelsMax}`)
      truncated = true
      continue
    }
    const longName = longerThan(name, limits.labelNameBytesMax)
    const longValue = longerThan(value, limits.labelValueBytesMax)
    if (longName || longValue) {
      if (overlong === 'refuse')
        return refusal(longName ? 'label-name-too-long' : 'label-value-too-long', name)
      truncated = true
    }
    each(name, value)
    if (RESTATED.has(name)) continue
    const keptName = longName ? cutToBytes(name, limits.labelNameBytesMax) : name
    setLabel(labels, keptName, longValue ? cutToBytes(value, limits.labelValueBytesMax) : value)
    count += 1
  }
  return { labels, count, truncated }
}

const asText = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** Assigning `__proto__` would set the prototype and lose the label. */
const setLabel = (labels: Labels, name: string, value: string): void => {
  if (name !== '__proto__') labels[name] = value
  else
    Object.defineProperty(labels, name, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    })
}

const refusal = (refused: RefusalReason, detail: string): LabelRefusal => ({
  refused,
  detail: detail.slice(0, DETAIL_LENGTH_MAX),
})

const DETAIL_LENGTH_MAX = 128

/** UTF-8 takes at most three bytes a UTF-16 unit, so short text needs no counting. */
export const longerThan = (text: string, bytesMax: number): boolean =>
  text.length * 3 > bytesMax && (text.length > bytesMax || Buffer.byteLength(text) > bytesMax)

/** The longest beginning within the limit that splits no character. */
export const cutToBytes = (text: string, bytesMax: number): string => {
  let end = Math.min(text.length, bytesMax)
  while (end > 0 && Buffer.byteLength(text.slice(0, end)) > bytesMax) end -= 1
  return cutToLength(text, end)
}

/** At most `lengthMax` UTF-16 units, splitting no surrogate pair. */
export const cutToLength = (text: string, lengthMax: number): string => {
  if (text.length <= lengthMax) return text
  const last = text.charCodeAt(lengthMax - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? lengthMax - 1 : lengthMax)
}
