// Reading JSON bytes: exactly what JSON.parse reads, less what is dangerous, and where it breaks.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readJson } from './json.ts'

const DEPTH_MAX = 32
const read = (text: string) => readJson(Buffer.from(text), DEPTH_MAX)

describe('readJson', () => {
  test('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 10, stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value)
        fc.pre(!/\d{16}/.test(text))
        expect(read(text)).toEqual({ kind: 'ok', value: JSON.parse(text) })
      }),
    )
  })

  test('cut anywhere, it names the byte where it ends', () => {
    const whole = Buffer.from('{"a":[1,-2.5e3,"x\\u00fcü\\n",true,null],"b":{"c":[]}}')
    for (let end = 0; end < whole.length; end++) {
      const reading = readJson(whole.subarray(0, end), DEPTH_MAX)
      expect(reading.kind).toBe('refused')
      if (reading.kind === 'refused' && reading.reason === 'not-json') {
        expect(reading.offset).toBeLessThanOrEqual(end)
        expect(reading.offset).toBeGreaterThan(end - 'false'.length - 1)
      }
    }
  })

  test.each([
    ['{"a" 1}', 5],
    ['[1,]', 3],
    ['[1 2]', 3],
    ['{"a":1,}', 7],
    ['{a:1}', 1],
    ['[01]', 2],
    ["['a']", 1],
    ['["a\tb"]', 3],
    ['["\\x"]', 2],
    ['[NaN]', 1],
    ['1 2', 2],
    [']', 0],
    ['[}', 1],
    ['{"ü":x}', 6],
  ])('%s breaks at byte %d', (text, offset) => {
    expect(read(text)).toMatchObject({ kind: 'refused', reason: 'not-json', offset })
  })

  test('agrees with JSON.parse about what is JSON', () => {
    const unit = fc.constantFrom(...'{}[],:"\\ 0123456789.-+eEtruefalsn\n')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
        let valid = true
        try {
          JSON.parse(text)
        } catch {
          valid = false
        }
        expect(read(text).kind).toBe(valid ? 'ok' : 'refused')
      }),
      { numRuns: 2_000 },
    )
  })

  test.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', '9007199254740992'],
    ['-9007199254740993', '-9007199254740993'],
    ['1772452200000000000', '1772452200000000000'],
    ['0.12345678901234567890', Number('0.12345678901234567890')],
    ['12345678901234567890.5', Number('12345678901234567890.5')],
    ['12345678901234567e-3', Number('12345678901234567e-3')],
    ['1e0000000000000000005', 1e5],
    ['"12345678901234567890"', '12345678901234567890'],
  ])('the number %s reads as %s', (text, value) => {
    expect(read(`{"n":[${text}]}`)).toEqual({ kind: 'ok', value: { n: [value] } })
  })

  test('the depth limit counts open brackets only', () => {
    const flat = `[${'[],{},'.repeat(100)}0]`
    expect(read(flat).kind).toBe('ok')
    expect(read('['.repeat(32) + ']'.repeat(32)).kind).toBe('ok')
    expect(read('{"a":'.repeat(33))).toMatchObject({ reason: 'too-deep', offset: 160 })
  })
})
