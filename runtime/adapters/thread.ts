// Starts a module of `runtime/workers/` in a thread of its own, built or from its source.
import { Worker } from 'node:worker_threads'

/** Sources that are run as they are need their loader in the thread too. */
const RUNS_SOURCES = import.meta.url.endsWith('.ts')

const loadsSource = (module: URL): string => `import('tsx/esm/api').then(({ register }) => {
  register()
  return import(${JSON.stringify(module.href)})
})`

/** @param name of the module, without its ending */
export const startThread = (name: string, workerData: unknown): Worker => {
  const module = new URL(`../workers/${name}.${RUNS_SOURCES ? 'ts' : 'js'}`, import.meta.url)
  return RUNS_SOURCES
    ? new Worker(loadsSource(module), { eval: true, workerData })
    : new Worker(module, { workerData })
}
