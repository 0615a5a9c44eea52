// Applies commands: once each, checked, answered with an outcome that a retry gets again.
import { inArray } from 'drizzle-orm'
import { Value } from 'typebox/value'
import { hash64 } from '../../domain/hash.ts'
import type { CommandRecord } from '../../domain/records.ts'
import { changeCommands } from '../changes/commands.ts'
import { ciCommands } from '../cis/topology.ts'
import { heartbeatCommands } from '../heartbeats/commands.ts'
import { incidentCommands } from '../incidents/commands.ts'
import { decisionCommands } from '../incidents/decisions.ts'
import { integrationCommands } from '../integrations/commands.ts'
import { silenceCommands } from '../mutes/silences.ts'
import { windowCommands } from '../mutes/windows.ts'
import { notificationCommands } from '../notifications/queries.ts'
import { credentialCommands } from '../people/credentials.ts'
import { userCommands } from '../people/users.ts'
import { problemCommands } from '../problems/commands.ts'
import { processCommands } from '../processes/process.ts'
import { requestCommands } from '../requests/commands.ts'
import { insertRows } from '../store/database.ts'
import { commandResults } from '../store/schema.ts'
import { syncCommands } from '../sync/commands.ts'
import { taskCommands } from '../tasks/commands.ts'
import type { Work } from '../work.ts'
import type { Command, Done } from './command.ts'
import { type CommandOutcome, refuse } from './outcome.ts'
import { tick } from './tick.ts'

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ...incidentCommands(),
  ...decisionCommands(),
  ...problemCommands(),
  ...changeCommands(),
  ...windowCommands(),
  ...silenceCommands(),
  ...requestCommands(),
  ...processCommands(),
  ...notificationCommands(),
  ...syncCommands(),
  ...taskCommands(),
  ...heartbeatCommands(),
  ...ciCommands(),
  ...userCommands(),
  ...credentialCommands(),
  ...integrationCommands(),
  ['desk.tick', tick],
])

export interface AppliedCommand {
  readonly id: string
  readonly digest: string
  readonly outcome: CommandOutcome
}

/** Tells a retry (same) from an idempotency key used for something else (different). */
export const commandDigest = ({ actor, action, target, body, ifVersion }: CommandRecord): string =>
  hash64(JSON.stringify([actor, action, target, body, ifVersion ?? null]))

const invalidDetail = (command: Command, body: unknown): string =>
  Value.Errors(command.body, body)
    .slice(0, 5)
    .map(({ instancePath, message }) => `${instancePath || 'body'} ${message}`)
    .join('; ')

const run = async (work: Work, record: CommandRecord): Promise<Done> => {
  const command = COMMANDS.get(record.action)
  if (command === undefined)
    return { outcome: refuse('unknown-action', `nothing is called ${record.action}`) }
  if (!Value.Check(command.body, record.body))
    return { outcome: refuse('invalid', invalidDetail(command, record.body)) }
  return command.apply(work, record)
}

/** @returns what was applied now; commands that were applied before are left out */
export const applyCommands = async (
  work: Work,
  records: readonly { readonly offset: number; readonly record: CommandRecord }[],
): Promise<AppliedCommand[]> => {
  const ids = records.map(({ record }) => record.id)
  const known = await work.sql
    .select({ id: commandResults.id })
    .from(commandResults)
    .where(inArray(commandResults.id, ids))
  const done = new Set(known.map(({ id }) => id))
  const applied: (AppliedCommand & { at: number })[] = []
  for (const { offset, record } of records) {
    if (done.has(record.id)) continue
    done.add(record.id)
    work.at(offset)
    const { outcome, before = {}, after = {} } = await run(work, record)
    if (COMMANDS.get(record.action)?.silent) continue
    const { id, at, actor, action, target } = record
    applied.push({ id, at, digest: commandDigest(record), outcome })
    work.audit({
      commandId: id,
      at,
      actor,
      action,
      target,
      outcome: outcome.kind === 'applied' ? 'applied' : outcome.reason,
      before,
      after,
    })
  }
  await insertRows(work.sql, commandResults, applied)
  return applied
}
