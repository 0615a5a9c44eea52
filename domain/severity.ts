// The severity of an alert, after PagerDuty's Common Event Format: four words, most severe first.

export const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]

const RANK: Record<Severity, number> = { critical: 3, error: 2, warning: 1, info: 0 }

/** 3 for critical down to 0 for info. */
export const severityRank = (severity: Severity): number => RANK[severity]

export const worseSeverity = (a: Severity, b: Severity): Severity => (RANK[a] >= RANK[b] ? a : b)
