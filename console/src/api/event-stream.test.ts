// The stream reads the same however the network cuts it.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEventParser, type ServerEvent } from './event-stream.ts'

const parse = (pieces: readonly string[]): ServerEvent[] => {
  const events: ServerEvent[] = []
  const take = createEventParser((event) => events.push(event))
  for (const piece of pieces) take(piece)
  return events
}

const STREAM =
  ': hello\n\nid: 7\nevent: incident\ndata: {"a":1}\n\nid: 8\r\nevent: problem\r\ndata: x\r\ndata: y\r\n\r\ndata:bare\n\n'

describe('server-sent events', () => {
  test('ids last, comments say nothing, data lines join', () =>
    expect(parse([STREAM])).toEqual([
      { id: '7', event: 'incident', data: '{"a":1}' },
      { id: '8', event: 'problem', data: 'x\ny' },
      { id: '8', event: 'message', data: 'bare' },
    ]))

  test('any cuts give the same events', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(STREAM.length), { maxLength: 12 }), (cuts) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), STREAM.length]
        const pieces = edges.slice(1).map((to, i) => STREAM.slice(edges[i], to))
        expect(parse(pieces)).toEqual(parse([STREAM]))
      }),
    ))

  test('an event that was not ended is not told', () =>
    expect(parse(['id: 9\ndata: half'])).toEqual([]))
})
