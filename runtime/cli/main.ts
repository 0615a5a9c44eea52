#!/usr/bin/env -S node --max-semi-space-size=32
// The command line: one file a command; exit code 0 = ok, 1 = failed, 2 = bad usage.
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { ConfigError } from '../config/load.ts'
import { EXIT, UsageError } from './output.ts'
import { COMMANDS } from './registry.ts'

const version = (): string => {
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      const text = readFileSync(new URL(up, import.meta.url), 'utf8')
      return (JSON.parse(text) as { version: string }).version
    } catch {
      // Compiled code lies one folder deeper than its source.
    }
  }
  return 'unknown'
}

const program = new Command('faultline')
  .description('Turns a flood of monitoring alerts into a few explained incidents.')
  .version(version())
  .exitOverride()
  .showHelpAfterError('(add --help for examples)')

for (const register of COMMANDS) register(program)

const exitCodeOf = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`faultline: ${message}\n`)
  if (error instanceof UsageError || error instanceof ConfigError) return EXIT.usage
  return EXIT.failed
}

try {
  await program.parseAsync(process.argv)
} catch (error) {
  process.exitCode = exitCodeOf(error)
}
