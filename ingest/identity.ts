// Fingerprints: which labels name a condition, hashed so that their order does not matter.
import type { IngestSettings } from './settings.ts'

/** Sums the identity of one alert: begin, add what names it, then finish. */
export interface FingerprintSum {
  begin(source: string): void
  add(name: string, value: string): void
  /** As `add`, unless the label is volatile; a pod counts as its workload. */
  addLabel(name: string, value: string): void
  /** 16 hex digits. */
  finish(): string
}

/**
 * Each (name, value) pair is hashed over its UTF-16 units, so that odd text never collides by
 * decoding; a fingerprint is the mixed sum of its pairs, so that nothing is sorted or joined. Two
 * lanes of 32 bits: of a million live fingerprints two meet by accident with a chance of 3 in 100
 * million. Not for secrets.
 */
export const createFingerprintSum = (
  settings: Pick<IngestSettings, 'volatileLabels' | 'foldLabelText'>,
): FingerprintSum => {
  const volatile = new Set([...settings.volatileLabels, 'severity'])
  const { foldLabelText } = settings
  let low = 0
  let high = 0

  /** The name's length goes first, so that no name and value run into each other. */
  const add = (name: string, value: string): void => {
    let a = 0x243f6a88 ^ name.length
    let b = 0x85a308d3 ^ name.length
    for (let i = 0; i < name.length; i++) {
      const unit = name.charCodeAt(i)
      a = Math.imul(((a << 5) | (a >>> 27)) ^ unit, FACTOR_A)
      b = Math.imul(((b << 9) | (b >>> 23)) ^ unit, FACTOR_B)
    }
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i)
      a = Math.imul(((a << 5) | (a >>> 27)) ^ unit, FACTOR_A)
      b = Math.imul(((b << 9) | (b >>> 23)) ^ unit, FACTOR_B)
    }
    low = (low + mix(a ^ value.length)) | 0
    high = (high + mix(b + Math.imul(a, FACTOR_B))) | 0
  }

  return {
    begin: (source) => {
      low = 0
      high = 0
      add(SOURCE_NAME, source)
    },
    add,
    addLabel: (name, value) => {
      if (volatile.has(name)) return
      const text = name === 'pod' ? workloadOf(value) : value
      add(name, foldLabelText ? text.normalize('NFC').trim().toLowerCase() : text)
    },
    finish: () => {
      const first = mix(low ^ Math.imul(high, FACTOR_A))
      return hex32(first) + hex32(mix(high + Math.imul(first, FACTOR_B)))
    },
  }
}

/** Cannot be a label: label names are never empty. */
const SOURCE_NAME = ''
/** Odd, so that multiplying loses nothing; the fractions of the golden ratio and of pi. */
const FACTOR_A = 0x9e3779b1
const FACTOR_B = 0x517cc1b7

/** MurmurHash3's 32-bit finaliser (Appleby, public domain): every bit reaches every other. */
const mix = (value: number): number => {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** A table, since a number's own toString(16) takes longer than all the hashing. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

const hex32 = (value: number): string =>
  HEX[value >>> 24]! + HEX[(value >>> 16) & 255]! + HEX[(value >>> 8) & 255]! + HEX[value & 255]!

const POD_LENGTH_MAX = 253
const POD = /^(.+?)-([a-z0-9]{6,10})-([a-z0-9]{5})$/
/** Kubernetes draws its suffixes from letters that spell no words. */
const SUFFIX = /^[bcdfghjklmnpqrstvwxz2456789]+$/
const SINGLE = /^(.+)-([bcdfghjklmnpqrstvwxz2456789]{5})$/

const looksDrawn = (text: string): boolean => /\d/.test(text) || SUFFIX.test(text)

/**
 * The workload behind a pod name, which changes with every restart: Deployments and CronJobs
 * (`name-hash-suffix`), DaemonSets and Jobs (`name-suffix`). A StatefulSet's ordinal stays: it
 * is the pod's lasting name.
 */
export const workloadOf = (pod: string): string => {
  if (pod.length > POD_LENGTH_MAX) return pod
  const parts = POD.exec(pod)
  if (parts !== null) {
    const [, workload = pod, hash = '', suffix = ''] = parts
    if (looksDrawn(hash) && (looksDrawn(suffix) || /\d/.test(hash))) return workload
  }
  return SINGLE.exec(pod)?.[1] ?? pod
}
