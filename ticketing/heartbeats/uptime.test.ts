// Uptime is of the time watched: new and paused count neither for nor against.
import { describe, expect, test } from 'vitest'
import type { HeartbeatStatus } from '../../domain/heartbeat.ts'
import { uptimeOf } from './uptime.ts'

const change = (at: number, from: HeartbeatStatus, to: HeartbeatStatus) => ({ at, from, to })

describe('uptime over 0 to 100', () => {
  test.each([
    ['never watched', [], 'new', undefined],
    ['up all the time', [], 'up', 1],
    ['down all the time', [], 'down', 0],
    ['down for its second half', [change(50, 'late', 'down')], 'down', 0.5],
    ['down for a while', [change(20, 'late', 'down'), change(30, 'down', 'up')], 'up', 0.9],
    [
      'watched from 50, down from 75',
      [change(50, 'new', 'up'), change(75, 'late', 'down')],
      'down',
      0.5,
    ],
    ['paused for half of it', [change(50, 'up', 'paused')], 'paused', 1],
    [
      'late and started are up',
      [change(30, 'up', 'late'), change(60, 'late', 'started')],
      'started',
      1,
    ],
    [
      'changed before the window',
      [change(-50, 'new', 'down'), change(80, 'down', 'up')],
      'up',
      1 - 0.8,
    ],
    ['changed after it', [change(150, 'up', 'down')], 'down', 1],
  ] as const)('%s', (_, changes, status, uptime) => {
    const found = uptimeOf(changes, status, 0, 100)
    if (uptime === undefined) expect(found).toBeUndefined()
    else expect(found).toBeCloseTo(uptime, 9)
  })
})
