// Flapping is state: one incident, a count, and little to tell, however fast it toggles.
import { expect, test } from 'vitest'
import type { AlertEvent } from '../../domain/event.ts'
import { HOUR_MS, SECOND_MS } from '../../domain/time.ts'
import { batchOf, play, recordsOf, START } from '../testing/scenario.ts'

const event = (at: number, status: AlertEvent['status'], since: number): AlertEvent => ({
  id: `${status}-${at}`,
  fingerprint: 'f1a9f1a9f1a9f1a9',
  status,
  name: 'LinkDown',
  severity: 'error',
  summary: 'link down',
  labels: { device: 'switch1' },
  startsAt: since,
  ...(status === 'resolved' ? { endsAt: at } : {}),
})

/** Fires with each second and resolves half a second later, for an hour. */
const anHourOfToggles = Array.from({ length: HOUR_MS / SECOND_MS }, (_, second) => {
  const from = START + second * SECOND_MS
  return [
    batchOf(from, [event(from, 'firing', from)]),
    batchOf(from + 500, [event(from + 500, 'resolved', from)]),
  ]
}).flat()

test('FAULTS 26: 1 Hz for an hour is one incident, open throughout, with an exact count of flaps', () => {
  const { world, play: playOn } = play(anHourOfToggles)
  expect(world.summary()).toEqual(['LinkDown@switch1 | open'])
  expect(world.entries.filter(({ kind }) => kind === 'opened')).toHaveLength(1)
  expect(world.entries.filter(({ kind }) => kind === 'reopened')).toEqual([])
  // What is told of it is told in turns: about once a minute, not twice a second.
  expect(world.outputs.length).toBeLessThan(200)
  playOn(recordsOf('1:20:00 tick'))
  expect(world.alert('LinkDown@switch1')).toMatchObject({ flaps: 3_599, occurrences: 3_599 })
  expect(world.summary()).toEqual(['LinkDown@switch1 | resolved'])
})

test('it is said to flap once it does, and no longer once it has settled', () => {
  const { world, play: playOn } = play(anHourOfToggles.slice(0, 240))
  playOn(recordsOf('03:00 tick'))
  expect(world.alert('LinkDown@switch1').flapping).toBe(true)
  const later = START + 40 * 60 * SECOND_MS
  playOn([
    batchOf(later, [event(later, 'firing', later)]),
    ...recordsOf('45:00 tick'),
    batchOf(later + 6 * 60 * SECOND_MS, [event(later + 360_000, 'firing', later)]),
    ...recordsOf('50:00 tick'),
  ])
  expect(world.alert('LinkDown@switch1').flapping).toBe(false)
})
