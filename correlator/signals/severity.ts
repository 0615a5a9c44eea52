// Signal: what is merely informational is seldom part of a fault.
import type { Signal } from './signal.ts'

export const severity: Signal = {
  name: 'severity',
  weigh: ({ alert, other }, { settings: { weights } }) =>
    weights.severity[alert.severity] + weights.otherSeverity[other.severity],
  explain: ({ alert, other }) => `It is ${alert.severity}, beside ${other.severity}.`,
}
