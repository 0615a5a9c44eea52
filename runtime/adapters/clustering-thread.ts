// Runs the batch pass in a thread of its own, once for each call.
import { once } from 'node:events'
import type { SignatureCluster, SignatureRow } from '../../correlator/problems/clustering.ts'
import { startThread } from './thread.ts'

/** A pass that takes longer than this is given up. */
const TIMEOUT_MS = 60_000

/** @throws Error when the pass fails or takes too long; nothing is left running */
export const clusterInThread = async (
  lists: readonly (readonly SignatureRow[])[],
): Promise<readonly SignatureCluster[]> => {
  const worker = startThread('clustering', lists)
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const [clusters] = await once(worker, 'message', { signal })
    return clusters as readonly SignatureCluster[]
  } finally {
    await worker.terminate()
  }
}
