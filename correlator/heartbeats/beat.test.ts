// What pings, people and time do to one heartbeat, as healthchecks.io documents it.
import { describe, expect, test } from 'vitest'
import type { HeartbeatDefinition } from '../../domain/heartbeat.ts'
import type { CorrelatorOutput } from '../../domain/records.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts'
import { aHeartbeat, heartbeatRecords, run, transitionsOf } from '../testing/heartbeats.ts'
import { at } from '../testing/scenario.ts'

const RID_A = '11111111-1111-4111-8111-111111111111'
const RID_B = '22222222-2222-4222-8222-222222222222'

/** Expected every 10 minutes, with 5 minutes of grace. */
const told = (text: string, over: Partial<HeartbeatDefinition> = {}): CorrelatorOutput[] =>
  run(heartbeatRecords(text, aHeartbeat(over))).outputs

const lastOf = (text: string, over: Partial<HeartbeatDefinition> = {}) => {
  const last = told(text, over)
    .filter((output) => output.kind === 'heartbeat')
    .at(-1)
  if (last === undefined) throw new Error('nothing was told')
  return last.heartbeat
}

describe('a heartbeat', () => {
  test.each<[string, string, string[], Partial<HeartbeatDefinition>?]>([
    ['stays new until its first ping', '60:00 until', []],
    ['is up with its first ping', '01:00 success', ['01:00 new > up, pinged']],
    [
      'stays up while pings keep coming',
      '01:00 success\n11:00 success\n21:00 success',
      ['01:00 new > up, pinged'],
    ],
    [
      'is late after its period and down after its grace',
      '01:00 success\n20:00 until',
      ['01:00 new > up, pinged', '11:00 up > late, due', '16:00 late > down, missed'],
    ],
    [
      'comes up again with the next ping',
      '01:00 success\n20:00 success',
      [
        '01:00 new > up, pinged',
        '11:00 up > late, due',
        '16:00 late > down, missed',
        '20:00 down > up, pinged',
      ],
    ],
    [
      'within its grace a ping makes it up',
      '01:00 success\n15:59 success',
      ['01:00 new > up, pinged', '11:00 up > late, due', '15:59 late > up, pinged'],
    ],
    ['is down at once when it reports failure', '01:00 fail', ['01:00 new > down, failed']],
    [
      'stays down through a start, and comes up by a success',
      '01:00 fail\n02:00 start\n03:00 success',
      ['01:00 new > down, failed', '03:00 down > up, pinged'],
    ],
    ['a log ping changes nothing', '01:00 log\n30:00 until', []],
    [
      'a log ping is no sign of life',
      '01:00 success\n10:00 log\n17:00 until',
      ['01:00 new > up, pinged', '11:00 up > late, due', '16:00 late > down, missed'],
    ],
    [
      'is started by a start, and up by its end',
      '01:00 start\n03:00 success',
      ['01:00 new > started, started', '03:00 started > up, pinged'],
    ],
    [
      'a run longer than its grace is down',
      '01:00 start\n10:00 until',
      ['01:00 new > started, started', '06:00 started > down, overran'],
    ],
    [
      'the end of a run that overran brings it up',
      '01:00 start\n10:00 success',
      ['01:00 new > started, started', '06:00 started > down, overran', '10:00 down > up, pinged'],
    ],
    [
      'a start within the period does not put off what is due',
      '01:00 success\n10:00 start\n20:00 until',
      [
        '01:00 new > up, pinged',
        '10:00 up > started, started',
        // Due at 11:00, which a run under way hides; the run's grace ends before the period's.
        '15:00 started > down, overran',
      ],
    ],
    [
      'a success of another run does not end this one',
      `01:00 start rid=${RID_A}\n02:00 start rid=${RID_B}\n03:00 success rid=${RID_B}\n10:00 until`,
      ['01:00 new > started, started', '06:00 started > down, overran'],
    ],
    [
      'a success without a run id ends all runs',
      `01:00 start rid=${RID_A}\n02:00 start rid=${RID_B}\n03:00 success\n10:00 until`,
      ['01:00 new > started, started', '03:00 started > up, pinged'],
    ],
    [
      'a failure ends all runs',
      `01:00 start rid=${RID_A}\n02:00 fail rid=${RID_B}\n03:00 success`,
      ['01:00 new > started, started', '02:00 started > down, failed', '03:00 down > up, pinged'],
    ],
    [
      'a start again begins its run anew',
      '01:00 start\n05:00 start\n09:00 success',
      ['01:00 new > started, started', '09:00 started > up, pinged'],
    ],
    [
      'paused, nothing is due',
      '01:00 success\n02:00 pause\n60:00 until',
      ['01:00 new > up, pinged', '02:00 up > paused, paused'],
    ],
    [
      'a ping ends a pause',
      '01:00 success\n02:00 pause\n05:00 success',
      ['01:00 new > up, pinged', '02:00 up > paused, paused', '05:00 paused > up, pinged'],
    ],
    [
      'paused for resumption by hand, pings do nothing',
      '01:00 success\n02:00 pause\n05:00 success\n06:00 fail\n07:00 start',
      ['01:00 new > up, pinged', '02:00 up > paused, paused'],
      { manualResume: true },
    ],
    [
      'resumed, it is as good as new',
      '01:00 success\n02:00 pause\n05:00 resume\n60:00 until',
      ['01:00 new > up, pinged', '02:00 up > paused, paused', '05:00 paused > new, resumed'],
    ],
    ['only what is paused is resumed', '01:00 success\n02:00 resume', ['01:00 new > up, pinged']],
    [
      'taking POST only, a GET is no sign of life',
      '01:00 success method=GET\n02:00 success method=HEAD\n03:00 success method=POST',
      ['03:00 new > up, pinged'],
      { postOnly: true },
    ],
    [
      'a longer period puts off what is due',
      '01:00 success\n05:00 redefine period=30 grace=5\n40:00 until',
      ['01:00 new > up, pinged', '31:00 up > late, due', '36:00 late > down, missed'],
    ],
    [
      'a shorter period never makes it late before it was said',
      '01:00 success\n09:00 redefine period=1 grace=5\n20:00 until',
      ['01:00 new > up, pinged', '09:00 up > late, due', '14:00 late > down, missed'],
    ],
    [
      'deleted, it is not judged any more',
      '01:00 success\n02:00 delete\n60:00 until',
      ['01:00 new > up, pinged'],
    ],
  ])('%s', (_, text, transitions, over = {}) => {
    expect(transitionsOf(told(text, over))).toEqual(transitions)
  })

  test('follows its cron schedule in its time zone', () => {
    // 02:30 in Berlin is 01:30 UTC in March.
    const cron = { kind: 'cron', expression: '30 2 * * *', timeZone: 'Europe/Berlin' } as const
    const heartbeat = lastOf('01:00 success\n02:00 until', { schedule: cron })
    expect(heartbeat.nextDueAt).toBe(at('1:30:00'))
    expect(heartbeat.graceEndsAt).toBe(at('1:35:00'))
  })

  test('follows its OnCalendar expression: the earliest of its lines', () => {
    const schedule = {
      kind: 'on-calendar',
      expression: '*-*-* 09:00\n*-*-* 07:00',
      timeZone: 'UTC',
    } as const
    expect(lastOf('01:00 success', { schedule }).nextDueAt).toBe(at('7:00:00'))
  })

  test('a schedule that is never due again leaves it up', () => {
    const schedule = { kind: 'on-calendar', expression: '2026-03-01', timeZone: 'UTC' } as const
    const heartbeat = lastOf('01:00 success\n60:00 until', { schedule })
    expect(heartbeat).toMatchObject({ status: 'up' })
    expect(heartbeat.nextDueAt).toBeUndefined()
  })

  test('measures a run by its id, also where runs overlap', () => {
    const text = `01:00 start rid=${RID_A}
      02:00 start rid=${RID_B}
      02:30 success rid=${RID_B}
      04:00 success rid=${RID_A}`
    const durations = told(text).flatMap((output) =>
      output.kind === 'heartbeat' ? [output.heartbeat.lastDurationMs] : [],
    )
    expect(durations).toContain(30 * SECOND_MS)
    expect(durations.at(-1)).toBe(3 * MINUTE_MS)
  })

  test('remembers so many runs under way, and forgets the oldest beyond', () => {
    const starts = Array.from({ length: 25 }, (_, i) => `01:${10 + i} start rid=${i}`)
    const heartbeat = lastOf(`${starts.join('\n')}\n02:00 until`, { graceMs: HOUR_MS })
    expect(heartbeat.startedAt).toBe(at('01:15'))
  })

  test('tells every ping, and the newest where they come faster than they are told', () => {
    const text = `${Array.from({ length: 30 }, () => '01:01 success').join('\n')}\n01:10 until`
    const tellings = told(text).filter((output) => output.kind === 'heartbeat')
    const numbers = tellings.flatMap(({ pings }) => pings.map((ping) => ping.number))
    expect(numbers[0]).toBe(1)
    expect(numbers.slice(1)).toEqual(Array.from({ length: 20 }, (_, i) => 11 + i))
    expect(tellings.at(-1)?.heartbeat.pingCount).toBe(30)
  })
})
