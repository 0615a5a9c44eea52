// OTLP logs: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { readOtlpLogs } from '../otlp-protobuf.ts'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './otlp.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

/** A length-delimited field, as protobuf writes it; short ones only. */
const field = (number: number, content: Buffer | string): Buffer => {
  const bytes = Buffer.from(content)
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes])
}
const fixed64 = (number: number, value: bigint): Buffer => {
  const bytes = Buffer.alloc(9)
  bytes[0] = (number << 3) | 1
  bytes.writeBigUInt64LE(value, 1)
  return bytes
}
const attribute = (key: string, value: string) =>
  Buffer.concat([field(1, key), field(2, field(1, value))])

const protobuf = field(
  1,
  Buffer.concat([
    field(1, field(1, attribute('service.name', 'checkout'))),
    field(
      2,
      field(
        2,
        Buffer.concat([
          fixed64(1, 1_772_452_200_000_000_000n),
          Buffer.from([(2 << 3) | 0, 17]),
          field(5, field(1, 'gateway timed out')),
          field(6, attribute('event.name', 'PaymentTimeout')),
          field(9, 'trace-id-is-skipped'),
        ]),
      ),
    ),
  ]),
)

describe('OTLP logs', () => {
  test('protobuf reads as JSON does', () => {
    expect(only(normalise('otlp', readOtlpLogs(protobuf)))).toMatchObject({
      name: 'PaymentTimeout',
      severity: 'error',
      summary: 'gateway timed out',
      labels: { service: 'checkout' },
      startsAt: 1_772_452_200_000,
    })
  })

  test('protobuf that ends anywhere too early is no message, and throws nothing', () => {
    const whole = JSON.stringify(readOtlpLogs(protobuf))
    for (let end = 1; end < protobuf.length; end++)
      expect(JSON.stringify(readOtlpLogs(protobuf.subarray(0, end)))).not.toBe(whole)
  })

  test('records of one service and event are one condition, whatever their traces and figures', () => {
    const [group] = fixture.fire.resourceLogs
    const [scope] = group!.scopeLogs
    const [record] = scope!.logRecords
    const bodies = ['took 30012 ms', 'took 31000 ms'].map((stringValue) => ({
      resourceLogs: [
        {
          ...group,
          scopeLogs: [{ logRecords: [{ ...record, attributes: [], body: { stringValue } }] }],
        },
      ],
    }))
    const [first, second] = bodies.map((body) => only(normalise('otlp', body)))
    expect(first!.name).toBe('took # ms')
    expect(second!.fingerprint).toBe(first!.fingerprint)
  })
})
