// `faultline serve`: the whole pipeline in one process, or one role of it.
import { type Command, Option } from 'commander'
import { loadConfig } from '../config/load.ts'
import type { ConfigInput } from '../config/schema.ts'
import { createLogger, type Logger } from '../observe/logger.ts'
import { ROLES, type RoleName } from '../roles/role.ts'
import type { Faultline } from '../serve.ts'
import { EXIT, printLine, UsageError } from './output.ts'

interface ServeFlags {
  readonly port?: string
  readonly host?: string
  readonly data?: string
  readonly config?: string
  readonly role?: string
  readonly record?: string
}

const portOf = (text: string): number => {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`--port ${text}: must be a whole number from 0 to 65535`)
  return port
}

export const flagsOf = (flags: ServeFlags): ConfigInput => ({
  listen: {
    ...(flags.host === undefined ? {} : { host: flags.host }),
    ...(flags.port === undefined ? {} : { port: portOf(flags.port) }),
  },
  ...(flags.data === undefined ? {} : { data: flags.data }),
})

const rolesOf = (role: string | undefined): readonly RoleName[] =>
  role === undefined ? ROLES : [role as RoleName]

/** Runs until a signal or a fault; the second signal does not wait. */
export const untilStopped = (
  faultline: Faultline,
  failure: Promise<Error>,
  drainMs: number,
  logger: Logger,
  stopping: () => void = () => {},
): Promise<number> =>
  new Promise((resolve) => {
    const stop = (code: number): void => {
      stopping()
      const forced = setTimeout(() => {
        logger.error('did not drain in time; the log has what is missing')
        resolve(EXIT.failed)
      }, drainMs)
      faultline.stop().then(
        () => {
          clearTimeout(forced)
          resolve(code)
        },
        (error: Error) => {
          logger.error({ err: error }, 'could not stop cleanly')
          resolve(EXIT.failed)
        },
      )
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        logger.info({ signal }, 'stopping')
        process.once(signal, () => resolve(EXIT.failed))
        stop(EXIT.ok)
      })
    void failure.then(() => stop(EXIT.failed))
  })

const run = async (flags: ServeFlags): Promise<void> => {
  const config = loadConfig(flags.config, flagsOf(flags))
  const logger = createLogger(config.logLevel)
  const { promise: failure, resolve: failed } = deferred<Error>()
  const { serve } = await import('../serve.ts')
  const faultline = await serve({
    config,
    roles: rolesOf(flags.role),
    logger,
    failed,
    ...(flags.record === undefined ? {} : { record: flags.record }),
  })
  printLine(`Faultline is ready: ${faultline.url}`)
  process.exit(await untilStopped(faultline, failure, config.drainMs, logger))
}

export const deferred = <T>(): { promise: Promise<T>; resolve: (value: T) => void } => {
  let resolve!: (value: T) => void
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

export const registerServe = (program: Command): void => {
  program
    .command('serve')
    .description('run the pipeline; without --role all of it in one process')
    .option('--port <n>', 'port to listen on; 0 picks a free one')
    .option('--host <address>', 'address to listen on; off loopback tokens are required')
    .option('--data <dir>', 'directory of everything embedded')
    .option('--config <file>', 'YAML configuration')
    .option('--record <dir>', "record every delivery there, in the backtest's format")
    .addOption(new Option('--role <role>', 'run only this role').choices([...ROLES]))
    .addHelpText(
      'after',
      `
Examples:
  faultline serve                          everything on http://127.0.0.1:8080, data in .data
  faultline serve --port 0 --data /tmp/fl  a free port, data elsewhere
  KAFKA_BROKERS=kafka:9092 faultline serve --role correlator --config faultline.yaml`,
    )
    .action(run)
}
