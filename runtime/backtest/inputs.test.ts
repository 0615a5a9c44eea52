// What the backtest takes and what it names as wrong.
import { describe, expect, test } from 'vitest'
import { InputError, parseChanges, parseDelivery, parseTopology } from './inputs.ts'

const good = '{"receivedAt":"2026-03-02T00:00:01.500Z","source":"zabbix","payload":{"a":1}}'

describe('a recorded delivery', () => {
  test('keeps its time, source and payload', () => {
    expect(parseDelivery(good)).toMatchObject({
      receivedAt: Date.UTC(2026, 2, 2, 0, 0, 1, 500),
      source: 'zabbix',
      payload: { a: 1 },
    })
  })

  test('has the id of its content, not of the time it came', () => {
    const later = good.replace('00:00:01.500', '00:04:01.500')
    const other = good.replace('"a":1', '"a":2')
    const id = (line: string) => (parseDelivery(line) as { deliveryId: string }).deliveryId
    expect(id(later)).toBe(id(good))
    expect(id(other)).not.toBe(id(good))
  })

  test.each([
    [undefined, 'line-too-long'],
    ['{"receivedAt":', 'not-json'],
    ['[1]', 'not-an-object'],
    ['{"source":"a","payload":{}}', 'received-at-invalid'],
    ['{"receivedAt":"2026-02-30T00:00:00Z","source":"a","payload":{}}', 'received-at-invalid'],
    ['{"receivedAt":"2026-03-02T00:00:00Z","payload":{}}', 'source-missing'],
    ['{"receivedAt":"2026-03-02T00:00:00Z","source":"a"}', 'payload-missing'],
  ])('%j is refused as %s', (line, fault) => {
    expect(parseDelivery(line)).toMatchObject({ fault })
  })
})

describe('topology and changes', () => {
  test('a relation of an unknown type is named by its place', () => {
    const text = '{"cis":[],"relations":[{"from":"a","to":"b","type":"likes"}]}'
    expect(() => parseTopology(text)).toThrow(InputError)
    expect(() => parseTopology(text)).toThrow('relations[0].type likes')
  })

  test('changes come out by start, and a change without an end is still running', () => {
    const lines = [
      '{"id":"2","ci":"a","type":"Deployment","summary":"s","startedAt":"2026-03-02T02:00:00Z","endedAt":null}',
      '{"id":"1","ci":"a","type":"config","summary":"s","startedAt":"2026-03-02T01:00:00Z","endedAt":"2026-03-02T01:05:00Z"}',
      '',
    ].join('\n')
    const changes = parseChanges(lines)
    expect(changes.map(({ id, type }) => [id, type])).toEqual([
      ['1', 'config'],
      ['2', 'deployment'],
    ])
    expect(changes[1]).not.toHaveProperty('endedAt')
  })

  test('a change that cannot be read is named by its line', () => {
    expect(() => parseChanges('\n{"id":"1","ci":"a"}')).toThrow('changes line 2')
  })
})
