// What a simulated estate promises: repeatable, true to itself, and as varied as its profiles say.
import { describe, expect, test } from 'vitest'
import { MINUTE_MS } from '../../domain/time.ts'
import { createNormaliser } from '../../ingest/normalise.ts'
import { defaultIngestSettings } from '../../ingest/settings.ts'
import { parseChanges, parseDelivery, parseTopology } from '../../runtime/backtest/inputs.ts'
import { parseLabels } from '../../runtime/backtest/labels.ts'
import { createEstate, type Estate } from './estate.ts'
import { FAULTS } from './faults.ts'
import { estateFiles } from './files.ts'
import { PROFILES, type ProfileName } from './profiles.ts'

const SEEDS = ['1', '2', '3', '4', '5']
const estates = new Map<string, Estate>()
const estateOf = (seed: string, profile: ProfileName): Estate => {
  const key = `${seed}/${profile}`
  const estate = estates.get(key) ?? createEstate(seed, profile)
  estates.set(key, estate)
  return estate
}
const all = (profile: ProfileName): Estate[] => SEEDS.map((seed) => estateOf(seed, profile))

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

describe('an estate', () => {
  test('is the same for the same seed and another for another', () => {
    const files = estateFiles(createEstate('7', 'ordinary'))
    expect(estateFiles(createEstate('7', 'ordinary'))).toEqual(files)
    expect(estateFiles(createEstate('8', 'ordinary'))['deliveries.jsonl']).not.toBe(
      files['deliveries.jsonl'],
    )
  })

  test.each(PROFILES)('%s: the normaliser takes every alert that the truth labels', (profile) => {
    const normalise = createNormaliser(defaultIngestSettings)
    const { deliveries } = estateOf('1', profile)
    for (const [i, delivery] of deliveries.entries()) {
      const result = normalise({ ...delivery, deliveryId: String(i) })
      expect(result.refusals, JSON.stringify(delivery.payload)).toEqual([])
      expect(result.accepted).toBe(delivery.truth.length)
    }
  })

  test('deliveries come in order of receipt, and none tells of what is still to come', () => {
    const normalise = createNormaliser({ ...defaultIngestSettings, skewMs: MINUTE_MS })
    const { deliveries } = estateOf('2', 'storm')
    for (const [i, delivery] of deliveries.entries()) {
      expect(delivery.receivedAt).toBeGreaterThanOrEqual(deliveries[i - 1]?.receivedAt ?? 0)
      for (const { batch } of normalise({ ...delivery, deliveryId: String(i) }).batches)
        for (const event of batch.events) expect(event.flags ?? []).not.toContain('start-clamped')
    }
  })

  test('every incident has an alert told first, and its root is struck before they are', () => {
    for (const estate of all('ordinary')) {
      const firsts = estate.deliveries.flatMap((delivery) =>
        delivery.truth.filter((alert) => alert.first).map((alert) => ({ ...alert, ...delivery })),
      )
      for (const { incident, startsAt } of estate.incidents) {
        const times = firsts.filter((one) => one.incident === incident).map((one) => one.receivedAt)
        expect(times.length, incident).toBeGreaterThan(0)
        expect(Math.min(...times)).toBeGreaterThan(startsAt)
      }
    }
  })

  test('all four tools report, some alerts never resolve, and some deliveries are doubled', () => {
    const { deliveries } = estateOf('1', 'ordinary')
    expect(new Set(deliveries.map((delivery) => delivery.source)).size).toBe(4)
    const bodies = deliveries.map((delivery) => JSON.stringify(delivery.payload))
    expect(new Set(bodies).size).toBeLessThan(bodies.length)
  })

  test('every kind of fault strikes somewhere', () => {
    const struck = new Set(
      PROFILES.flatMap((profile) =>
        all(profile).flatMap((estate) => estate.incidents.map((one) => one.fault)),
      ),
    )
    expect([...struck].sort()).toEqual(FAULTS.map((fault) => fault.name).sort())
  })

  test('a guilty change stands on the root, minutes before', () => {
    for (const estate of all('ordinary'))
      for (const { change, root, startsAt } of estate.incidents) {
        if (change === undefined) continue
        const guilty = estate.changes.find((one) => one.id === change)!
        expect(guilty.ci).toBe(root)
        expect(startsAt - guilty.startedAt).toBeLessThan(10 * MINUTE_MS)
        expect(startsAt - guilty.startedAt).toBeGreaterThan(0)
      }
  })

  test('some faults recur on the same root three times and more', () => {
    const patterns = all('ordinary').flatMap((estate) => {
      const counts = new Map<string, number>()
      for (const { pattern, root, fault } of estate.incidents)
        if (pattern) {
          const key = `${pattern} ${root} ${fault}`
          counts.set(key, (counts.get(key) ?? 0) + 1)
        }
      return [...counts.values()]
    })
    expect(patterns.filter((count) => count >= 3).length).toBeGreaterThan(SEEDS.length)
  })
})

describe('the profiles', () => {
  const startsNear = (estate: Estate): number => {
    const starts = estate.incidents.map((one) => one.startsAt).sort((a, b) => a - b)
    const near = starts.filter((at, i) =>
      [starts[i - 1], starts[i + 1]].some(
        (other) => other !== undefined && Math.abs(at - other) <= 5 * MINUTE_MS,
      ),
    )
    return near.length / starts.length
  }

  const largest = (estate: Estate): number => {
    const sizes = new Map<string, number>()
    for (const { truth } of estate.deliveries)
      for (const { incident, noise, first } of truth)
        if (first && !noise) sizes.set(incident, (sizes.get(incident) ?? 0) + 1)
    return Math.max(...sizes.values())
  }

  test('overlap: seven of ten incidents begin within minutes of another', () => {
    const overlapping = mean(all('overlap').map(startsNear))
    expect(overlapping).toBeGreaterThan(0.65)
    expect(overlapping).toBeGreaterThan(mean(all('ordinary').map(startsNear)) + 0.1)
  })

  test('storm: the largest incident dwarfs those of an ordinary day', () => {
    expect(mean(all('storm').map(largest))).toBeGreaterThan(2 * mean(all('ordinary').map(largest)))
  })

  test('holes: two of five CIs are missing from the topology, never from the alerts', () => {
    const missing = all('holes').map((estate) => {
      const known = new Set(estate.topology.cis.map((ci) => ci.id))
      for (const { from, to } of estate.topology.relations)
        expect([known.has(from), known.has(to)]).toEqual([true, true])
      const roots = estate.incidents.map((one) => one.root)
      return roots.filter((root) => !known.has(root)).length / roots.length
    })
    expect(mean(missing)).toBeGreaterThan(0.25)
    expect(mean(missing)).toBeLessThan(0.55)
  })
})

test('the files are what a backtest reads', () => {
  const estate = estateOf('3', 'ordinary')
  const files = estateFiles(estate)
  const lines = files['deliveries.jsonl'].trimEnd().split('\n').map(parseDelivery)
  expect(lines.filter((line) => 'fault' in line)).toEqual([])
  expect(lines).toHaveLength(estate.deliveries.length)
  expect(parseTopology(files['topology.json'])).toEqual(estate.topology)
  expect(parseChanges(files['changes.jsonl'])).toEqual(estate.changes)
  expect(parseLabels(files['truth.csv'])).toHaveLength(
    estate.deliveries.reduce((sum, delivery) => sum + delivery.truth.length, 0),
  )
})
