// Fingerprints: which labels name a condition, hashed so that order does not matter.
import type { IngestSettings } from './settings.ts'

/** Sums the identity of one alert; begin, add what names it, then finish. */
export interface FingerprintSum {
  begin(source: string): void
  add(name: string, value: string): void
  /** As `add`, unless the label is volatile; a pod counts as its workload. */
  addLabel(name: string, value: string): void
  /** 16 hex digits. */
  finish(): string
}

/**
 * Each (name, value) pair is hashed once, over its UTF-16 units, and remembered; a fingerprint is
 * the mixed sum of its pairs, so nothing is sorted or joined. Two 32-bit lanes: two of a million
 * live fingerprints meet by accident with a chance of 3 in 100 million. Not for secrets.
 */
export const createFingerprintSum = (
  settings: Pick<IngestSettings, 'volatileLabels' | 'foldLabelText'>,
): FingerprintSum => {
  const volatile = new Set([...settings.volatileLabels, 'severity'])
  const remembered = new Map<string, Map<string, number>>()
  const lows = new Uint32Array(PAIRS_MAX)
  const highs = new Uint32Array(PAIRS_MAX)
  const pair = new Uint32Array(2)
  let pairs = 0
  let low = 0
  let high = 0

  const identityText = (name: string, value: string): string => {
    const text = name === 'pod' ? workloadOf(value) : value
    return settings.foldLabelText ? text.normalize('NFC').trim().toLowerCase() : text
  }

  const remember = (name: string, value: string): void => {
    if (value.length > VALUE_LENGTH_MAX || name.length > VALUE_LENGTH_MAX) return
    if (pairs === PAIRS_MAX) {
      remembered.clear()
      pairs = 0
    }
    let values = remembered.get(name)
    if (values === undefined) {
      values = new Map()
      remembered.set(name, values)
    }
    values.set(value, pairs)
    lows[pairs] = pair[0]!
    highs[pairs] = pair[1]!
    pairs += 1
  }

  const addLabel = (name: string, value: string): void => {
    const at = remembered.get(name)?.get(value)
    if (at !== undefined) {
      low = (low + lows[at]!) | 0
      high = (high + highs[at]!) | 0
      return
    }
    if (volatile.has(name)) pair.fill(0)
    else hashPair(name, identityText(name, value), pair)
    low = (low + pair[0]!) | 0
    high = (high + pair[1]!) | 0
    remember(name, value)
  }

  return {
    begin: (source) => {
      low = 0
      high = 0
      addLabel(SOURCE_NAME, source)
    },
    add: (name, value) => {
      hashPair(name, value, pair)
      low = (low + pair[0]!) | 0
      high = (high + pair[1]!) | 0
    },
    addLabel,
    finish: () => {
      const first = mix(low ^ Math.imul(high, 0x9e3779b1))
      const second = mix(high + Math.imul(first, 0x85ebca6b))
      return hex32(first) + hex32(second)
    },
  }
}

/** Cannot be a label: label names are never empty. */
const SOURCE_NAME = ''
/** At the limit all are forgotten, and hashed anew when they come again. */
const PAIRS_MAX = 65_536
const VALUE_LENGTH_MAX = 128

/** The name's length goes first, so that no name and value run into each other. */
const hashPair = (name: string, value: string, into: Uint32Array): void => {
  let a = step(0x243f6a88, name.length, 0xcc9e2d51, 15)
  let b = step(0x85a308d3, name.length, 0x1b873593, 17)
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i)
    a = step(a, unit, 0xcc9e2d51, 15)
    b = step(b, unit, 0x1b873593, 17)
  }
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i)
    a = step(a, unit, 0xcc9e2d51, 15)
    b = step(b, unit, 0x1b873593, 17)
  }
  const length = name.length + value.length
  into[0] = mix(a ^ length) + b
  into[1] = mix(b ^ length) + Math.imul(a, 0x27d4eb2f)
}

const step = (hash: number, unit: number, factor: number, turn: number): number => {
  const k = Math.imul(unit, factor)
  const mixed = hash ^ ((k << turn) | (k >>> (32 - turn)))
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0
}

/** MurmurHash3's 32-bit finaliser (Appleby, public domain): every bit reaches every other. */
const mix = (value: number): number => {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

const hex32 = (value: number): string => ((value >>> 0) + 0x1_0000_0000).toString(16).slice(1)

/** Kubernetes draws its suffixes from letters that spell no words. */
const SUFFIX = /^[bcdfghjklmnpqrstvwxz2456789]+$/
const POD = /^(.+?)-([a-z0-9]{6,10})-([a-z0-9]{5})$/
const SINGLE = /^(.+)-([bcdfghjklmnpqrstvwxz2456789]{5})$/

const looksDrawn = (text: string): boolean => /\d/.test(text) || SUFFIX.test(text)

/**
 * The workload behind a pod name, which changes with every restart: Deployments and CronJobs
 * (`name-hash-suffix`), DaemonSets and Jobs (`name-suffix`). A StatefulSet's ordinal stays: it
 * is the pod's lasting name.
 */
export const workloadOf = (pod: string): string => {
  if (pod.length > VALUE_LENGTH_MAX) return pod
  const parts = POD.exec(pod)
  if (parts !== null) {
    const [, workload = pod, hash = '', suffix = ''] = parts
    const drawn = looksDrawn(hash) && (looksDrawn(suffix) || /\d/.test(hash))
    if (drawn) return workload
  }
  return SINGLE.exec(pod)?.[1] ?? pod
}
