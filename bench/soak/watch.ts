// What the soak looks at from outside of the process, again and again.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { latencyMs, residentMiB, type Scrape, type Served, scrape } from '../served.ts'

const MIB = 1024 ** 2

/** Figures by name; the first six are judged. */
export interface Sample {
  readonly seconds: number
  readonly memoryMiB: number
  readonly heapMiB: number
  readonly handles: number
  readonly lag: number
  readonly receiptToIncidentP99Ms: number
  readonly eventLoopP99Ms: number
  readonly logMiB: number
  readonly segments: number
  readonly deskMiB: number
  readonly factsMiB: number
  readonly liveAlerts: number
  readonly openIncidents: number
}

interface Weight {
  readonly bytes: number
  readonly files: number
}

/** Files may go while they are looked at. */
const weigh = (directory: string): Weight => {
  let bytes = 0
  let files = 0
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const found = statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })
    bytes += found?.size ?? 0
    files += 1
  }
  return { bytes, files }
}

const weighOr = (directory: string): Weight => {
  try {
    return weigh(directory)
  } catch {
    return { bytes: Number.NaN, files: Number.NaN } // changed beneath us: the next look will tell
  }
}

/** Each call looks once; latencies are of what came since the last. */
export const createWatch = (served: Served, data: string) => {
  const beganAt = performance.now()
  let before: Scrape | undefined
  return async (): Promise<Sample> => {
    const now = await scrape(served)
    const since = before ?? now
    before = now
    const log = weighOr(join(data, 'log'))
    return {
      seconds: (performance.now() - beganAt) / 1_000,
      memoryMiB: residentMiB(served, 'VmRSS'),
      heapMiB: now.sum('nodejs_heap_size_used_bytes') / MIB,
      handles: readdirSync(`/proc/${served.child.pid}/fd`).length,
      lag: now.lag,
      receiptToIncidentP99Ms: latencyMs(since, now, 0.99),
      eventLoopP99Ms: now.sum('nodejs_eventloop_lag_p99_seconds') * 1_000,
      logMiB: log.bytes / MIB,
      segments: log.files,
      deskMiB: weighOr(join(data, 'desk')).bytes / MIB,
      factsMiB: weighOr(join(data, 'facts')).bytes / MIB,
      liveAlerts: now.sum('faultline_live_alerts'),
      openIncidents: now.sum('faultline_open_incidents'),
    }
  }
}
