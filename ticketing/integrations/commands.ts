// Integrations as desk records: made, changed, given new tokens and taken away by commands.
import { asc, eq } from 'drizzle-orm'
import { Type } from 'typebox'
import { hash64 } from '../../domain/hash.ts'
import type { FieldMapping } from '../../domain/integration.ts'
import type { CommandRecord } from '../../domain/records.ts'
import { type Command, type Done, difference } from '../commands/command.ts'
import { refuse } from '../commands/outcome.ts'
import { deadLetters } from '../store/schema.ts'
import type { Work } from '../work.ts'
import {
  IntegrationChanges,
  IntegrationCreated,
  IntegrationRotated,
  LetterReplayed,
} from './bodies.ts'
import { type IntegrationRow, integrations, letterReplays, type StoredKey } from './tables.ts'

const INTEGRATIONS_MAX = 1_000
/** Tokens of one integration that are valid at one time; the oldest goes. */
const KEYS_MAX = 4
const DELIVERIES_PER_MINUTE = 6_000
const NEW_FINGERPRINTS_PER_MINUTE = 20_000

/** What the audit log shows: of tokens only their marks. */
const auditable = ({ keys, ...row }: IntegrationRow) => ({ ...row, tokens: keys.map(markOf) })

/** Tells tokens apart without saying what they are. */
export const markOf = ({ sha256 }: StoredKey): string => sha256.slice(-8)

const create: Command = {
  body: IntegrationCreated,
  async apply({ sql: tx }, { id: commandId, actor, at, body }): Promise<Done> {
    const wanted = body as IntegrationCreated
    const known = await tx
      .select({ name: integrations.name })
      .from(integrations)
      .orderBy(asc(integrations.id))
    if (known.length >= INTEGRATIONS_MAX)
      return { outcome: refuse('invalid', `there are ${INTEGRATIONS_MAX} integrations already`) }
    if (known.some(({ name }) => name === wanted.name))
      return { outcome: refuse('invalid', `there is an integration ${wanted.name} already`) }
    const row: IntegrationRow = {
      id: `int-${hash64(commandId)}`,
      name: wanted.name,
      source: wanted.source ?? null,
      mapping: (wanted.mapping as FieldMapping | undefined) ?? null,
      deliveriesPerMinuteMax: wanted.deliveriesPerMinuteMax ?? DELIVERIES_PER_MINUTE,
      newFingerprintsPerMinuteMax:
        wanted.newFingerprintsPerMinuteMax ?? NEW_FINGERPRINTS_PER_MINUTE,
      disabled: false,
      keys: [{ sha256: wanted.sha256, createdAt: at }],
      createdBy: actor,
      createdAt: at,
      version: 1,
    }
    await tx.insert(integrations).values(row)
    const outcome = { kind: 'applied', target: row.id, version: 1 } as const
    return { outcome, before: {}, after: auditable(row) }
  },
}

const changed = async (
  { sql: tx }: Work,
  { target, ifVersion }: CommandRecord,
  change: (row: IntegrationRow) => Partial<IntegrationRow>,
): Promise<Done> => {
  const [row] = await tx.select().from(integrations).where(eq(integrations.id, target))
  if (row === undefined)
    return { outcome: refuse('not-found', `there is no integration ${target}`) }
  const { version } = row
  if (ifVersion !== undefined && ifVersion !== version) {
    const detail = `${row.name} has moved on to version ${version}`
    return { outcome: refuse('version-conflict', detail, { version }) }
  }
  const after: IntegrationRow = { ...row, ...change(row), version: version + 1 }
  await tx.update(integrations).set(after).where(eq(integrations.id, target))
  return {
    outcome: { kind: 'applied', target, version: after.version },
    ...difference(auditable(row), auditable(after)),
  }
}

const update: Command = {
  body: IntegrationChanges,
  apply: (work, command) => changed(work, command, () => command.body as Partial<IntegrationRow>),
}

/** The new token is valid at once; the old ones until the overlap is over. */
const rotate: Command = {
  body: IntegrationRotated,
  apply: (work, command) => {
    const { sha256, overlapMs } = command.body as IntegrationRotated
    const { at } = command
    const until = at + overlapMs
    return changed(work, command, ({ keys }) => ({
      keys: [
        { sha256, createdAt: at },
        ...keys
          .map((key) => ({ ...key, validUntil: Math.min(key.validUntil ?? until, until) }))
          .filter(({ validUntil }) => validUntil > at),
      ].slice(0, KEYS_MAX),
    }))
  },
}

const remove: Command = {
  body: Type.Object({}, { additionalProperties: false }),
  async apply({ sql: tx }, { target }): Promise<Done> {
    const [row] = await tx.delete(integrations).where(eq(integrations.id, target)).returning()
    if (row === undefined)
      return { outcome: refuse('not-found', `there is no integration ${target}`) }
    return { outcome: { kind: 'applied', target }, before: auditable(row), after: {} }
  },
}

/** Written down once the edge has taken, or refused, the letter again. */
const letterReplayed: Command = {
  body: LetterReplayed,
  async apply({ sql: tx }, { target, at, actor, body }): Promise<Done> {
    const [letter] = await tx
      .select({ id: deadLetters.id })
      .from(deadLetters)
      .where(eq(deadLetters.id, target))
    if (letter === undefined)
      return { outcome: refuse('not-found', `there is no dead letter ${target}`) }
    const { reason = null, ...rest } = body as LetterReplayed
    const row = { id: target, at, actor, reason, ...rest }
    await tx
      .insert(letterReplays)
      .values(row)
      .onConflictDoUpdate({ target: letterReplays.id, set: row })
    return { outcome: { kind: 'applied', target }, before: {}, after: { ...rest, reason } }
  },
}

export const integrationCommands = (): [string, Command][] => [
  ['integration.create', create],
  ['integration.update', update],
  ['integration.rotate', rotate],
  ['integration.delete', remove],
  ['dead-letter.replayed', letterReplayed],
]
