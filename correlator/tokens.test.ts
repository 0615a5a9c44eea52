// Words by which CIs are found to be kin where the topology is silent.
import { expect, test } from 'vitest'
import { ciTokens } from './tokens.ts'

test.each([
  ['lon2-r3-n05', ['lon2', 'lon2-r3']],
  ['sw-lon2-r3', ['sw', 'sw-lon2', 'lon2-r3']],
  ['aurora-db', ['aurora']],
  ['checkout-api-v2', ['checkout', 'checkout-api']],
])('%s is told apart by %o', (name, tokens) => {
  expect(ciTokens({ id: name, kind: '', name, attributes: {} })).toEqual(tokens)
})
