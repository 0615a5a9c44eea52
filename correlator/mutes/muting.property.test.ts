// Whatever traffic and mutes come: grouping is as if there were none, and what is told adds up.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EventsRecord } from '../../domain/records.ts'
import { at, type Played, play, recordsOf, topologyOf } from '../testing/scenario.ts'

const CIS = ['web', 'shop', 'db', 'host1']
const topology = topologyOf('web depends_on db\nshop depends_on db\ndb runs_on host1')

const second = fc.integer({ min: 0, max: 1_500 })
const clockOf = (seconds: number): string => `00:${seconds}`

const traffic = fc
  .array(
    fc.record({
      second,
      verb: fc.constantFrom('fire', 'fire', 'resolve'),
      name: fc.constantFrom('Down', 'Slow', 'Full'),
      ci: fc.constantFrom(...CIS),
      severity: fc.constantFrom('critical', 'warning'),
    }),
    { minLength: 3, maxLength: 25 },
  )
  .map((events) =>
    events.map(({ second, verb, name, ci, severity }) => ({
      second,
      record: recordsOf(`${clockOf(second)} ${verb} ${name}@${ci} severity=${severity}`)[0]!,
    })),
  )

const mutes = fc
  .array(
    fc.record({
      second,
      id: fc.constantFrom('m1', 'm2', 'm3'),
      from: second,
      lasts: fc.integer({ min: 1, max: 900 }),
      matcher: fc.constantFrom(
        { name: 'service', operator: '=' as const, value: 'db' },
        { name: 'alertname', operator: '=~' as const, value: 'S.*|Full' },
        { name: 'severity', operator: '!=' as const, value: 'critical' },
      ),
      cis: fc.constantFrom([], ['db'], ['host1']),
    }),
    { maxLength: 6 },
  )
  .map((list) =>
    list.map(({ second, id, from, lasts, matcher, cis }, version) => ({
      second,
      record: {
        kind: 'mute',
        at: at(clockOf(second)),
        mute: {
          id,
          version,
          reason: 'silence',
          title: 't',
          by: 'ada',
          matchers: [matcher],
          cis,
          spans: [{ from: at(clockOf(from)), to: at(clockOf(from + lasts)) }],
        },
      } as EventsRecord,
    })),
  )

const settings = {
  inhibition: [
    {
      name: 'down',
      sourceMatchers: ['alertname=Down'],
      targetMatchers: ['severity=warning'],
      equal: ['service'],
    },
  ],
}

type Timed = { readonly second: number; readonly record: EventsRecord }

const inOrder = (...lists: readonly (readonly Timed[])[]): EventsRecord[] =>
  lists
    .flat()
    .sort((a, b) => a.second - b.second)
    .map(({ record }) => record)

const LATER = recordsOf('30:00 tick\n32:00 tick\n34:00 tick')

/** What muting adds, and what only says when something was told last. */
const MUTING = new Set(['muting', 'muted', 'mutedCount', 'mutes'])
const TELLING = new Set(['version', 'toldAt', 'turnAt', 'told', 'entries', 'entryCount'])

const isLeftOut = (key: string): boolean => MUTING.has(key) || TELLING.has(key)

/** All that the correlator knows, but for that; rows of alerts go by the columns that the head names. */
const stateOf = ({ correlator }: Played): unknown[] => {
  const [head, ...lines] = new TextDecoder().decode(correlator.snapshot()).trim().split('\n')
  const { columns } = JSON.parse(head!) as { columns: string[] }
  const isRow = (value: unknown): value is unknown[] =>
    Array.isArray(value) && value.length === columns.length + 1
  return [head!, ...lines].map((line) =>
    JSON.parse(line, (key, value: unknown) => {
      if (isLeftOut(key)) return undefined
      return isRow(value) ? value.filter((_, i) => !isLeftOut(columns[i] ?? 'incident')) : value
    }),
  )
}

test('evidence is recorded while notification is muted: but for the muting all is as without mutes', () => {
  fc.assert(
    fc.property(traffic, mutes, (events, muting) => {
      const quiet = play([...inOrder(events, muting), ...LATER], { topology, settings })
      // A record is time passing, too.
      const ticks = muting.map(({ second }) => ({
        second,
        record: { kind: 'tick', at: at(clockOf(second)) } as EventsRecord,
      }))
      const loud = play([...inOrder(events, ticks), ...LATER], { topology })
      expect(stateOf(quiet)).toEqual(stateOf(loud))
    }),
    { numRuns: 150 },
  )
})

test('an incident is muted while every firing alert of it is, whatever happened before', () => {
  fc.assert(
    fc.property(traffic, mutes, (events, muting) => {
      const played = play(inOrder(events, muting), { topology, settings })
      for (const rest of ['26:00 tick', '30:00 tick', '34:00 tick']) {
        const alerts = [...played.world.alerts.values()]
        for (const { id, status, muted = false } of played.world.incidents.values()) {
          const firing = alerts.filter(
            (alert) => alert.incidentId === id && alert.status === 'firing',
          )
          if (status === 'open' && firing.length > 0)
            expect(muted).toBe(firing.every((alert) => alert.muted !== undefined))
        }
        played.play(recordsOf(rest))
      }
    }),
    { numRuns: 150 },
  )
})
