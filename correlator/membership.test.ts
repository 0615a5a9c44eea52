// People's corrections: merge, split and move, each with undo, and what the next incident learns.
import { describe, expect, test } from 'vitest'
import type { EventsRecord, MembershipDecision } from '../domain/records.ts'
import { restoreCorrelator } from './correlator.ts'
import { defaultCorrelatorSettings } from './settings.ts'
import { at, type Played, play, recordsOf } from './testing/scenario.ts'

const decided = (clock: string, decision: MembershipDecision, undo = false): EventsRecord => ({
  kind: 'membership',
  at: at(clock),
  commandId: `command-${clock}`,
  actor: 'ada',
  decision,
  ...(undo ? { undo } : {}),
})

const two = (): Played =>
  play(
    recordsOf(`
      00:00 fire DiskFull@db
      00:05 fire LoadHigh@db
      00:10 fire LatencyHigh@shop`),
  )

const idOf = ({ world }: Played, subject: string): string => world.incidentOf(subject).id

const merge = (played: Played): MembershipDecision => ({
  action: 'merge',
  incidentId: idOf(played, 'LatencyHigh@shop'),
  into: idOf(played, 'DiskFull@db'),
})

describe('merge', () => {
  test('puts all alerts into the incident named, and says who did it', () => {
    const played = two()
    const decision = merge(played)
    played.play([decided('01:00', decision)])
    expect(played.world.summary()).toEqual(['DiskFull@db LatencyHigh@shop LoadHigh@db | open'])
    expect(
      played.world.incidents.get(played.world.alert('DiskFull@db').incidentId!)?.alertCount,
    ).toBe(3)
    expect(played.world.entries.map(({ text }) => text)).toContainEqual(
      expect.stringContaining('ada merged them'),
    )
  })

  test('undo gives both incidents back as they were', () => {
    const played = two()
    const before = played.world.summary()
    const decision = merge(played)
    played.play([decided('01:00', decision), decided('02:00', decision, true)])
    expect(played.world.summary()).toEqual(before)
  })

  test('such alerts go together the next time, and say why', () => {
    const played = two()
    const decision = merge(played)
    played.play([
      decided('01:00', decision),
      ...recordsOf(`
        02:00 resolve DiskFull@db since=00:00
        02:00 resolve LoadHigh@db since=00:05
        02:00 resolve LatencyHigh@shop since=00:10
        2:00:00 fire DiskFull@db
        2:00:10 fire LatencyHigh@shop`),
    ])
    expect(played.world.summary()).toContain('DiskFull@db LatencyHigh@shop | open')
    expect(played.world.alert('LatencyHigh@shop').evidence.map(({ signal }) => signal)).toContain(
      'corrections',
    )
  })

  test('what an undone merge taught is forgotten', () => {
    const played = two()
    const decision = merge(played)
    played.play([
      decided('01:00', decision),
      decided('01:30', decision, true),
      ...recordsOf(`
        02:00 resolve DiskFull@db since=00:00
        02:00 resolve LatencyHigh@shop since=00:10
        2:00:00 fire DiskFull@db
        2:00:10 fire LatencyHigh@shop`),
    ])
    expect(played.world.summary()).toContain('LatencyHigh@shop | open')
  })
})

const split = (played: Played): MembershipDecision => ({
  action: 'split',
  incidentId: idOf(played, 'DiskFull@db'),
  alertIds: [played.world.alert('LoadHigh@db').id],
  newIncidentId: 'inc-chosen',
})

describe('split', () => {
  test('moves the alerts into a new incident of the name chosen', () => {
    const played = two()
    played.play([decided('01:00', split(played))])
    expect(played.world.summary()).toEqual([
      'DiskFull@db | open',
      'LatencyHigh@shop | open',
      'LoadHigh@db | open',
    ])
    expect(idOf(played, 'LoadHigh@db')).toBe('inc-chosen')
  })

  test('undo puts them back', () => {
    const played = two()
    const before = played.world.summary()
    const decision = split(played)
    played.play([decided('01:00', decision), decided('02:00', decision, true)])
    expect(played.world.summary()).toEqual(before)
  })

  test('such alerts stay apart the next time, however near they are', () => {
    const played = two()
    played.play([
      decided('01:00', split(played)),
      ...recordsOf(`
        02:00 resolve DiskFull@db since=00:00
        02:00 resolve LoadHigh@db since=00:05
        2:00:00 fire DiskFull@db
        2:00:05 fire LoadHigh@db`),
    ])
    expect(played.world.summary()).toEqual([
      'DiskFull@db | open',
      'DiskFull@db | resolved',
      'LatencyHigh@shop | open',
      'LoadHigh@db | open',
      'LoadHigh@db | resolved',
    ])
  })
})

describe('move', () => {
  const move = (played: Played): MembershipDecision => ({
    action: 'move',
    alertIds: [played.world.alert('LoadHigh@db').id],
    from: idOf(played, 'DiskFull@db'),
    to: idOf(played, 'LatencyHigh@shop'),
  })

  test('moves one alert, and its undo moves it back', () => {
    const played = two()
    const before = played.world.summary()
    const decision = move(played)
    played.play([decided('01:00', decision)])
    expect(played.world.summary()).toEqual([
      'DiskFull@db | open',
      'LatencyHigh@shop LoadHigh@db | open',
    ])
    played.play([decided('02:00', decision, true)])
    expect(played.world.summary()).toEqual(before)
  })
})

describe('an incident that lost its last alert', () => {
  test('has it back when the move is undone', () => {
    const played = two()
    const before = played.world.summary()
    const decision: MembershipDecision = {
      action: 'move',
      alertIds: [played.world.alert('LatencyHigh@shop').id],
      from: idOf(played, 'LatencyHigh@shop'),
      to: idOf(played, 'DiskFull@db'),
    }
    played.play([decided('01:00', decision)])
    expect(played.world.incidents.get(decision.from)?.status).toBe('merged')
    played.play([decided('02:00', decision, true)])
    expect(played.world.summary()).toEqual(before)
    expect(idOf(played, 'LatencyHigh@shop')).toBe(decision.from)
  })
})

describe('a record that is sent again', () => {
  test('is known by its command, also after an undo and a restart', () => {
    const played = two()
    const merging = decided('01:00', merge(played))
    const undoing = decided('02:00', merge(played), true)
    played.play([merging, undoing])
    const apart = played.world.summary()
    const moves = () =>
      played.world.entries.filter(({ kind }) => kind === 'merged' || kind === 'split').length
    const told = moves()
    played.play([merging, undoing, { ...merging, at: at('10:00') } as EventsRecord])
    expect(played.world.summary()).toEqual(apart)
    expect(moves()).toBe(told)
    const restored = restoreCorrelator(played.correlator.snapshot(), defaultCorrelatorSettings)
    played.world.hear(restored.apply(merging, restored.position()))
    expect(played.world.summary()).toEqual(apart)
  })
})

describe('every decision', () => {
  test('about an incident that is not known changes nothing', () => {
    const played = two()
    const before = played.world.outputs.length
    played.play([
      decided('01:00', { action: 'merge', incidentId: 'inc-none', into: 'inc-nowhere' }),
      decided('01:00', { action: 'resolve', incidentId: 'inc-none' }),
    ])
    expect(played.world.outputs.slice(before).filter(({ kind }) => kind === 'alert')).toEqual([])
    expect(played.world.summary()).toHaveLength(2)
  })

  test('outlives a restart', () => {
    const played = two()
    const decision = merge(played)
    played.play([decided('01:00', decision)])
    const restored = restoreCorrelator(played.correlator.snapshot(), defaultCorrelatorSettings)
    played.world.hear(restored.apply(decided('02:00', decision, true), restored.position()))
    expect(played.world.summary()).toHaveLength(2)
  })

  test('a person resolves an incident whose alerts still fire; a re-fire opens it again', () => {
    const played = two()
    const incidentId = idOf(played, 'DiskFull@db')
    played.play([decided('01:00', { action: 'resolve', incidentId })])
    expect(played.world.incidents.get(incidentId)?.status).toBe('resolved')
    played.play(recordsOf('01:30 fire DiskFull@db since=00:00\n03:00 tick'))
    expect(played.world.incidents.get(incidentId)?.status).toBe('resolved')
    played.play(
      recordsOf('04:00 resolve DiskFull@db since=00:00\n05:00 fire DiskFull@db\n05:05 tick'),
    )
    expect(played.world.incidents.get(incidentId)?.status).toBe('open')
  })
})
