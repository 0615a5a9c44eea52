// Snapshots of earlier versions: what they held lives on, and they are written anew as today.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { restoreCorrelator } from './correlator.ts'
import { defaultCorrelatorSettings } from './settings.ts'
import { createWorld, recordsOf } from './testing/scenario.ts'

/*
 * Written by the version of 2026-11-20, format 1, after a topology (web depends_on api depends_on
 * db) and: SlowQueries@db, its repeat, ErrorRateHigh@api, a resolve of LatencyHigh@web before its
 * fire, LinkDown@host-1 fired and resolved.
 */
const formatOne = (): Uint8Array =>
  readFileSync(new URL('testing/snapshot-format-one.jsonl', import.meta.url))

test('a snapshot of format 1 goes on where it ended', () => {
  const restored = restoreCorrelator(formatOne(), defaultCorrelatorSettings)
  expect(restored.stats()).toMatchObject({ liveAlerts: 3, openIncidents: 2, eventsTaken: 6 })
  const world = createWorld()
  const later = recordsOf(`
    01:20 fire SlowQueries@db id=again since=00:00
    01:30 fire LatencyHigh@web since=00:40
    02:00 resolve SlowQueries@db since=00:00
    02:00 resolve ErrorRateHigh@api since=00:20
    12:00 tick`)
  for (const [i, record] of later.entries())
    world.hear(restored.apply(record, restored.position() + i))
  // The resolve that came before its fire is claimed; the repeat is one of the known alert.
  expect(world.alert('SlowQueries@db').occurrences).toBe(2)
  expect(world.alert('LatencyHigh@web').status).toBe('resolved')
  expect(world.summary()).toEqual(
    ['ErrorRateHigh@api LatencyHigh@web SlowQueries@db | resolved', ' | resolved'].sort(),
  )
})

test('what format 1 held is the same once it is written as today', () => {
  const restored = restoreCorrelator(formatOne(), defaultCorrelatorSettings)
  const bytes = restored.snapshot()
  const again = restoreCorrelator(bytes, defaultCorrelatorSettings)
  expect(Buffer.from(again.snapshot()).equals(bytes)).toBe(true)
  expect(again.stats()).toEqual(restored.stats())
})

test('a snapshot that ends too early, or of a format not known here, is refused', () => {
  const bytes = restoreCorrelator(formatOne(), defaultCorrelatorSettings).snapshot()
  const restore = (cut: Uint8Array) => () => restoreCorrelator(cut, defaultCorrelatorSettings)
  expect(restore(bytes.subarray(0, bytes.length - 2))).toThrow('ends too early')
  expect(restore(Buffer.from('{"format":3}\n'))).toThrow('unknown snapshot format 3')
})
