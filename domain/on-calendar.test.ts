// OnCalendar expressions are read as systemd.time(7) says, or refused with a reason.
import { describe, expect, test } from 'vitest'
import { readOnCalendar } from './on-calendar.ts'

const patternOf = (expression: string): string => {
  const reading = readOnCalendar(expression)
  if (reading.kind === 'fault') return `fault: ${reading.detail}`
  return reading.patterns
    .map(({ pattern, timeZone }) => (timeZone === undefined ? pattern : `${pattern} ${timeZone}`))
    .join(' | ')
}

describe('an OnCalendar expression', () => {
  test.each([
    // Second, minute, hour, day, month, weekday, year.
    ['minutely', '0 * * * * * *'],
    ['hourly', '0 0 * * * * *'],
    ['daily', '0 0 0 * * * *'],
    ['weekly', '0 0 0 * * 1 *'],
    ['monthly', '0 0 0 1 * * *'],
    ['quarterly', '0 0 0 1 1,4,7,10 * *'],
    ['semiannually', '0 0 0 1 1,7 * *'],
    ['yearly', '0 0 0 1 1 * *'],
    ['03:30', '0 30 3 * * * *'],
    ['*:0/15', '0 0-59/15 * * * * *'],
    ['*-*-* 08..18:00', '0 0 8-18 * * * *'],
    ['*-*-* 00/6:00:00', '0 0 0-23/6 * * * *'],
    ['Mon..Fri 22:00', '0 0 22 * * 1,2,3,4,5 *'],
    ['Sat..Sun 10:00', '0 0 10 * * 0,6 *'],
    ['Sat..Mon 10:00', 'fault: "Sat..Mon" runs backwards: a week begins on Monday'],
    ['Wed, 17:48', '0 48 17 * * 3 *'],
    ['Monday,Friday *-*-* 12:00', '0 0 12 * * 1,5 *'],
    ['2027-03-05 08:05:40', '40 5 8 5 3 * 2027'],
    ['*-02-29', '0 0 0 29 2 * *'],
    ['02-29', '0 0 0 29 2 * *'],
    ['*-*~01 12:00', '0 0 12 L * * *'],
    ['Mon *-05~01', '0 0 0 L 5 1 *'],
    ['*-*-1..7 Sat', 'fault: "Sat" is not understood'],
    ['Sat *-*-1..7 18:00', '0 0 18 1-7 * 6 *'],
    ['12:00 Europe/Berlin', '0 0 12 * * * * Europe/Berlin'],
    ['daily UTC', '0 0 0 * * * * UTC'],
    ['Mon 08:00\nFri 16:00', '0 0 8 * * 1 * | 0 0 16 * * 5 *'],
    ['12:00:30.5', 'fault: "30.5" is no second (0 to 59)'],
    ['25:00', 'fault: "25" is no hour (0 to 23)'],
    ['*-13-01', 'fault: "13" is no month (1 to 12)'],
    ['*-*~03', 'fault: after "~" only 1, the last day, is understood'],
    ['Foo 12:00', 'fault: "Foo" is no day of the week'],
    ['Mon..', 'fault: "" is no day of the week'],
    ['10..5:00', 'fault: "10..5" runs backwards'],
    ['*:0/0', 'fault: "0/0" has no proper step'],
    ['', 'fault: it is empty'],
    ['a\n'.repeat(11), 'fault: it has more than 10 lines'],
  ])('%j is read as %j', (expression, pattern) => {
    expect(patternOf(expression)).toBe(pattern)
  })
})
