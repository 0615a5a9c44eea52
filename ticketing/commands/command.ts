// What a command is to the desk: the shape of its body, and what applying it does.
import type { TObject } from 'typebox'
import type { CommandRecord } from '../../domain/records.ts'
import type { Work } from '../work.ts'
import type { CommandOutcome } from './outcome.ts'

/** What came of a command, with what the audit log is to show of it. */
export interface Done {
  readonly outcome: CommandOutcome
  readonly before?: object
  readonly after?: object
}

export interface Command {
  readonly body: TObject
  /** Changes nothing where it refuses. The body was checked against its schema. */
  apply(work: Work, command: CommandRecord): Promise<Done>
  /** True: not a person's doing, so neither audited nor kept for retries. */
  readonly silent?: boolean
}

/** The members that differ, each side with its own values. */
export const difference = (
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): { before: object; after: object } => {
  const keys = Object.keys(after).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  )
  const pick = (from: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(keys.map((key) => [key, from[key] ?? null]))
  return { before: pick(before), after: pick(after) }
}
