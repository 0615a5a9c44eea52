// Runs the batch pass in a thread of its own, once for each call.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { SignatureCluster, SignatureRow } from '../../correlator/problems/clustering.ts'

/** Sources that are run as they are need their loader in the thread too. */
const RUNS_SOURCES = import.meta.url.endsWith('.ts')
const MODULE = new URL(`../workers/clustering.${RUNS_SOURCES ? 'ts' : 'js'}`, import.meta.url)
const LOADS_SOURCE = `import('tsx/esm/api').then(({ register }) => {
  register()
  return import(${JSON.stringify(MODULE.href)})
})`

/** A pass that takes longer than this is given up. */
const TIMEOUT_MS = 60_000

/** @throws Error when the pass fails or takes too long; nothing is left running */
export const clusterInThread = async (
  lists: readonly (readonly SignatureRow[])[],
): Promise<readonly SignatureCluster[]> => {
  const worker = RUNS_SOURCES
    ? new Worker(LOADS_SOURCE, { eval: true, workerData: lists })
    : new Worker(MODULE, { workerData: lists })
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const [clusters] = await once(worker, 'message', { signal })
    return clusters as readonly SignatureCluster[]
  } finally {
    await worker.terminate()
  }
}
