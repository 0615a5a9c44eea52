// `faultline demo`: the whole pipeline with a simulated estate that breaks in front of you.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Demo, DemoStep } from '../../bench/estate/demo.ts'
import { defaultCorrelatorSettings } from '../../correlator/settings.ts'
import type { Millis } from '../../domain/time.ts'
import { loadConfig } from '../config/load.ts'
import { createLogger } from '../observe/logger.ts'
import { ROLES } from '../roles/role.ts'
import type { Faultline } from '../serve.ts'
import { callApi } from './client.ts'
import { printLine } from './output.ts'
import { deferred, flagsOf, untilStopped } from './serve.ts'

interface DemoFlags {
  readonly port: string
  readonly seed: string
  readonly data?: string
}

/** At the demonstration's pace a tick each second would be a tick each minute. */
const TICK_MS = 100
/** The estate begins a moment later, so that its topology is there first. */
const LEAD_MS = 1_000

const send = async (url: string, step: DemoStep): Promise<void> => {
  if (step.kind === 'change') await callApi({ url }, '/api/v1/changes', step.change)
  else await callApi({ url }, `/webhooks/${step.source}`, step.payload)
}

const until = async (at: Millis, signal: AbortSignal): Promise<void> => {
  const waitMs = at - Date.now()
  if (waitMs > 0) await pause(waitMs, undefined, { signal })
}

/** Sends every step when its time comes, and tells each chapter as it begins. */
const play = async (demo: Demo, url: string, signal: AbortSignal): Promise<void> => {
  const chapters = [...demo.chapters]
  for (const step of demo.steps) {
    await until(step.at, signal)
    while (chapters[0] !== undefined && chapters[0].at <= step.at)
      printLine(`  ${chapters.shift()?.title}`)
    await send(url, step)
  }
  for (const { at, title } of chapters) {
    await until(at, signal)
    printLine(`  ${title}`)
  }
  printLine('The story has been told; look around, and end it with Ctrl-C.')
}

const run = async (flags: DemoFlags): Promise<void> => {
  const [{ serve }, { atPace, createDemo }] = await Promise.all([
    import('../serve.ts'),
    import('../../bench/estate/demo.ts'),
  ])
  const scratch = flags.data === undefined ? await mkdtemp(join(tmpdir(), 'faultline-demo-')) : ''
  const config = loadConfig(undefined, {
    ...flagsOf({ port: flags.port, data: flags.data ?? scratch }),
    tickMs: TICK_MS,
    correlator: { ...atPace(defaultCorrelatorSettings) },
    logLevel: 'warn',
  })
  const logger = createLogger(config.logLevel)
  const { promise: failure, resolve: failed } = deferred<Error>()
  const faultline: Faultline = await serve({ config, roles: ROLES, logger, failed })
  printLine(`Faultline is ready: ${faultline.url}`)
  printLine('A simulated estate lives there, an hour a minute; nothing outside is touched.')
  const ending = new AbortController()
  const demo = createDemo(flags.seed, Date.now() + LEAD_MS)
  const story = callApi({ url: faultline.url }, '/api/v1/cis/import', demo.topology)
    .then(() => play(demo, faultline.url, ending.signal))
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
