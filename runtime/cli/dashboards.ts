// `faultline dashboards export`: Grafana's dashboards and provisioning, as files.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { printJson, printLine } from './output.ts'

const run = async ({ out, json }: { out: string; json?: boolean }): Promise<void> => {
  const { renderGrafana } = await import('../../dashboards/grafana/render.ts')
  const files = renderGrafana()
  for (const [name, text] of files) {
    const path = join(out, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
  if (json) printJson({ out, files: [...files.keys()] })
  else printLine(`wrote ${files.size} files to ${out}`)
}

export const registerDashboards = (program: Command): void => {
  program
    .command('dashboards')
    .description('Grafana as code')
    .command('export')
    .description('write the dashboards and their provisioning')
    .option('--out <dir>', 'where to', 'grafana')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  faultline dashboards export --out /etc/grafana/faultline')
    .action(run)
}
