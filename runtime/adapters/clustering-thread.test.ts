// The batch pass in its thread gives what it gives without one.
import { expect, test } from 'vitest'
import { clusterSignatures, type SignatureRow } from '../../correlator/problems/clustering.ts'
import { clusterInThread } from './clustering-thread.ts'

const rows = (kind: string): SignatureRow[] =>
  Array.from({ length: 4 }, (_, index) => ({
    incidentId: `${kind}-${index}`,
    terms: [
      [`alert:${kind}`, 1],
      [`ci:${kind}-db`, 0.5],
    ],
  }))

test('a thread finds the clusters that the function finds', async () => {
  const list = [...rows('disk'), ...rows('deploy')]
  const expected = clusterSignatures(list)
  expect(expected.length).toBeGreaterThan(0)
  expect(await clusterInThread([list])).toEqual(expected)
})
