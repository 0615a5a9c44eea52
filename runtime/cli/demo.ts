// `faultline demo`: the whole pipeline with a simulated estate that breaks in front of you.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Demo, DemoStep } from '../../bench/estate/demo.ts'
import { type Clock, MINUTE_MS, type Millis } from '../../domain/time.ts'
import { loadConfig } from '../config/load.ts'
import { createLogger } from '../observe/logger.ts'
import { ROLES } from '../roles/role.ts'
import { callApi } from './client.ts'
import { printLine } from './output.ts'
import { deferred, flagsOf, untilStopped } from './serve.ts'

interface DemoFlags {
  readonly port: string
  readonly seed: string
  readonly data?: string
}

/** An hour of the estate's life takes a minute. */
const PACE = 60
/** Of the wall: at this pace it is six seconds of the estate's time. */
const TICK_MS = 100

/** The estate's time runs at most so far ahead of what has been told of it. */
const LEAD_MS = 2 * MINUTE_MS

/**
 * Tells the estate's time: it stands at `startsAt` until the story begins, however long a start
 * takes, then runs at the demonstration's pace until it has caught up with the wall clock. On a
 * busy machine it waits for the telling. So the pipeline judges real minutes and hours.
 */
const createStoryClock = (startsAt: Millis, wall: () => Millis = Date.now) => {
  let at = startsAt
  let looked = Number.POSITIVE_INFINITY
  let limit = startsAt
  const now = (): Millis => {
    const wallNow = wall()
    const onward = at + Math.max(0, wallNow - looked) * PACE
    at = Math.max(at, Math.min(wallNow, limit, onward))
    if (looked !== Number.POSITIVE_INFINITY) looked = wallNow
    return at
  }
  return {
    now,
    begin(): void {
      looked = wall()
    },
    /** What happens at that time is told next. */
    awaits(next: Millis): void {
      now()
      limit = next + LEAD_MS
    },
  } satisfies Clock & Record<string, unknown>
}

type StoryClock = ReturnType<typeof createStoryClock>

const send = async (url: string, step: DemoStep): Promise<void> => {
  if (step.kind === 'change') await callApi({ url }, '/api/v1/changes', step.change)
  else await callApi({ url }, `/webhooks/${step.source}`, step.payload)
}

const until = async (at: Millis, clock: StoryClock, signal: AbortSignal): Promise<void> => {
  clock.awaits(at)
  const waitMs = (at - clock.now()) / PACE
  if (waitMs > 0) await pause(waitMs, undefined, { signal })
}

/** Sends every step when its time comes, and tells each chapter as it begins. */
const play = async (
  { steps, chapters }: Demo,
  url: string,
  clock: StoryClock,
  signal: AbortSignal,
): Promise<void> => {
  const untold = [...chapters]
  for (const step of steps) {
    await until(step.at, clock, signal)
    while (untold[0] !== undefined && untold[0].at <= step.at)
      printLine(`  ${untold.shift()?.title}`)
    await send(url, step)
  }
  for (const { at, title } of untold) {
    await until(at, clock, signal)
    printLine(`  ${title}`)
  }
  clock.awaits(Number.POSITIVE_INFINITY)
  printLine('The story has been told; look around, and end it with Ctrl-C.')
}

/** The story ends now, so it began as long ago as it lasts, less what telling it takes. */
const prepare = async (seed: string): Promise<{ demo: Demo; startsAt: Millis }> => {
  const { createDemo } = await import('../../bench/estate/demo.ts')
  const lastsMs = createDemo(seed, 0, 1).steps.at(-1)?.at ?? 0
  const startsAt = Math.floor(Date.now() - lastsMs * (1 - 1 / PACE))
  return { demo: createDemo(seed, startsAt, 1), startsAt }
}

const run = async (flags: DemoFlags): Promise<void> => {
  const { serve } = await import('../serve.ts')
  const scratch = flags.data === undefined ? await mkdtemp(join(tmpdir(), 'faultline-demo-')) : ''
  const config = loadConfig(undefined, {
    ...flagsOf({ port: flags.port, data: flags.data ?? scratch }),
    tickMs: TICK_MS,
    logLevel: 'warn',
  })
  const logger = createLogger(config.logLevel)
  const { promise: failure, resolve: failed } = deferred<Error>()
  const { demo, startsAt } = await prepare(flags.seed)
  const clock = createStoryClock(startsAt)
  const faultline = await serve({ config, roles: ROLES, logger, clock, failed })
  clock.begin()
  printLine(`Faultline is ready: ${faultline.url}`)
  printLine('A simulated estate lives its last hours again, an hour a minute:')
  const ending = new AbortController()
  const story = callApi({ url: faultline.url }, '/api/v1/cis/import', demo.topology)
    .then(() => play(demo, faultline.url, clock, ending.signal))
    .catch((error: Error) => {
      if (!ending.signal.aborted) logger.error({ err: error }, 'the story ended early')
    })
  const code = await untilStopped(faultline, failure, config.drainMs, logger, () => ending.abort())
  await story
  if (scratch !== '') await rm(scratch, { recursive: true, force: true })
  process.exit(code)
}

export const registerDemo = (program: Command): void => {
  program
    .command('demo')
    .description('serve, with a simulated estate that breaks in front of you')
    .option('--port <n>', 'port to listen on; 0 picks a free one', '8080')
    .option('--seed <text>', 'another seed is another estate', 'faultline')
    .option('--data <dir>', 'keep the data there; absent = a scratch directory, removed at the end')
    .addHelpText('after', '\nExamples:\n  faultline demo\n  faultline demo --port 0 --seed monday')
    .action(run)
}
