// The same event id again: a retry counts once, but a condition that came back is heard (fault 15).
import { describe, expect, test } from 'vitest'
import type { AlertEvent, EventFlag } from '../domain/event.ts'
import type { EventsRecord } from '../domain/records.ts'
import { play, recordsOf } from './testing/scenario.ts'

/** As the edge flags events whose bodies carry no time: each begins when it is received. */
const timeless = (records: readonly EventsRecord[]): EventsRecord[] =>
  records.map((record) => {
    if (record.kind !== 'events') return record
    const flags: EventFlag[] = ['start-missing']
    return { ...record, events: record.events.map((event): AlertEvent => ({ ...event, flags })) }
  })

const TOGGLE = `
  00:00 fire LinkDown@host-1 id=down
  00:20 resolve LinkDown@host-1 id=up
  00:40 fire LinkDown@host-1 id=down`

describe('fault 15: an event of the same id within the window', () => {
  test('that carries no time fires anew after its resolve', () => {
    const { world } = play(timeless(recordsOf(`${TOGGLE}\n12:00 tick`)))
    expect(world.alert('LinkDown@host-1').status).toBe('firing')
  })

  test('that carries no time resolves anew after it fired anew', () => {
    const text = `${TOGGLE}\n01:00 resolve LinkDown@host-1 id=up\n12:00 tick`
    const { world } = play(timeless(recordsOf(text)))
    expect(world.alert('LinkDown@host-1').status).toBe('resolved')
  })

  test('that carries no time counts where another of its condition came between', () => {
    const text = `
      00:00 fire LinkDown@host-1 id=a
      00:20 fire LinkDown@host-1 id=b
      00:40 fire LinkDown@host-1 id=a
      00:45 fire LinkDown@host-1 id=a
      12:00 tick`
    const { world } = play(timeless(recordsOf(text)))
    expect(world.alert('LinkDown@host-1').occurrences).toBe(2)
  })

  test('that carries no time counts once where it merely comes twice', () => {
    const text = `
      00:00 fire LinkDown@host-1 id=a
      00:20 fire LinkDown@host-1 id=a
      12:00 tick`
    const { world } = play(timeless(recordsOf(text)))
    expect(world.alert('LinkDown@host-1').occurrences).toBe(0)
  })

  test('that carries its time is a replay, whatever came between', () => {
    const since = TOGGLE.replace('00:40 fire LinkDown@host-1', '$& since=00:00')
    const { world } = play(recordsOf(`${since}\n12:00 tick`))
    expect(world.alert('LinkDown@host-1')).toMatchObject({ status: 'resolved', occurrences: 0 })
  })
})
