// Guards against cardinality explosions: what a source invents beyond its budget is folded by name.
import type { AlertEvent } from '../domain/event.ts'
import { hash64 } from '../domain/hash.ts'
import type { EventsBatch } from '../domain/records.ts'
import { MINUTE_MS, type Millis } from '../domain/time.ts'

export interface FingerprintBudget {
  /**
   * Within the budget the batch itself. Beyond it, firing events of fingerprints not seen lately
   * become occurrences of one coarse alert for each name, which counts them, is flagged
   * `budget-coarsened`, and expires by itself. A resolve is never folded.
   * @param owner whose budget it is: an integration's, or its source's
   */
  fold(batch: EventsBatch, owner?: BudgetOwner): EventsBatch
}

export interface BudgetOwner {
  readonly id: string
  readonly newFingerprintsPerMinuteMax: number
}

/** Budgets kept; beyond it the one made first begins anew. */
const OWNERS_MAX = 2_000

/** A coarse alert that gets no more occurrences is over after this. */
const COARSE_EXPIRY_MS = 5 * MINUTE_MS
/** Names of one source that get a coarse alert of their own; the rest share one. */
const COARSE_NAMES_MAX = 1_000
const SHARED_NAME = 'TooManyAlerts'

/** @param newPerMinuteMax fingerprints of one source that are new within one minute */
export const createFingerprintBudget = (newPerMinuteMax: number): FingerprintBudget => {
  const budgets = new Map<string, SourceBudget>()

  const coarse = (event: AlertEvent, budget: SourceBudget, batch: EventsBatch): AlertEvent => {
    const named = budget.names.has(event.name) || budget.names.size < COARSE_NAMES_MAX
    const name = named ? event.name : SHARED_NAME
    budget.names.add(name)
    return {
      id: event.id,
      fingerprint: hash64(JSON.stringify(['coarse', batch.source, batch.scope, name])),
      status: 'firing',
      name,
      severity: event.severity,
      summary: `More alerts of ${batch.source} than its budget allows are counted here, not shown`,
      labels: {},
      startsAt: batch.receivedAt,
      endsAt: batch.receivedAt + COARSE_EXPIRY_MS,
      flags: [...(event.flags ?? []), 'budget-coarsened'],
    }
  }

  return {
    fold: (batch, owner) => {
      const max = owner?.newFingerprintsPerMinuteMax ?? newPerMinuteMax
      const key = owner === undefined ? `source:${batch.source}` : owner.id
      let budget = budgets.get(key)
      if (budget === undefined) {
        budget = createSourceBudget(max)
        budgets.set(key, budget)
        if (budgets.size > OWNERS_MAX) budgets.delete(budgets.keys().next().value ?? key)
      }
      const { events, receivedAt } = batch
      budget.turn(receivedAt)
      let folded: AlertEvent[] | undefined
      for (let i = 0; i < events.length; i++) {
        const event = events[i]!
        if (event.status === 'resolved' || budget.admits(event.fingerprint, max)) continue
        folded ??= [...events]
        folded[i] = coarse(event, budget, batch)
      }
      return folded === undefined ? batch : { ...batch, events: folded }
    },
  }
}

interface SourceBudget {
  readonly names: Set<string>
  /** Begins a new minute or generation where it is time. */
  turn(at: Millis): void
  admits(fingerprint: string, newPerMinuteMax: number): boolean
}

/** How long a fingerprint is remembered, at least; twice that at most. */
const GENERATION_MS = 5 * MINUTE_MS
/**
 * A Bloom filter of up to half a MiB, sized by the budget: after five minutes of all that it allows
 * one new fingerprint in eight passes as known.
 */
const FILTER_BITS_MIN = 2 ** 13
const FILTER_BITS_MAX = 2 ** 22
const BITS_PER_NEW = 20
const PROBES = 3

const filterBits = (newPerMinuteMax: number): number => {
  const wanted = 2 ** Math.ceil(Math.log2(newPerMinuteMax * BITS_PER_NEW))
  return Math.min(FILTER_BITS_MAX, Math.max(FILTER_BITS_MIN, wanted))
}

const createSourceBudget = (newPerMinuteMaxAtFirst: number): SourceBudget => {
  const names = new Set<string>()
  const words = filterBits(newPerMinuteMaxAtFirst) / 32
  let current = new Uint32Array(words)
  let previous = new Uint32Array(words)
  let minute = Number.NaN
  let generation = Number.NaN
  let newInMinute = 0

  return {
    names,
    turn: (at) => {
      const thisMinute = Math.floor(at / MINUTE_MS)
      const thisGeneration = Math.floor(at / GENERATION_MS)
      if (thisMinute !== minute) {
        minute = thisMinute
        newInMinute = 0
      }
      if (thisGeneration === generation) return
      generation = thisGeneration
      names.clear()
      const spare = previous
      previous = current
      current = spare.fill(0)
    },
    admits: (fingerprint, newPerMinuteMax) => {
      const first = Number.parseInt(fingerprint.slice(0, 8), 16)
      const step = Number.parseInt(fingerprint.slice(8), 16) | 1
      let known = has(current, first, step)
      if (!known && has(previous, first, step)) {
        add(current, first, step)
        known = true
      }
      if (known) return true
      if (newInMinute >= newPerMinuteMax) return false
      newInMinute += 1
      add(current, first, step)
      return true
    },
  }
}

const has = (filter: Uint32Array, first: number, step: number): boolean => {
  for (let i = 0, bit = first; i < PROBES; i++, bit += step) {
    const at = (bit >>> 0) % (filter.length * 32)
    if (((filter[at >>> 5]! >>> (at & 31)) & 1) === 0) return false
  }
  return true
}

const add = (filter: Uint32Array, first: number, step: number): void => {
  for (let i = 0, bit = first; i < PROBES; i++, bit += step) {
    const at = (bit >>> 0) % (filter.length * 32)
    filter[at >>> 5] = filter[at >>> 5]! | (1 << (at & 31))
  }
}
