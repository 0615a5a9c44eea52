// The register of processes and runbooks: who owns which, in which version, due for review when.

import { Type } from 'typebox'
import { hash64 } from '../../domain/hash.ts'
import type { CommandRecord } from '../../domain/records.ts'
import { NewProcess, ProcessUpdate } from '../api/bodies.ts'
import { type Command, type Done, difference } from '../commands/command.ts'
import { refuse } from '../commands/outcome.ts'
import { absence } from '../people/absent.ts'
import { type ProcessBody, type ProcessRow, processVersions } from '../store/schema.ts'
import type { Work } from '../work.ts'

/** The row, and its version kept for good. */
const put = async (work: Work, row: ProcessRow, actor: string): Promise<void> => {
  work.processes.put(row)
  await work.sql
    .insert(processVersions)
    .values({
      id: `${row.id}@${row.version}`,
      processId: row.id,
      version: row.version,
      at: row.updatedAt,
      actor,
      body: row.body,
    })
    .onConflictDoNothing()
}

/** Who owns it and when it is due for review, where nobody said. */
const withDefaults = (work: Work, row: ProcessRow): ProcessRow => {
  const { owner, reviewAfterMs } = work.settings.processDefaults
  const due = reviewAfterMs === undefined ? null : row.updatedAt + reviewAfterMs
  return { ...row, owner: row.owner ?? owner ?? null, reviewBy: row.reviewBy ?? due }
}

const dateOrNone = (date: string | null | undefined): number | null =>
  date === undefined || date === null ? null : Date.parse(date)

const create: Command = {
  body: NewProcess,
  async apply(work, { id, actor, at, body }): Promise<Done> {
    const { name, kind, owner, reviewBy, ...rest } = body as NewProcess
    const gone = await absence(work.sql, [owner])
    if (gone !== undefined) return { outcome: gone }
    const row = withDefaults(work, {
      id: `proc-${hash64(id)}`,
      name,
      kind,
      owner: owner ?? null,
      reviewBy: dateOrNone(reviewBy),
      retired: false,
      body: rest,
      updatedAt: at,
      version: 1,
    })
    await put(work, row, actor)
    return { outcome: { kind: 'applied', target: row.id, version: 1 }, before: {}, after: row }
  },
}

const changed = async (
  work: Work,
  { target, actor, at, ifVersion }: CommandRecord,
  change: (row: ProcessRow) => ProcessRow,
): Promise<Done> => {
  const row = await work.processes.get(target)
  if (row === undefined) return { outcome: refuse('not-found', `there is no process ${target}`) }
  const { version } = row
  if (ifVersion !== undefined && ifVersion !== version)
    return {
      outcome: refuse('version-conflict', `${row.name} has moved on to version ${version}`, {
        version,
      }),
    }
  const after = { ...change(row), updatedAt: at, version: version + 1 }
  await put(work, after, actor)
  return {
    outcome: { kind: 'applied', target, version: after.version },
    ...difference(row, after),
  }
}

const update: Command = {
  body: ProcessUpdate,
  async apply(work, command) {
    const { name, owner, reviewBy, ...rest } = command.body as ProcessUpdate
    const gone = await absence(work.sql, [owner])
    if (gone !== undefined) return { outcome: gone }
    return changed(work, command, (row) => {
      return {
        ...row,
        name: name ?? row.name,
        owner: owner === undefined ? row.owner : owner,
        reviewBy: reviewBy === undefined ? row.reviewBy : dateOrNone(reviewBy),
        body: { ...row.body, ...rest } as ProcessBody,
      }
    })
  },
}

const retire: Command = {
  body: Type.Object({}, { additionalProperties: false }),
  apply: (work, command) => changed(work, command, (row) => ({ ...row, retired: true })),
}

export const processCommands = (): [string, Command][] => [
  ['process.create', create],
  ['process.update', update],
  ['process.retire', retire],
]
