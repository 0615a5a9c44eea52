// The asset side of a CI: where it is in its life, and which dates draw near. All in attributes.

import { DAY_MS, type Millis } from '../../domain/time.ts'
import type { Ci } from '../../domain/topology.ts'

/** Values of the attribute `lifecycle`. */
export const ASSET_STATES = ['ordered', 'in use', 'in repair', 'retired'] as const

/** Attributes that hold a date, `2027-06-30`, after which something lapses. */
const DATES = { warranty_until: 'warranty', licence_until: 'licence' } as const

const dateOf = (text: string): Millis | undefined => {
  const at = Date.parse(`${text}T00:00:00Z`)
  const real = !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
  return /^\d{4}-\d\d-\d\d$/.test(text) && real ? at : undefined
}

/** What makes no sense in a CI's asset attributes, one sentence each. */
export const assetFaults = ({ id, attributes }: Ci): string[] => {
  const { lifecycle } = attributes
  const faults: string[] = []
  if (lifecycle !== undefined && !(ASSET_STATES as readonly string[]).includes(lifecycle))
    faults.push(`${id}: lifecycle must be one of ${ASSET_STATES.join(', ')}`)
  for (const name of Object.keys(DATES)) {
    const date = attributes[name]
    if (date !== undefined && dateOf(date) === undefined)
      faults.push(`${id}: ${name} must be a date such as 2027-06-30`)
  }
  return faults
}

export interface AssetWarning {
  readonly ci: string
  readonly what: 'warranty' | 'licence' | 'owner'
  /** One sentence. */
  readonly text: string
  readonly date?: string
}

/**
 * What lapses within the span or has lapsed, and services that nobody owns; retired CIs aside.
 * @param gone people who are no longer here
 */
export const assetWarnings = (
  cis: readonly Ci[],
  now: Millis,
  withinMs: Millis,
  gone: ReadonlySet<string> = new Set(),
): AssetWarning[] => {
  const warnings: AssetWarning[] = []
  for (const { id, kind, attributes } of cis) {
    if (attributes.lifecycle === 'retired') continue
    for (const [name, what] of Object.entries(DATES)) {
      const date = attributes[name]
      const at = date === undefined ? undefined : dateOf(date)
      if (date === undefined || at === undefined || at > now + withinMs) continue
      const text =
        at + DAY_MS <= now ? `The ${what} ended on ${date}` : `The ${what} ends on ${date}`
      warnings.push({ ci: id, what, text, date })
    }
    if (kind === 'service' && attributes.owner === undefined && attributes.team === undefined)
      warnings.push({ ci: id, what: 'owner', text: 'Nobody owns this service' })
    if (attributes.owner !== undefined && gone.has(attributes.owner))
      warnings.push({
        ci: id,
        what: 'owner',
        text: `Its owner ${attributes.owner} is no longer here`,
      })
  }
  return warnings.sort((a, b) => (a.date ?? '9999').localeCompare(b.date ?? '9999'))
}
