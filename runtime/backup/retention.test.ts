// Retention removes what nothing keeps, and whatever it is told, never the newest good backup.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR_MS } from '../../domain/time.ts'
import { expired, type Keep } from './retention.ts'

const at = (iso: string) => ({ name: iso, takenAt: Date.parse(iso) })
const remaining = (isos: readonly string[], keep: Keep, timeZone = 'UTC'): string[] => {
  const all = isos.map(at)
  const gone = new Set(expired(all, keep, timeZone).map(({ name }) => name))
  return isos.filter((iso) => !gone.has(iso))
}

describe('kept are', () => {
  const days = [
    '2026-11-01T03:00:00Z', // Sunday
    '2026-11-02T03:00:00Z',
    '2026-11-07T03:00:00Z',
    '2026-11-08T03:00:00Z', // Sunday
    '2026-11-09T03:00:00Z',
    '2026-11-09T15:00:00Z',
    '2026-11-10T03:00:00Z',
  ]
  test.each<[string, Keep, string[]]>([
    ['the newest', { last: 2, daily: 0, weekly: 0 }, days.slice(5)],
    ['the newest of each day', { last: 1, daily: 3, weekly: 0 }, [days[3]!, days[5]!, days[6]!]],
    [
      'the newest of each week, which ends on a Sunday',
      { last: 1, daily: 0, weekly: 3 },
      [days[0]!, days[3]!, days[6]!],
    ],
    ['all of it, where that is asked', { last: 99, daily: 0, weekly: 0 }, days],
  ])('%s', (_what, keep, wanted) => {
    expect(remaining(days, keep)).toEqual(wanted)
  })

  test('days are those of the time zone', () => {
    const late = ['2026-11-09T22:30:00Z', '2026-11-09T23:30:00Z'] // the second is tomorrow in Berlin
    const keep = { last: 1, daily: 2, weekly: 0 }
    expect(remaining(late, keep, 'UTC')).toEqual([late[1]])
    expect(remaining(late, keep, 'Europe/Berlin')).toEqual(late)
  })
})

test('the newest stays, and removing again removes nothing more', () => {
  const number = fc.integer({ min: 0, max: 5 })
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 60 }),
      fc.record({ last: number, daily: number, weekly: number }),
      fc.constantFrom('UTC', 'Europe/Berlin', 'Pacific/Auckland'),
      (hours, keep, timeZone) => {
        const all = hours.map((hour) => ({ name: `${hour}`, takenAt: hour * HOUR_MS }))
        const gone = new Set(expired(all, keep, timeZone))
        const newest = all.find(({ takenAt }) => takenAt === Math.max(...hours) * HOUR_MS)!
        expect(gone.has(newest)).toBe(false)
        const rest = all.filter((backup) => !gone.has(backup))
        expect(expired(rest, keep, timeZone)).toEqual([])
      },
    ),
  )
})
