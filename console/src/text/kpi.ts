// KPI figures as people read them, each in its unit.
import type { KpiView } from '../api/types.ts'
import { countText, percentText } from './counts.ts'
import { durationText } from './time.ts'

export type KpiUnit = KpiView['unit']

const decimals = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })

/** Where whole percents would say `0 %` or `100 %` of what is neither, decimals follow. */
const ratioText = (value: number): string => {
  const distance = Math.min(Math.abs(value), Math.abs(1 - value))
  return distance === 0 || distance >= 0.1 ? percentText(value) : `${(value * 100).toFixed(1)} %`
}

const WRITERS: Readonly<Record<KpiUnit, (value: number) => string>> = {
  count: countText,
  ratio: ratioText,
  seconds: (value) => durationText(value * 1_000),
  minutes: (value) => durationText(value * 60_000),
  score: (value) => decimals.format(value),
  money: (value) => decimals.format(value),
}

/** A dash where the population is empty. */
export const figureText = (value: number | null | undefined, unit: KpiUnit): string =>
  value === null || value === undefined ? '–' : WRITERS[unit](value)

/** Figures beside the headline that are in its unit. */
const LIKE_HEADLINE = new Set(['mean', 'p50', 'p90', 'at_1', 'at_3', 'worst'])

/** @param name of one of `values`; the first is the headline and has the KPI's own unit */
export const unitOfValue = (kpi: KpiView, name: string): KpiUnit => {
  if (name === Object.keys(kpi.values)[0] || LIKE_HEADLINE.has(name)) return kpi.unit
  if (name === 'ratio') return 'ratio'
  if (name === 'minutes') return 'minutes'
  return name.endsWith('_seconds') ? 'seconds' : 'count'
}

const NAMES: Readonly<Record<string, string>> = {
  p50: 'half within',
  p90: '90 % within',
  at_1: 'first hint right',
  at_3: 'among the first three',
}

export const nameOfValue = (name: string): string =>
  NAMES[name] ?? name.replace(/_seconds$/, '').replaceAll('_', ' ')

export const GOOD_WORDS: Readonly<Record<KpiView['good'], string>> = {
  up: 'higher is better',
  down: 'lower is better',
  none: '',
}
