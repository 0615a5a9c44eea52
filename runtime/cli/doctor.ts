// `faultline doctor`: looks at a running Faultline and at this machine, and says what is wrong.
import type { Command } from 'commander'
import { loadConfig } from '../config/load.ts'
import { callApi, type ServerFlags, withServerOptions } from './client.ts'
import { printJson, printLine } from './output.ts'

interface Finding {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
}

const NODE_MAJOR_MIN = 20

const finding = (name: string, ok: boolean, detail: string): Finding => ({ name, ok, detail })

const attempt = async (name: string, look: () => Promise<string>): Promise<Finding> => {
  try {
    return finding(name, true, await look())
  } catch (error) {
    return finding(name, false, (error as Error).message)
  }
}

const partsOf = async (flags: ServerFlags): Promise<Finding[]> => {
  const { parts } = await callApi<{
    parts: Record<string, { status: string; detail?: string }>
  }>(flags, '/readyz')
  return Object.entries(parts).map(([name, { status, detail }]) =>
    finding(
      name,
      status !== 'failed',
      status === 'warning' ? `WARNING: ${detail}` : (detail ?? status),
    ),
  )
}

const examine = async (flags: ServerFlags): Promise<Finding[]> => {
  const major = Number(process.versions.node.split('.')[0])
  const node = finding('node', major >= NODE_MAJOR_MIN, process.versions.node)
  const config = await attempt('configuration', async () => {
    loadConfig()
    return 'can be used'
  })
  const server = await attempt('server', async () => {
    await callApi(flags, '/healthz')
    return `answers at ${flags.url}`
  })
  const parts = server.ok
    ? await partsOf(flags).catch((error: Error) => [finding('ready', false, error.message)])
    : []
  return [node, config, server, ...parts]
}

const run = async (flags: ServerFlags): Promise<void> => {
  const findings = await examine(flags)
  if (flags.json) printJson({ findings })
  else
    for (const { name, ok, detail } of findings)
      printLine(`${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(14)} ${detail}`)
  const failures = findings.filter(({ ok }) => !ok).length
  if (failures > 0) throw new Error(`${failures} of ${findings.length} checks failed`)
}

export const registerDoctor = (program: Command): void => {
  withServerOptions(
    program.command('doctor').description('check this machine and a running server'),
  )
    .addHelpText(
      'after',
      '\nExamples:\n  faultline doctor\n  faultline doctor --url http://fl:8080',
    )
    .action(run)
}
