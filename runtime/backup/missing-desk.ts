// A desk store that is gone beside a log that is there: made anew before anybody asks it.
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../domain/time.ts'
import type { DeskSettings } from '../../ticketing/settings.ts'
import { proveLog } from './log-files.ts'
import { type RebuiltDesk, rebuildDesk } from './rebuild-desk.ts'
import { isVacant } from './tree.ts'

export interface MissingDeskOptions {
  /** Data directory of an installation that nobody runs. */
  readonly data: string
  readonly clock: Clock
  readonly settings?: Partial<DeskSettings>
  /** Told before the work begins. */
  found(): void
}

/** Made beside its place: a rebuild that was cut short is begun anew, never taken for a whole one. */
const DRAFT = 'desk.rebuilding'

/**
 * Left to itself an empty desk would read each topic for itself, and refuse what a person did to an
 * incident that it does not know yet.
 * @returns undefined where nothing was missing
 * @throws Error when another process has the log
 */
export const rebuildMissingDesk = async (
  options: MissingDeskOptions,
): Promise<RebuiltDesk | undefined> => {
  const { data, clock, settings = {}, found } = options
  const log = join(data, 'log')
  const desk = join(data, 'desk')
  if (!(await isVacant(desk)) || (await isVacant(log))) return undefined
  const positions = await proveLog(log, clock)
  if (positions.every(({ end }) => end === 0)) return undefined
  found()
  const draft = join(data, DRAFT)
  await rm(draft, { recursive: true, force: true })
  const partitions = Math.max(...positions.map(({ partition }) => partition)) + 1
  const rebuilt = await rebuildDesk({ log, desk: draft, partitions, clock, settings })
  await rm(desk, { recursive: true, force: true })
  await rename(draft, desk)
  return rebuilt
}
