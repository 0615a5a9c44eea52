// `faultline topology import`: hands CIs and relations to a running Faultline.
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { callApi, type ServerFlags, withServerOptions } from './client.ts'
import { printJson, printLine } from './output.ts'

const read = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'))
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`)
  }
}

const run = async (file: string, flags: ServerFlags): Promise<void> => {
  const answer = await callApi<{ cis?: number; relations?: number }>(
    flags,
    '/api/v1/cis/import',
    read(file),
  )
  if (flags.json) return printJson(answer)
  printLine(`imported ${answer.cis ?? '?'} CIs and ${answer.relations ?? '?'} relations`)
}

export const registerTopology = (program: Command): void => {
  const topology = program.command('topology').description('configuration items and relations')
  withServerOptions(
    topology
      .command('import')
      .description('replace the topology by a file: {"cis":[…],"relations":[…]}')
      .argument('<file>', 'JSON file, - for standard input'),
  )
    .addHelpText('after', '\nExamples:\n  faultline topology import topology.json')
    .action(run)
}
