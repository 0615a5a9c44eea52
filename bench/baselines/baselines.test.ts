// Each baseline does what its original does.
import { describe, expect, test } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../domain/time.ts'
import { EMPTY_TOPOLOGY } from '../../domain/topology.ts'
import { alec, alecDistance } from './alec.ts'
import type { BaselineEvent } from './baseline.ts'
import { fixedWindow } from './fixed-window.ts'
import { groupBy } from './group-by.ts'
import { sessionGap } from './session-gap.ts'

const at = (
  ms: number,
  ci: string,
  name: string,
  status: 'firing' | 'resolved' = 'firing',
): BaselineEvent => ({
  at: ms,
  ci,
  event: {
    id: `${ms}`,
    fingerprint: `${name}@${ci}`,
    status,
    name,
    severity: 'warning',
    summary: name,
    labels: { service: ci },
    startsAt: ms,
  },
})

/** Groups by the order in which they first appear. */
const shape = (groups: readonly string[]): number[] => {
  const order = [...new Set(groups)]
  return groups.map((group) => order.indexOf(group))
}

describe('baselines', () => {
  test('a fixed window cuts by the clock, and an alert stays where it began', () => {
    const events = [
      at(0, 'a', 'X'),
      at(4 * MINUTE_MS, 'b', 'Y'),
      at(5 * MINUTE_MS, 'c', 'Z'),
      at(6 * MINUTE_MS, 'a', 'X'),
    ]
    expect(shape(fixedWindow(5).assign(events, EMPTY_TOPOLOGY))).toEqual([0, 0, 1, 0])
  })

  test('a session ends when its service has been quiet for the gap', () => {
    const events = [
      at(0, 'a', 'X'),
      at(10 * MINUTE_MS, 'a', 'Y'),
      at(20 * MINUTE_MS, 'b', 'X'),
      at(26 * MINUTE_MS, 'a', 'Z'),
    ]
    expect(shape(sessionGap(15).assign(events, EMPTY_TOPOLOGY))).toEqual([0, 0, 1, 2])
  })

  test('group_by keeps a group while one of its alerts fires', () => {
    const events = [
      at(0, 'a', 'X'),
      at(1000, 'b', 'X'),
      at(2000, 'a', 'X', 'resolved'),
      at(3000, 'c', 'X'),
      at(4000, 'b', 'X', 'resolved'),
      at(5000, 'c', 'X', 'resolved'),
      at(6000, 'a', 'X'),
    ]
    expect(shape(groupBy('alertname').assign(events, EMPTY_TOPOLOGY))).toEqual([
      0, 0, 0, 0, 0, 0, 1,
    ])
  })

  test('ALEC reaches 75 s on one CI, 26 s over one edge, and no further', () => {
    expect(alecDistance(75 * SECOND_MS, 0)).toBeLessThan(100)
    expect(alecDistance(76 * SECOND_MS, 0)).toBeGreaterThan(100)
    expect(alecDistance(26 * SECOND_MS, 1)).toBeLessThan(100)
    expect(alecDistance(27 * SECOND_MS, 1)).toBeGreaterThan(100)
    expect(alecDistance(0, 2)).toBeGreaterThan(100)
  })

  test('ALEC joins neighbours in the graph and leaves strangers alone', () => {
    const topology = {
      cis: [],
      relations: [{ from: 'web', to: 'db', type: 'depends_on' as const }],
    }
    const events = [
      at(0, 'db', 'Slow'),
      at(20 * SECOND_MS, 'web', 'Errors'),
      at(21 * SECOND_MS, 'mail', 'Errors'),
      at(300 * SECOND_MS, 'web', 'Latency'),
    ]
    expect(shape(alec.assign(events, topology))).toEqual([0, 0, 1, 2])
  })
})
