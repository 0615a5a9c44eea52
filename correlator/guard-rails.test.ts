// What must not run away: topologies that go in circles, and joins of everything (FAULTS 20).
import { describe, expect, test } from 'vitest'
import { incidentsOf, play, recordsOf, topologyOf } from './testing/scenario.ts'

const clock = (second: number): string =>
  `${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}`

describe('FAULTS 20: guard rails', () => {
  test('a topology that goes in circles is walked once around', () => {
    const circle = topologyOf('a depends_on b\nb depends_on c\nc depends_on a\na depends_on a')
    expect(
      incidentsOf(
        `00:00 fire Down@a
         00:05 fire Down@b
         00:10 fire Down@c`,
        circle,
      ),
    ).toEqual(['Down@a Down@b Down@c | open'])
  })

  test('a topology in which everything needs everything is still bounded work', () => {
    const names = Array.from({ length: 40 }, (_, i) => `n${i}`)
    const mesh = topologyOf(
      names.flatMap((from) => names.map((to) => `${from} depends_on ${to}`)).join('\n'),
    )
    const text = names.map((name, i) => `${clock(i)} fire Down@${name}`).join('\n')
    const { world } = play(recordsOf(`${text}\n20:00 tick`), { topology: mesh })
    const total = [...world.incidents.values()]
      .filter(({ status }) => status !== 'merged')
      .reduce((sum, { alertCount }) => sum + alertCount, 0)
    expect(total).toBe(names.length)
  })

  test('a join that matches everything stops at the life of an incident, and tells a sample', () => {
    const settings = { joinThreshold: -1e9, incidentSampleMax: 20, incidentLifeMs: 10 * 60_000 }
    const text = Array.from({ length: 40 }, (_, i) => `${clock(i * 30)} fire Alert${i}@host-${i}`)
    const { world } = play(recordsOf(text.join('\n')), { settings })
    const lives = [...world.incidents.values()].map(({ alertCount }) => alertCount)
    expect(lives.length).toBeGreaterThan(1)
    expect(lives.reduce((sum, count) => sum + count, 0)).toBe(40)
    for (const incident of world.incidents.values()) {
      const told = [...world.alerts.values()].filter(({ incidentId }) => incidentId === incident.id)
      expect(told.length).toBeLessThanOrEqual(settings.incidentSampleMax)
    }
  })
})
