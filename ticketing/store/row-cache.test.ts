// What is remembered of rows holds only while nobody else has written.
import { expect, test } from 'vitest'
import { createRowCache } from './row-cache.ts'

const row = (id: string, text = 'as it was') => ({ id, text })

test('rows are given to who finds the store as it was left', () => {
  const cache = createRowCache()
  cache.committed(0, 1, [row('a')])
  expect(cache.at(1).get('a')).toEqual(row('a'))
  cache.committed(1, 2, [row('b')])
  expect(cache.at(2).get('a')).toEqual(row('a'))
})

test('once another process has written, nothing is known', () => {
  const cache = createRowCache()
  cache.committed(0, 1, [row('a')])
  expect(cache.at(2).get('a')).toBeUndefined()
  cache.committed(2, 3, [row('b')])
  expect(cache.at(3).get('a')).toBeUndefined()
  expect(cache.at(3).get('b')).toEqual(row('b'))
})

test('a unit of work at hand is not given what a later one wrote', () => {
  const cache = createRowCache()
  cache.committed(0, 1, [row('a')])
  const mine = cache.at(1)
  cache.committed(1, 2, [row('a', 'anew')])
  expect(mine.get('a')).toBeUndefined()
})

test('a failed unit of work leaves nothing behind', () => {
  const cache = createRowCache()
  cache.committed(0, 1, [row('a')])
  cache.forget()
  expect(cache.at(1).get('a')).toBeUndefined()
})

test('those longest unwritten are forgotten at the limit', () => {
  const cache = createRowCache<ReturnType<typeof row>>(2)
  cache.committed(0, 1, [row('a'), row('b')])
  cache.committed(1, 2, [row('a', 'anew'), row('c')])
  const known = cache.at(2)
  expect(['a', 'b', 'c'].map((id) => known.get(id)?.text)).toEqual(['anew', undefined, 'as it was'])
})
