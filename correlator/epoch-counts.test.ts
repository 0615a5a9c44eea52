// Learned counts: what a decision reads does not depend on when it is made.
import { expect, test } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../domain/time.ts'
import { createEpochCounts } from './epoch-counts.ts'

const EPOCH = 10 * MINUTE_MS
const settings = { epochMs: EPOCH, halfLifeMs: DAY_MS, keysMax: 100 }

test('a decision reads whole epochs up to the one before last', () => {
  const counts = createEpochCounts(settings)
  counts.add(100 * EPOCH, 'a', 1)
  expect(counts.get(101 * EPOCH, 'a')).toBe(0)
  expect(counts.get(102 * EPOCH, 'a')).toBeCloseTo(1, 1)
})

test('folding changes no reading', () => {
  const counts = createEpochCounts(settings)
  for (let epoch = 100; epoch < 110; epoch++) counts.add(epoch * EPOCH, 'a', epoch - 99)
  const at = 111 * EPOCH + MINUTE_MS
  const before = counts.get(at, 'a')
  counts.advance(at)
  expect(counts.get(at, 'a')).toBeCloseTo(before, 9)
})

test('what was counted a half-life ago counts half', () => {
  const counts = createEpochCounts(settings)
  counts.add(1_000 * EPOCH, 'a', 8)
  expect(counts.get(1_000 * EPOCH + DAY_MS, 'a')).toBeCloseTo(4, 9)
})

test('faint keys make room at the limit', () => {
  const counts = createEpochCounts({ ...settings, keysMax: 2 })
  counts.add(1_000 * EPOCH, 'old', 1)
  counts.advance(1_003 * EPOCH)
  const later = 1_000 * EPOCH + 10 * DAY_MS
  for (const key of ['new', 'newer']) counts.add(later, key, 1)
  counts.advance(later + 3 * EPOCH)
  expect(counts.size).toBe(2)
  expect(counts.get(later + 3 * EPOCH, 'new')).toBeGreaterThan(0.9)
})
