// `faultline check-config`: says whether a configuration can be used, before it is.
import type { Command } from 'commander'
import { correlatorSettings } from '../config/correlator.ts'
import { ingestSettings } from '../config/ingest.ts'
import { loadConfig } from '../config/load.ts'
import { withoutSecrets } from '../config/secrets.ts'
import { printJson, printLine } from './output.ts'

const run = (file: string | undefined, flags: { json?: boolean }): void => {
  const config = loadConfig(file)
  const effective = {
    ...config,
    ingest: ingestSettings(config),
    correlator: correlatorSettings(config),
  }
  if (flags.json) {
    printJson(withoutSecrets(effective))
    return
  }
  printLine(`${file ?? 'the default configuration'} is fine`)
  printLine(`  log     ${config.kafka === undefined ? `embedded, in ${config.data}/log` : 'Kafka'}`)
  printLine(`  desk    ${config.postgres === undefined ? 'PGlite' : 'PostgreSQL'}`)
  printLine(`  facts   ${config.clickhouse === undefined ? 'chDB' : 'ClickHouse'}`)
  printLine(`  listen  ${config.listen.host}:${config.listen.port}`)
}

export const registerCheckConfig = (program: Command): void => {
  program
    .command('check-config')
    .description('say whether a configuration can be used')
    .argument('[file]', 'YAML configuration; absent = defaults and environment')
    .option('--json', 'print every effective setting, secrets hidden')
    .addHelpText('after', '\nExamples:\n  faultline check-config faultline.yaml')
    .action(run)
}
