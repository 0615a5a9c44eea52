// CloudEvents: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './cloudevents.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('CloudEvents', () => {
  test('a batch is taken event by event', () => {
    const { events, refusals } = normalise('cloudevents', [fixture.fire, {}, fixture.resolve])
    expect(events.map(({ status }) => status)).toEqual(['firing', 'resolved'])
    expect(refusals).toMatchObject([{ index: 1, reason: 'field-invalid' }])
  })

  test('the end of the type says the status where the data does not', () => {
    expect(only(normalise('cloudevents', fixture.resolve)).status).toBe('resolved')
    const said = { ...fixture.resolve, data: { ...fixture.resolve.data, status: 'firing' } }
    expect(only(normalise('cloudevents', said)).status).toBe('firing')
  })
})
