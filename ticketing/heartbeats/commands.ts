// What people decide about heartbeats: kept here, and told to the correlator, which judges them.
import { and, count, eq, or } from 'drizzle-orm'
import { hash64 } from '../../domain/hash.ts'
import type { HeartbeatDefinition } from '../../domain/heartbeat.ts'
import { type CommandRecord, DEFAULT_SCOPE, type HeartbeatRecord } from '../../domain/records.ts'
import { type Command, type Done, difference } from '../commands/command.ts'
import { type Refusal, refuse } from '../commands/outcome.ts'
import type { Work } from '../work.ts'
import { DEFAULT_GRACE_MS, HEARTBEATS_MAX } from './limits.ts'
import { readSchedule, type WrittenSchedule } from './schedule.ts'
import { HeartbeatEnsured, HeartbeatUpdate, NewHeartbeat, Nothing, SLUG } from './schemas.ts'
import { type HeartbeatRow, heartbeats } from './tables.ts'

/** The command makes it, so a retry finds the same. */
export const heartbeatId = (commandId: string): string => `hb-${hash64(commandId)}`

/** Says nothing of the uuid: 64 bits of a hash over 122 random ones. */
export const badgeKeyOf = (id: string, uuid: string | null): string =>
  hash64(`badge ${id} ${uuid ?? ''}`) + hash64(`badge of ${uuid ?? ''} ${id}`)

/** As healthchecks.io derives it. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_\s-]/g, '')
    .trim()
    .replace(/[\s-]+/g, '-')
    .slice(0, 100)

const tell = (
  work: Work,
  { definition, version }: HeartbeatRow,
  at: number,
  change: HeartbeatRecord['change'],
): void => work.decide(definition.scope, { kind: 'heartbeat', at, version, change })

/** Another heartbeat that has the slug or the uuid. */
const taken = async (
  work: Work,
  { id, slug, uuid }: HeartbeatRow,
): Promise<Refusal | undefined> => {
  const rows = await work.sql
    .select()
    .from(heartbeats)
    .where(
      and(
        eq(heartbeats.deleted, false),
        or(eq(heartbeats.slug, slug), uuid === null ? undefined : eq(heartbeats.uuid, uuid)),
      ),
    )
  const other = rows.find((row) => row.id !== id)
  if (other === undefined) return undefined
  const what = other.slug === slug ? `slug "${slug}"` : 'uuid'
  return refuse('invalid', `another heartbeat has the ${what}`)
}

const tooMany = async (work: Work): Promise<Refusal | undefined> => {
  const [row] = await work.sql
    .select({ rows: count() })
    .from(heartbeats)
    .where(eq(heartbeats.deleted, false))
  if ((row?.rows ?? 0) < HEARTBEATS_MAX) return undefined
  return refuse('invalid', `there are ${HEARTBEATS_MAX} heartbeats, and no more can be made`)
}

export const newRow = (
  definition: HeartbeatDefinition,
  rest: Pick<HeartbeatRow, 'uuid' | 'slug' | 'createdAt' | 'createdBy'> & Partial<HeartbeatRow>,
): HeartbeatRow => ({
  id: definition.id,
  name: definition.name,
  description: '',
  tags: [],
  definition,
  badgeKey: badgeKeyOf(definition.id, rest.uuid),
  status: 'new',
  state: null,
  stateVersion: -1,
  version: 1,
  deleted: false,
  change: 0,
  ...rest,
})

const definitionOf = (
  id: string,
  body: Omit<NewHeartbeat, 'uuid'>,
  schedule: HeartbeatDefinition['schedule'],
): HeartbeatDefinition => ({
  id,
  name: body.name,
  scope: body.scope ?? DEFAULT_SCOPE,
  schedule,
  graceMs: body.graceSeconds === undefined ? DEFAULT_GRACE_MS : body.graceSeconds * 1_000,
  severity: body.severity ?? 'error',
  labels: body.labels ?? {},
  manualResume: body.manualResume ?? false,
  postOnly: body.postOnly ?? false,
  ...(body.source == null
    ? {}
    : {
        source: {
          name: body.source.name,
          labels: body.source.labels ?? {},
          deliveries: body.source.deliveries ?? false,
        },
      }),
})

const applied = (row: HeartbeatRow, before: object, after: object, result?: object): Done => ({
  outcome: {
    kind: 'applied',
    target: row.id,
    version: row.version,
    ...(result === undefined ? {} : { result: { ...result } }),
  },
  before,
  after,
})

const make = async (
  work: Work,
  { id: commandId, at, actor }: CommandRecord,
  body: NewHeartbeat & { readonly uuid: string },
): Promise<Done> => {
  const reading = readSchedule(body, at)
  if (reading.kind === 'fault') return { outcome: refuse('invalid', reading.detail) }
  const slug = body.slug ?? slugOf(body.name)
  if (!SLUG.test(slug))
    return { outcome: refuse('invalid', 'the name gives no slug, so one must be said') }
  const definition = definitionOf(heartbeatId(commandId), body, reading.schedule)
  const row = newRow(definition, {
    uuid: body.uuid,
    slug,
    description: body.description ?? '',
    tags: body.tags ?? [],
    createdAt: at,
    createdBy: actor,
  })
  const refusal = (await taken(work, row)) ?? (await tooMany(work))
  if (refusal !== undefined) return { outcome: refusal }
  work.heartbeats.put(row)
  tell(work, row, at, { action: 'define', definition })
  const { uuid: _, ...shown } = row
  return applied(row, {}, shown, { created: true })
}

const create: Command = {
  body: NewHeartbeat,
  apply: async (work, command) => {
    const body = command.body as NewHeartbeat
    const { uuid } = body
    if (uuid === undefined) return { outcome: refuse('invalid', 'uuid is needed') }
    return make(work, command, { ...body, uuid })
  },
}

/** The one of that slug, made where there is none. */
const ensure: Command = {
  body: HeartbeatEnsured,
  apply: async (work, command) => {
    const { slug, uuid } = command.body as HeartbeatEnsured
    const [row] = await work.sql
      .select()
      .from(heartbeats)
      .where(and(eq(heartbeats.slug, slug), eq(heartbeats.deleted, false)))
    if (row !== undefined) return applied(row, {}, {}, { created: false })
    return make(work, command, { name: slug, slug, uuid })
  },
}

type Deed = (work: Work, row: HeartbeatRow, command: CommandRecord) => Promise<Done> | Done

/** On a heartbeat that is there, in the version that the caller knows. */
const onRow =
  (deed: Deed): Command['apply'] =>
  async (work, command) => {
    const { target, ifVersion } = command
    const row = await work.heartbeats.get(target)
    if (row === undefined || row.deleted)
      return { outcome: refuse('not-found', `there is no heartbeat ${target}`) }
    if (ifVersion !== undefined && ifVersion !== row.version)
      return {
        outcome: refuse('version-conflict', `the heartbeat is at version ${row.version}`, {
          version: row.version,
        }),
      }
    return deed(work, row, command)
  }

const writtenOf = ({ schedule }: HeartbeatDefinition): WrittenSchedule =>
  schedule.kind === 'period'
    ? { periodSeconds: schedule.periodMs / 1_000 }
    : { schedule: schedule.expression, timeZone: schedule.timeZone }

/** The schedule as it will be: what is not said stays, and a new kind replaces the old. */
const rescheduled = (definition: HeartbeatDefinition, body: HeartbeatUpdate): WrittenSchedule => {
  if (body.periodSeconds !== undefined) return { ...pick(body, 'periodSeconds', 'schedule') }
  const { periodSeconds: _, ...calendar } = writtenOf(definition)
  if (body.schedule !== undefined) return { ...calendar, ...pick(body, 'schedule', 'timeZone') }
  return { ...writtenOf(definition), ...pick(body, 'timeZone') }
}

const pick = <T extends object, K extends keyof T>(from: T, ...keys: K[]): Pick<T, K> =>
  Object.fromEntries(
    keys.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]]])),
  ) as Pick<T, K>

const update: Command = {
  body: HeartbeatUpdate,
  apply: onRow(async (work, row, { body: sent, at }) => {
    const body = sent as HeartbeatUpdate
    const reading = readSchedule(rescheduled(row.definition, body), at)
    if (reading.kind === 'fault') return { outcome: refuse('invalid', reading.detail) }
    const { schedule: _, graceMs, source = null, ...was } = row.definition
    const { schedule: __, ...said } = body
    const changed = { graceSeconds: graceMs / 1_000, source, ...was, ...said }
    const definition = definitionOf(row.id, changed, reading.schedule)
    const next: HeartbeatRow = {
      ...row,
      ...pick(body, 'slug', 'description', 'tags'),
      name: definition.name,
      definition,
      version: row.version + 1,
      change: 0,
    }
    const refusal = await taken(work, next)
    if (refusal !== undefined) return { outcome: refusal }
    work.heartbeats.put(next)
    tell(work, next, at, { action: 'define', definition })
    const { before, after } = difference({ ...row }, { ...next })
    return applied(next, before, after)
  }),
}

const move = (action: 'pause' | 'resume'): Command => ({
  body: Nothing,
  apply: onRow((work, row, { at }) => {
    if (action === 'resume' && row.status !== 'paused')
      return { outcome: refuse('illegal-transition', 'only a paused heartbeat is resumed') }
    // Shown at once; the correlator confirms it.
    const next: HeartbeatRow = {
      ...row,
      status: action === 'pause' ? 'paused' : 'new',
      version: row.version + 1,
    }
    work.heartbeats.put(next)
    tell(work, next, at, { action, id: row.id })
    return applied(next, { status: row.status }, { status: next.status })
  }),
})

const remove: Command = {
  body: Nothing,
  apply: onRow((work, row, { at }) => {
    // What the correlator still says of this life is older than that.
    const stateVersion = Math.max(row.stateVersion, at)
    const version = row.version + 1
    const gone: HeartbeatRow = { ...row, deleted: true, stateVersion, version, change: 0 }
    work.heartbeats.put(gone)
    tell(work, gone, at, { action: 'delete', id: row.id })
    return applied(row, { deleted: false }, { deleted: true })
  }),
}

export const heartbeatCommands = (): [string, Command][] => [
  ['heartbeat.create', create],
  ['heartbeat.ensure', ensure],
  ['heartbeat.update', update],
  ['heartbeat.pause', move('pause')],
  ['heartbeat.resume', move('resume')],
  ['heartbeat.delete', remove],
]
