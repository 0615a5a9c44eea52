// The conflict policy as a table, and what holds whatever both sides do.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { merge } from './merge.ts'

const at = (state: string, assignee: string | null = null) => ({ state, assignee })

describe('the conflict policy', () => {
  test.each([
    ['nobody changed anything', 'a', 'a', 'a', 'faultline', {}, {}],
    ['we changed it', 'b', 'a', 'a', 'remote', { state: 'b' }, {}],
    ['they changed it', 'a', 'a', 'b', 'faultline', {}, { state: 'b' }],
    ['both changed it alike', 'b', 'a', 'b', 'faultline', {}, {}],
    ['both changed it, our word holds', 'b', 'a', 'c', 'faultline', { state: 'b' }, {}],
    ['both changed it, their word holds', 'b', 'a', 'c', 'remote', {}, { state: 'c' }],
    ['it was never agreed on', 'b', null, 'a', 'remote', { state: 'b' }, {}],
  ] as const)('%s', (_what, wanted, seen, current, winner, push, adopt) => {
    expect(merge(at(wanted), seen === null ? null : at(seen), at(current), winner)).toEqual({
      push,
      adopt,
    })
  })

  test('fields are decided one by one', () => {
    expect(merge(at('b', 'ada'), at('a', 'ada'), at('a', 'bob'), 'faultline')).toEqual({
      push: { state: 'b' },
      adopt: { assignee: 'bob' },
    })
  })
})

const fields = fc.record({
  state: fc.constantFrom('a', 'b', 'c'),
  assignee: fc.constantFrom('ada', 'bob', null),
})
const winner = fc.constantFrom('faultline' as const, 'remote' as const)

test('both sides agree once both have done as told, and then there is nothing left to say', () => {
  fc.assert(
    fc.property(fields, fc.option(fields), fields, winner, (wanted, seen, current, whose) => {
      const { push, adopt } = merge(wanted, seen, current, whose)
      const ours = { ...wanted, ...adopt }
      const theirs = { ...current, ...push }
      expect(ours).toEqual(theirs)
      expect(merge(ours, theirs, theirs, whose)).toEqual({ push: {}, adopt: {} })
    }),
  )
})
