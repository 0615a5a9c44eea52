// People's corrections that outlive their incident: which kinds of alerts belong together, or do not.
import type { LiveAlert } from './live-alert.ts'

/** Kept by signature (type and CI), so that the next incident profits from it. */
export interface Corrections {
  /** What people said of two such alerts; the newest word holds. */
  between(one: LiveAlert, other: LiveAlert): Link | undefined
  /** CIs where alerts may be that belong to such an alert. */
  partnerCis(alert: LiveAlert): readonly string[]
  /** @param key names the decision, so that it can be taken back */
  learn(
    key: string,
    said: 'must' | 'cannot',
    by: string,
    ones: readonly LiveAlert[],
    others: readonly LiveAlert[],
  ): void
  forget(key: string): void
  readonly size: number
  toJSON(): CorrectionsJson
}

export interface Link {
  readonly said: 'must' | 'cannot'
  /** Who said it. */
  readonly by: string
}

interface KeptLink extends Link {
  readonly one: string
  readonly other: string
}

export type CorrectionsJson = readonly (readonly [string, readonly KeptLink[]])[]

/** Signatures of each side that one decision teaches. */
const SIDE_MAX = 20

const signatureOf = ({ type, ci, fingerprint }: LiveAlert): string => `${type}@${ci ?? fingerprint}`

const pairOf = (one: string, other: string): string =>
  one < other ? `${one}\n${other}` : `${other}\n${one}`

const signatures = (alerts: readonly LiveAlert[]): string[] =>
  [...new Set(alerts.map(signatureOf))].slice(0, SIDE_MAX)

/** @param decisionsMax the oldest is forgotten beyond it */
export const createCorrections = (decisionsMax: number, from?: CorrectionsJson): Corrections => {
  const decisions = new Map<string, readonly KeptLink[]>(from)
  let links = new Map<string, KeptLink>()
  let partners = new Map<string, Set<string>>()

  const index = (): void => {
    links = new Map()
    partners = new Map()
    for (const kept of decisions.values())
      for (const link of kept) links.set(pairOf(link.one, link.other), link)
    for (const { said, one, other } of links.values()) {
      if (said === 'cannot') continue
      for (const [signature, partner] of [
        [one, other],
        [other, one],
      ] as const) {
        const cis = partners.get(signature) ?? new Set()
        partners.set(signature, cis.add(partner.slice(partner.indexOf('@') + 1)))
      }
    }
  }
  index()

  return {
    between: (one, other) =>
      links.size === 0 ? undefined : links.get(pairOf(signatureOf(one), signatureOf(other))),
    partnerCis: (alert) =>
      partners.size === 0 ? [] : [...(partners.get(signatureOf(alert)) ?? [])],
    learn: (key, said, by, ones, others) => {
      const kept = [...(decisions.get(key) ?? [])]
      for (const one of signatures(ones))
        for (const other of signatures(others))
          if (one !== other) kept.push({ said, by, one, other })
      decisions.delete(key) // so that the newest word comes last
      decisions.set(key, kept)
      const oldest = decisions.keys().next()
      if (decisions.size > decisionsMax && !oldest.done) decisions.delete(oldest.value)
      index()
    },
    forget: (key) => {
      if (decisions.delete(key)) index()
    },
    get size() {
      return links.size
    },
    toJSON: () => [...decisions],
  }
}
