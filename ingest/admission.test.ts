// Who may deliver: keys by hash, rotation with overlap, and guessing that leads nowhere (fault 16).
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { IngestKey } from '../domain/integration.ts'
import { createAdmission, tokenOf } from './admission.ts'

const keyOf = (token: string, more: Partial<IngestKey> = {}): IngestKey => ({
  sha256: createHash('sha256').update(token).digest('hex'),
  name: token,
  ...more,
})
const limits = { wrongTokensMax: 3, windowMs: 60_000, lockoutMs: 300_000, addressesMax: 2 }
const HERE = '10.0.0.1'

const admissionOf = (...keys: IngestKey[]) => {
  const admission = createAdmission([], limits)
  admission.replaceKeys(keys)
  const admit = (token: string | undefined, now = 0, address = HERE): string => {
    const verdict = admission.admit(token, address, now)
    return verdict.kind === 'admitted' ? `as ${verdict.key.name}` : verdict.reason
  }
  return { admission, admit }
}

describe('a token', () => {
  test('lets in as the key that it belongs to, and nothing else does', () => {
    const { admit } = admissionOf(keyOf('right'))
    expect(admit('right')).toBe('as right')
    expect(admit('wrong')).toBe('token-unknown')
    expect(admit('')).toBe('token-missing')
    expect(admit(undefined)).toBe('token-missing')
  })

  test('that was rotated is valid beside the new one, until the overlap is over', () => {
    const { admit } = admissionOf(keyOf('new'), keyOf('old', { validUntil: 1_000 }))
    expect([admit('new', 999), admit('old', 999)]).toEqual(['as new', 'as old'])
    expect([admit('new', 1_000), admit('old', 1_000)]).toEqual(['as new', 'token-unknown'])
  })

  test('that was taken away lets nobody in, but the configuration’s stay', () => {
    const admission = createAdmission([keyOf('fixed')], limits)
    admission.replaceKeys([keyOf('passing')])
    admission.replaceKeys([])
    expect(admission.admit('passing', HERE, 0).kind).toBe('refused')
    expect(admission.admit('fixed', HERE, 0).kind).toBe('admitted')
  })
})

describe('fault 16: guessing', () => {
  const guess = (admit: (token: string, now?: number, address?: string) => string, now = 0) =>
    ['a', 'b', 'c', 'd'].map((token) => admit(token, now))

  test('locks the address out, and then a right guess looks like a wrong one', () => {
    const { admit } = admissionOf(keyOf('right'))
    expect(guess(admit)).toEqual(Array(4).fill('token-unknown'))
    expect([admit('e'), admit('right')]).toEqual(['locked-out', 'locked-out'])
    expect(admit('right', 0, '10.0.0.2')).toBe('as right')
    expect(admit('right', limits.lockoutMs)).toBe('as right')
  })

  test('does not lock out the tool that was in before from the same address', () => {
    const { admit } = admissionOf(keyOf('right'), keyOf('other'))
    expect(admit('right')).toBe('as right')
    guess(admit)
    expect(admit('right', 1)).toBe('as right')
    expect(admit('other', 1)).toBe('locked-out')
  })

  test('is forgiven when a key is made: its tool may have been set up before it', () => {
    const { admission, admit } = admissionOf(keyOf('right'))
    guess(admit)
    admission.replaceKeys([keyOf('right')])
    expect(admit('right')).toBe('locked-out')
    admission.replaceKeys([keyOf('right'), keyOf('new')])
    expect(admit('new')).toBe('as new')
  })

  test('says how long the lockout lasts', () => {
    const { admission, admit } = admissionOf()
    guess(admit)
    expect(admission.admit('x', HERE, 0)).toMatchObject({ status: 429, retryAfterSeconds: 300 })
  })

  test('slowly, below the limit, is only ever refused', () => {
    const { admit } = admissionOf(keyOf('right'))
    for (let i = 0; i < 20; i++) expect(admit('x', i * 30_000)).toBe('token-unknown')
    expect(admit('right', 600_000)).toBe('as right')
  })

  test('from ever new addresses costs bounded memory: the oldest is forgotten', () => {
    const { admit } = admissionOf(keyOf('right'))
    guess(admit)
    for (const address of ['10.0.0.8', '10.0.0.9']) admit('x', 0, address)
    expect(admit('right')).toBe('as right')
  })
})

describe('a request presents its token', () => {
  const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`
  test.each([
    [{ authorization: 'Bearer abc' }, 'abc'],
    [{ authorization: 'GenieKey abc' }, 'abc'],
    [{ authorization: 'Token abc' }, 'abc'],
    [{ authorization: basic('anybody:abc') }, 'abc'],
    [{ authorization: basic('a:b:c') }, 'b:c'],
    [{ 'x-api-key': 'abc' }, 'abc'],
    [{ 'x-faultline-token': 'abc' }, 'abc'],
    [{ authorization: 'Digest abc', 'api-key': 'def' }, 'def'],
    [{ authorization: 'abc' }, undefined],
    [{ 'x-api-key': '' }, undefined],
    [{}, undefined],
  ])('in %j: %s', (headers, expected) => {
    expect(tokenOf(headers)).toBe(expected)
  })
})
