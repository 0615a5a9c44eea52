// CIs that alerts speak of and nobody has entered: proposed to people, never added silently.
import type { Alert } from '../../domain/alert.ts'
import type { Millis } from '../../domain/time.ts'

/** Labels that name a component, the most telling first, and the kind that each stands for. */
const NAMING: readonly (readonly [label: string, kind: string])[] = [
  ['service', 'service'],
  ['device', 'device'],
  ['host', 'host'],
  ['instance', 'host'],
  ['component', 'component'],
]
const PROPOSALS_MAX = 200

export interface Proposal {
  readonly id: string
  readonly kind: string
  readonly name: string
  /** The label that named it. */
  readonly label: string
  readonly alerts: number
  readonly lastSeen: Millis
}

/** `db1:9100` is the host db1; an address in brackets keeps its colons. */
const withoutPort = (value: string): string => value.replace(/^(\[.*\]|[^:]*):\d+$/, '$1')

/** What alerts without a known CI call the thing that is wrong, most alerts first. */
export const proposals = (
  alerts: readonly Alert[],
  isKnown: (ci: string) => boolean,
): Proposal[] => {
  const found = new Map<string, Proposal>()
  for (const { ci, labels, lastSeen } of alerts) {
    if (ci !== undefined && isKnown(ci)) continue
    for (const [label, kind] of NAMING) {
      const value = Object.hasOwn(labels, label) ? labels[label] : undefined
      if (value === undefined || value === '') continue
      const id = label === 'instance' ? withoutPort(value) : value
      if (isKnown(id)) break
      const { alerts: before = 0, lastSeen: newest = 0 } = found.get(id) ?? {}
      const seen = { alerts: before + 1, lastSeen: Math.max(newest, lastSeen) }
      found.set(id, { id, kind, name: id, label, ...seen })
      break
    }
  }
  return [...found.values()]
    .sort((a, b) => b.alerts - a.alerts || (a.id < b.id ? -1 : 1))
    .slice(0, PROPOSALS_MAX)
}
