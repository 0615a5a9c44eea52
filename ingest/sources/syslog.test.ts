// Syslog: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSyslogFramer } from '../syslog-frames.ts'
import { createTestEdge } from '../testing/edge.ts'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './syslog.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()
const NOON = Date.UTC(2026, 2, 2, 12)

describe('Syslog', () => {
  test('structured data is passed over, brackets in its values as well', () => {
    expect(only(normalise('syslog', fixture.fire))).toMatchObject({
      name: 'postgres: DISKFULL',
      summary: 'could not write block 4711 of relation 16384',
      severity: 'error',
      labels: { host: 'db-1.shop.internal', app: 'postgres', facility: '16' },
    })
  })

  test('the old form has no year: the nearest one is meant', () => {
    const at = (line: string) => only(normalise('syslog', [`<11>${line} h a: x`])).startsAt
    expect(at('Mar  2 11:50:00')).toBe(NOON - 600_000)
    expect(at('Dec 31 23:59:00')).toBe(Date.UTC(2025, 11, 31, 23, 59))
    expect(at('Feb 30 11:50:00')).toBe(NOON)
  })

  test('figures in the text do not split a condition', () => {
    const line = (n: number) => [`<11>1 - web-1 app ${n} - - took ${n} ms`]
    const [first, second] = [1, 22].map((n) => only(normalise('syslog', line(n))))
    expect(second!.fingerprint).toBe(first!.fingerprint)
  })

  test('lines over HTTP are taken one by one', async () => {
    const edge = createTestEdge()
    const lines = [...fixture.fire, ...fixture.bsdFire, 'garbage'].join('\n')
    const headers = { 'content-type': 'application/x-syslog' }
    const answer = await edge.post('/webhooks/syslog', lines, headers)
    expect(answer.json()).toMatchObject({ accepted: 2, refused: [{ index: 2 }] })
  })
})

describe('syslog frames', () => {
  const messages = ['<11>one', '<11>two words', '<11>três']
  const counted = messages.map((text) => `${Buffer.byteLength(text)} ${text}`).join('')
  const lines = messages.map((text) => `${text}\n`).join('')

  test.each([
    ['octet counting', counted],
    ['line feeds', lines],
    ['both in turn', counted + lines],
  ])('%s: the same messages, wherever the stream is cut', (_what, stream) => {
    const bytes = Buffer.from(stream)
    const expected = stream.length > counted.length + 5 ? [...messages, ...messages] : messages
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 6 }), (cuts) => {
        const framer = createSyslogFramer()
        const ends = [...cuts.sort((a, b) => a - b), bytes.length]
        const got = ends.flatMap((end, i) => framer.push(bytes.subarray(ends[i - 1] ?? 0, end)))
        expect(got.map(String)).toEqual(expected)
        expect(framer.waitingBytes()).toBe(0)
      }),
    )
  })

  test.each(['x'.repeat(1_000_000), `900000 ${'x'.repeat(899_990)}`])(
    'a message without an end is cut at the limit and its rest not kept',
    (endless) => {
      const framer = createSyslogFramer(1_000)
      const bytes = Buffer.from(endless)
      let got = 0
      for (let at = 0; at < bytes.length; at += 700) {
        got += framer.push(bytes.subarray(at, at + 700)).length
        expect(framer.waitingBytes()).toBeLessThan(2_000)
      }
      expect(got).toBe(1)
    },
  )
})
