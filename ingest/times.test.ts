// Reading times: strict where Date.parse is not, and in every unit that tools use.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readTime } from './times.ts'

const NOON = Date.UTC(2026, 2, 2, 12, 0, 0)

describe('readTime', () => {
  test.each([
    ['2026-03-02T12:00:00Z', NOON],
    ['2026-03-02t12:00:00z', NOON],
    ['2026-03-02 12:00:00', NOON],
    ['2026-03-02T13:00:00+01:00', NOON],
    ['2026-03-02T12:00:00.000+0000', NOON],
    ['2026-03-02T11:00:00-01', NOON],
    ['2026-03-02T12:00:00.1Z', NOON + 100],
    ['2026-03-02T12:00:00.123456789Z', NOON + 123],
    ['2026-03-02T11:59:60Z', NOON],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    [NOON, NOON],
    [NOON / 1_000, NOON],
    [NOON * 1_000, NOON],
    [NOON * 1_000_000, NOON],
    [`${NOON}`, NOON],
    [`${NOON / 1_000}.5`, NOON + 500],
    [`${NOON}000000`, NOON],
  ])('%s is a time', (value, expected) => expect(readTime(value)).toBe(expected))

  test.each([undefined, null, '', 0, '0', '0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'])(
    '%s means none',
    (value) => expect(readTime(value)).toBeUndefined(),
  )

  test.each([
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-03-00T00:00:00Z',
    '2026-03-02T24:00:00Z',
    '2026-03-02T12:60:00Z',
    '2026-03-02T12:00:61Z',
    '2026-03-02T12:00:00.Z',
    '2026-03-02T12:00:00+25:00',
    '2026-03-02T12:00:00+1:00',
    '2026-03-02T12:00:00Z ',
    '2026-03-02T12:00Z',
    '2026-3-2T12:00:00Z',
    'Mon, 02 Mar 2026 12:00:00 GMT',
    'yesterday',
    -1,
    Number.POSITIVE_INFINITY,
    true,
    [],
    {},
  ])('%s is no time', (value) => expect(readTime(value)).toBeNaN())

  test('local time without a zone is read at the offset; a zone of its own wins', () => {
    expect(readTime('2026-03-02T13:00:00', 60)).toBe(NOON)
    expect(readTime('2026-03-02T12:00:00Z', 60)).toBe(NOON)
  })

  test('whatever Date writes is read back to the millisecond', () => {
    const day = fc.date({
      min: new Date('1000-01-02T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(day, (date) => {
        expect(readTime(date.toISOString())).toBe(date.getTime())
      }),
    )
  })

  test('any text is a time, none, or unreadable, and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const at = readTime(text)
        expect(at === undefined || Number.isNaN(at) || Number.isInteger(at)).toBe(true)
      }),
    )
  })
})
