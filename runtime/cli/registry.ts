// Every command, one line each. What a command needs to run it loads when it runs.
import type { Command } from 'commander'
import { registerAudit } from './audit.ts'
import { registerBacktest } from './backtest.ts'
import { registerBackup } from './backup.ts'
import { registerCheckConfig } from './check-config.ts'
import { registerDashboards } from './dashboards.ts'
import { registerDemo } from './demo.ts'
import { registerDoctor } from './doctor.ts'
import { registerDryRun } from './dry-run.ts'
import { registerImport } from './import.ts'
import { registerLists } from './lists.ts'
import { registerNotify } from './notify.ts'
import { registerReport } from './report.ts'
import { registerRestore } from './restore.ts'
import { registerSend } from './send.ts'
import { registerServe } from './serve.ts'
import { registerTail } from './tail.ts'
import { registerTokens } from './tokens.ts'
import { registerTopology } from './topology.ts'
import { registerUsers } from './users.ts'

export const COMMANDS: readonly ((program: Command) => void)[] = [
  registerServe,
  registerDemo,
  registerBacktest,
  registerCheckConfig,
  registerSend,
  registerTail,
  registerDryRun,
  registerLists,
  registerImport,
  registerTopology,
  registerUsers,
  registerTokens,
  registerAudit,
  registerNotify,
  registerReport,
  registerDashboards,
  registerDoctor,
  registerBackup,
  registerRestore,
]
