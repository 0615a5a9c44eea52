// OnCalendar is due when systemd itself says so (Debian's systemd-analyze).
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { describeWith } from '../../test/support/real.ts'
import { createSchedule } from './schedule.ts'

const ANALYZE = '/usr/bin/systemd-analyze'
const BASE = '2026-11-20 16:00:00 UTC'
const TIMES = 3

/** The next times by systemd, in ms. */
const bySystemd = (expression: string): number[] => {
  const args = ['calendar', `--base-time=${BASE}`, `--iterations=${TIMES}`, expression]
  const text = execFileSync(ANALYZE, args, { encoding: 'utf8', env: { TZ: 'UTC' } })
  return [
    ...text.matchAll(/(?:Next elapse|Iteration #\d+|Iter\. #\d+): \w+ ([\d-]+ [\d:]+) UTC/g),
  ].map(([, when]) => Date.parse(`${when!.replace(' ', 'T')}Z`))
}

const byUs = (expression: string): number[] => {
  const schedule = createSchedule({ kind: 'on-calendar', expression, timeZone: 'UTC' })
  const times = [schedule.nextDue(Date.parse('2026-11-20T16:00:00Z'))]
  while (times.length < TIMES) times.push(schedule.nextDue(times.at(-1)!))
  return times.filter(Number.isFinite)
}

describeWith('systemd-analyze', ANALYZE, () => {
  test.each([
    'minutely',
    'hourly',
    'daily',
    'weekly',
    'monthly',
    'quarterly',
    'semiannually',
    'yearly',
    '03:30',
    '*:0/15',
    '*-*-* 08..18:00',
    '*-*-* 00/6:00:00',
    'Mon..Fri 22:00',
    'Sat..Sun 10:00',
    'Wed, 17:48',
    'Monday,Friday *-*-* 12:00',
    '*-02-29',
    '*-*~01 12:00',
    'Mon *-05~01',
    'Sat *-*-1..7 18:00',
    '*-*-1,15 04:00',
    '*-1..6/2-* 12:00',
    '*-*-* *:*:0/20',
    '2027-03-05 08:05:40',
    'Mon *-*-* 05:00:00',
    '27-03-05',
    '*-12-31 23:59:59',
  ])('OnCalendar=%s is due when systemd says', (expression) => {
    const expected = bySystemd(expression)
    expect(expected.length).toBeGreaterThan(0)
    expect(byUs(expression)).toEqual(expected)
  })
})
