// Priority = impact x urgency: the matrix, and how the two are found.
import type { Severity } from '../domain/severity.ts'

export const PRIORITIES = ['P1', 'P2', 'P3', 'P4', 'P5'] as const
export type Priority = (typeof PRIORITIES)[number]

export const LEVELS = ['high', 'medium', 'low'] as const
/** Of impact and of urgency. */
export type Level = (typeof LEVELS)[number]

/** matrix[impact][urgency] */
export type PriorityMatrix = Readonly<Record<Level, Readonly<Record<Level, Priority>>>>

export const DEFAULT_PRIORITY_MATRIX: PriorityMatrix = {
  high: { high: 'P1', medium: 'P2', low: 'P3' },
  medium: { high: 'P2', medium: 'P3', low: 'P4' },
  low: { high: 'P3', medium: 'P4', low: 'P5' },
}

const URGENCY: Readonly<Record<Severity, Level>> = {
  critical: 'high',
  error: 'medium',
  warning: 'low',
  info: 'low',
}

export const urgencyOf = (severity: Severity): Level => URGENCY[severity]
