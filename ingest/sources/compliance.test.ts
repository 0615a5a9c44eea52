// What every source owes, whatever its tool: the same rules over every fixture.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeRecord } from '../../domain/records.ts'
import { SEVERITIES } from '../../domain/severity.ts'
import { defaultIngestSettings } from '../settings.ts'
import { severityOf } from '../severities.ts'
import { NOW } from '../testing/edge.ts'
import { createTestNormaliser, type Fixture, type Normalised } from '../testing/fixtures.ts'
import { SOURCES } from './registry.ts'

const normalise = createTestNormaliser()
const { limits } = defaultIngestSettings
/** Of one fixture; FAULTLINE_FUZZ_CASES=30000 makes a million of all. */
const CASES = Number(process.env.FAULTLINE_FUZZ_CASES ?? 300)
const { seed: SEED } = fc.readConfigureGlobal()
const STALL_MS = 50
const MUTATIONS_TAKE_MS_MAX = 30_000 + CASES * 20

const readFixture = (source: string): Fixture =>
  JSON.parse(readFileSync(new URL(`./${source}.fixture.json`, import.meta.url), 'utf8'))

const pairs = [...SOURCES.keys()].flatMap((name) => {
  const fixture = readFixture(name)
  return Object.keys(fixture)
    .filter((key) => /fire$/i.test(key) && key !== 'refire')
    .map((key) => {
      const resolve = fixture[key.replace('Fire', 'Resolve').replace('fire', 'resolve')]
      return [`${name} (${key})`, name, fixture[key], resolve] as const
    })
})

const checkEvents = ({ events, refusals }: Normalised): void => {
  for (const event of events) {
    expect(event.fingerprint).toMatch(/^[\da-f]{16}$/)
    expect(SEVERITIES).toContain(event.severity)
    expect(event.name.length).toBeGreaterThan(0)
    expect(event.name.length).toBeLessThanOrEqual(limits.nameLengthMax)
    expect(event.summary.length).toBeLessThanOrEqual(limits.summaryLengthMax)
    expect(Object.keys(event.labels).length).toBeLessThanOrEqual(limits.labelsMax)
    for (const [name, value] of Object.entries(event.labels)) {
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(limits.labelNameBytesMax)
      expect(Buffer.byteLength(value)).toBeLessThanOrEqual(limits.labelValueBytesMax)
    }
    expect(Number.isInteger(event.startsAt)).toBe(true)
    expect(event.startsAt).toBeLessThanOrEqual(NOW + defaultIngestSettings.skewMs)
    expect(event.endsAt === undefined || Number.isInteger(event.endsAt)).toBe(true)
    if (event.status === 'resolved') expect(event.endsAt).toBeGreaterThanOrEqual(event.startsAt)
    for (const link of [event.link, event.runbook])
      if (link !== undefined) expect(link).toMatch(/^https?:\/\//i)
  }
  for (const { reason } of refusals) expect(reason).not.toBe('source-failed')
}

describe('every source', () => {
  test.each(pairs)('%s: fire is a firing event, complete', (_case, name, fire) => {
    const fired = normalise(name, fire)
    expect(fired.refusals).toEqual([])
    expect(fired.events).toMatchObject([{ status: 'firing' }])
    expect(fired.events[0]!.flags ?? []).not.toContain('start-clamped')
    expect(fired.events[0]!.flags ?? []).not.toContain('severity-guessed')
    checkEvents(fired)
  })

  test.each(pairs)(
    '%s: resolve shares the fingerprint, or it expires',
    (_c, name, fire, resolve) => {
      const fired = normalise(name, fire)
      if (resolve === undefined) {
        expect(readFixture(name).resolve ?? fired.events[0]!.endsAt).toBeDefined()
        return
      }
      const resolved = normalise(name, resolve)
      expect(resolved.events).toMatchObject([{ status: 'resolved' }])
      expect(resolved.events[0]!.fingerprint).toBe(fired.events[0]!.fingerprint)
      expect(resolved.events[0]!.name).toBeTruthy()
      checkEvents(resolved)
    },
  )

  test.each([...SOURCES.keys()])(
    '%s: what is no state change is ignored, with its reason',
    (name) => {
      for (const payload of readFixture(name).ignored ?? []) {
        const { events, refusals, drops } = normalise(name, payload)
        expect({ events, refusals }).toEqual({ events: [], refusals: [] })
        expect(drops).toHaveLength(1)
      }
    },
  )

  test.each([...SOURCES.keys()])(
    '%s: what cannot be understood is refused, with its reason',
    (name) => {
      for (const { payload, reason } of readFixture(name).refused ?? [])
        expect(normalise(name, payload)).toMatchObject({ events: [], refusals: [{ reason }] })
    },
  )

  test.each([...SOURCES.keys()])('%s: garbage is refused and throws nothing', (name) => {
    const garbage = [null, true, 0, -1, 1e308, '', 'x', {}, { a: { b: [] } }, [null], [[]], [{}]]
    for (const payload of garbage) {
      const { events, refusals, drops } = normalise(name, payload)
      expect(events).toEqual([])
      expect(refusals.length + drops.length).toBeGreaterThan(0)
      for (const { reason } of refusals) expect(reason).not.toBe('source-failed')
    }
    expect(normalise(name, []).events).toEqual([])
  })

  test.each([...SOURCES.values()].map((source) => [source.name, source] as const))(
    '%s: every word of its severity table means one of our four',
    (_name, source) => {
      for (const [word, severity] of source.severities) {
        expect(word).toBe(word.toLowerCase())
        expect(severityOf(word.toUpperCase(), source.severities)).toBe(severity)
      }
    },
  )

  test.each(pairs)('%s: huge text gives bounded output', (_case, name, fire) => {
    const huge = swell(fire)
    const result = normalise(name, huge)
    checkEvents(result)
    for (const event of result.events) {
      const record = { kind: 'events', receivedAt: NOW, source: name, scope: 's' } as const
      const bytes = encodeRecord('events', { ...record, deliveryId: 'd', events: [event] })
      expect(bytes.length).toBeLessThan(limits.recordBytesMax)
    }
  })

  test.each(pairs)(
    `faults 3, 5, 8, 10 and 11, %s: ${CASES} mutations (seed ${SEED}) neither throw nor stall`,
    (_case, name, fire, resolve) => {
      let slowest: { payload: unknown; ms: number } = { payload: fire, ms: 0 }
      const timed = (payload: unknown) => {
        const started = performance.now()
        const result = normalise(name, payload)
        return { result, payload, ms: performance.now() - started }
      }
      const payloads = resolve === undefined ? [fire] : [fire, resolve]
      const mutated = fc
        .tuple(fc.constantFrom(...payloads), fc.array(mutation, { minLength: 1, maxLength: 4 }))
        .map(([payload, mutations]) => mutations.reduce(mutate, structuredClone(payload)))
      fc.assert(
        fc.property(mutated, (payload) => {
          const run = timed(payload)
          if (run.ms > slowest.ms) slowest = run
          checkEvents(run.result)
        }),
        { numRuns: CASES },
      )
      // Again, so that what else the machine did at that moment does not count.
      const again = [1, 2, 3].map(() => timed(slowest.payload).ms)
      expect(Math.min(slowest.ms, ...again)).toBeLessThan(STALL_MS)
    },
    MUTATIONS_TAKE_MS_MAX,
  )
})

/** Every text made 20,000 characters long, keys kept. */
const swell = (value: unknown): unknown => {
  if (typeof value === 'string') return value + '\u00fc x9-'.repeat(4_000)
  if (Array.isArray(value)) return value.map(swell)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, swell(field)]))
}

const oddText = fc.oneof(
  fc.constantFrom('', ' ', '0001-01-01T00:00:00Z', '2026-02-30T00:00:00Z', '1e999', '{', '[TEST]'),
  fc.constantFrom('__proto__', 'constructor', '\ud800', '\u0000', '$HOSTNAME', '{HOST.NAME}'),
  fc.constantFrom('x'.repeat(5_000), 'a-'.repeat(2_000), '['.repeat(500), 'web-1-'.repeat(300)),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

interface Mutation {
  readonly kind: 'replace' | 'remove' | 'rename' | 'double'
  readonly place: number
  readonly value: unknown
  readonly text: string
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('replace', 'replace', 'remove', 'rename', 'double'),
  place: fc.nat(),
  value: fc.oneof(oddText, fc.jsonValue({ maxDepth: 3 }), fc.double(), fc.maxSafeInteger()),
  text: oddText,
})

type Holder = Record<string | number, unknown>

const places = (value: unknown, found: [Holder, string | number][] = []) => {
  if (typeof value !== 'object' || value === null) return found
  for (const key of Object.keys(value)) {
    found.push([value as Holder, key])
    places((value as Holder)[key], found)
  }
  return found
}

const mutate = (payload: unknown, { kind, place, value, text }: Mutation): unknown => {
  const all = places(payload)
  const chosen = all[place % Math.max(1, all.length)]
  if (chosen === undefined) return value
  const [holder, key] = chosen
  const before = holder[key]
  const set = (name: string | number, to: unknown) =>
    Object.defineProperty(holder, name, {
      value: to,
      enumerable: true,
      writable: true,
      configurable: true,
    })
  const remove = () => (Array.isArray(holder) ? holder.splice(Number(key), 1) : delete holder[key])
  if (kind === 'replace') set(key, value)
  else if (kind === 'remove') remove()
  else if (kind === 'double') set(key, [before, before])
  else if (!Array.isArray(holder)) {
    delete holder[key]
    set(text, before)
  }
  return payload
}
