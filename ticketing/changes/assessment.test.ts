// Risk by what a change could hit and how such changes went before; freezes; the calendar's format.
import { describe, expect, test } from 'vitest'
import { HOUR_MS } from '../../domain/time.ts'
import type { ChangeRow } from '../store/schema.ts'
import { START } from '../testing/records.ts'
import { freezesOver, riskOf } from './assessment.ts'
import { changeCalendar } from './calendar-feed.ts'

describe('risk', () => {
  test.each([
    ['normal', 'high', 0, 0, 'high'],
    ['normal', 'high', 10, 0, 'medium'],
    ['normal', 'high', 10, 2, 'high'],
    ['normal', 'medium', 0, 0, 'medium'],
    ['normal', 'medium', 10, 0, 'low'],
    ['normal', 'low', 0, 0, 'low'],
    ['normal', 'low', 10, 3, 'high'],
    ['standard', 'high', 0, 0, 'low'],
    ['standard', 'high', 10, 3, 'high'],
    ['normal', 'medium', 2, 2, 'medium'],
  ] as const)(
    '%s, impact %s, %i before of which %i failed: %s',
    (type, impact, closed, failed, risk) => {
      expect(riskOf(type, impact, { closed, failed })).toBe(risk)
    },
  )
})

test('a freeze holds for what overlaps it, on its CIs', () => {
  const freeze = { name: 'f', from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' }
  const from = Date.parse(freeze.from)
  const over = (start: number, cis = ['a']) =>
    freezesOver([freeze, { ...freeze, name: 'b only', cis: ['b'] }], {
      plannedStart: from + start,
      plannedEnd: from + start + HOUR_MS,
      cis,
    })
  expect(over(0)).toEqual(['f'])
  expect(over(0, ['a', 'b'])).toEqual(['f', 'b only'])
  expect(over(-HOUR_MS)).toEqual([])
  expect(over(24 * HOUR_MS)).toEqual([])
})

const change: ChangeRow = {
  id: 'chg-1',
  number: 'CHG-1',
  origin: 'requested',
  link: null,
  verdicts: {},
  title: 'Grow, then shrink; the “pool”',
  type: 'normal',
  status: 'awaiting-approval',
  requester: 'rita',
  assignee: null,
  cis: ['db1', 'db2'],
  plannedStart: START,
  plannedEnd: START + HOUR_MS,
  startedAt: null,
  endedAt: null,
  outcome: null,
  risk: 'medium',
  body: {
    description:
      'First line\nBEGIN:VEVENT\nA back\\slash and a very long line of text: äöü äöü äöü',
  },
  assessment: null,
  votes: [],
  incidentIds: [],
  createdAt: START,
  version: 3,
  change: 1,
}

describe('the calendar feed', () => {
  const feed = changeCalendar([change])

  test('is what calendar programs read', async () => {
    await expect(feed).toMatchFileSnapshot('calendar-feed.golden.ics')
  })

  test('has no line over 75 bytes, and unfolds to the text', () => {
    for (const line of feed.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
    expect(feed.replaceAll('\r\n ', '')).toContain(
      'A back\\\\slash and a very long line of text: äöü äöü äöü',
    )
  })

  test('text cannot begin an event of its own', () => {
    expect(feed.match(/^BEGIN:VEVENT/gm)).toHaveLength(1)
  })
})
