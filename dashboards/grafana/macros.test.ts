// The stand-in for the data source's macros does what its documentation says.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Grafana's own variable syntax
import { describe, expect, test } from 'vitest'
import { expandSql, type PanelContext } from '../testing/macros.fixture.ts'

const CONTEXT: PanelContext = {
  from: 1_415_792_726_123,
  to: 1_447_328_726_456,
  intervalMs: 20_000,
  variables: { scope: ['emea', "o'hara"], interval: ['1 DAY'] },
}

describe('each documented macro', () => {
  test.each([
    ['$__dateFilter(date)', "date >= toDate('2014-11-12') AND date <= toDate('2015-11-12')"],
    ['$__timeFilter(time)', 'time >= toDateTime(1415792726) AND time <= toDateTime(1447328726)'],
    [
      '$__timeFilter_ms(time)',
      'time >= fromUnixTimestamp64Milli(1415792726123) AND time <= fromUnixTimestamp64Milli(1447328726456)',
    ],
    [
      '$__dt(d, t)',
      "(d >= toDate('2014-11-12') AND d <= toDate('2015-11-12')) AND (t >= toDateTime(1415792726) AND t <= toDateTime(1447328726))",
    ],
    ['$__fromTime', 'toDateTime(1415792726)'],
    ['$__toTime', 'toDateTime(1447328726)'],
    ['$__fromTime_ms', 'fromUnixTimestamp64Milli(1415792726123)'],
    ['$__toTime_ms', 'fromUnixTimestamp64Milli(1447328726456)'],
    ['$__interval_s', '20'],
    ['$__timeInterval(column)', 'toStartOfInterval(toDateTime(column), INTERVAL 20 second)'],
    [
      '$__timeInterval_ms(column)',
      'toStartOfInterval(toDateTime64(column, 3), INTERVAL 20000 millisecond)',
    ],
    ['$__conditionalAll(a IN (${scope:singlequote}), $scope)', "a IN ('emea','o\\'hara')"],
    ['$__conditionalAll(a IN (${service:singlequote}), $service)', '1=1'],
    ['INTERVAL ${interval}', 'INTERVAL 1 DAY'],
    [
      'greatest($__fromTime_ms, f(a, b))',
      'greatest(fromUnixTimestamp64Milli(1415792726123), f(a, b))',
    ],
  ])('%s', (sql, expected) => {
    expect(expandSql(sql, CONTEXT)).toBe(expected)
  })

  test.each(['$__unknown(x)', '$from', '$__timeFilter(x', '$__conditionalAll(a, ${scope:raw})'])(
    '%s, which nothing replaces, is an error and not a silent pass',
    (sql) => {
      expect(() => expandSql(sql, CONTEXT)).toThrow()
    },
  )
})
