// What the other desks did, as commands: so it comes by the log, once, and a replay knows it too.
import { eq } from 'drizzle-orm'
import { type Static, Type } from 'typebox'
import type { CommandRecord } from '../../domain/records.ts'
import type { Command } from '../commands/command.ts'
import { refuse } from '../commands/outcome.ts'
import { incidentCommands } from '../incidents/commands.ts'
import type { IncidentAction, IncidentState } from '../lifecycles/incident.ts'
import { PRIORITIES } from '../priority.ts'
import { type SyncLinkRow, syncLinks } from '../store/schema.ts'
import type { Work } from '../work.ts'
import { enqueueSync, isSettled } from './enqueue.ts'
import { merge } from './merge.ts'
import { SHARED_STATUS, type SharedStatus } from './other-desk.ts'
import type { SyncTarget } from './settings.ts'
import { personOf, vocabularyOf } from './vocabularies.ts'

const Text = Type.String({ maxLength: 20_000 })
const Shared = { state: Text, assignee: Type.Union([Text, Type.Null()]) }
const closed = <P extends Type.TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })
const Remote = closed({ id: Text, key: Text, url: Text, ...Shared })

/** What we wished was carried out: the other ticket is so now, with these words and notes. */
export const PushedBody = closed({
  remote: Remote,
  title: Text,
  priority: Type.Enum([...PRIORITIES]),
  notes: Type.Array(Text),
})
export type PushedBody = Static<typeof PushedBody>

const Count = Type.Integer({ minimum: 0 })

/** The other ticket is so, though we did not ask for it. */
export const ObservedBody = closed({
  /** What we took to be agreed while looking: if that has moved on, the look is out of date. */
  base: closed({ ...Shared, comments: Count }),
  remote: Remote,
  commentCount: Count,
  comments: Type.Array(closed({ author: Text, text: Text }), { maxItems: 100 }),
})
export type ObservedBody = Static<typeof ObservedBody>

const readLink = async (work: Work, id: string): Promise<SyncLinkRow | undefined> =>
  (await work.sql.select().from(syncLinks).where(eq(syncLinks.id, id)))[0]

const pushed: Command = {
  body: PushedBody,
  silent: true,
  async apply(work, { target: id, body }) {
    const { remote, title, priority, notes: sent } = body as unknown as PushedBody
    const link = await readLink(work, id)
    if (link === undefined) return { outcome: refuse('not-found', `there is no link ${id}`) }
    const { state, assignee } = remote
    const notes = link.notes.filter((note) => !sent.includes(note.id))
    const seen = { state, assignee, title, priority, comments: link.seen?.comments ?? 0 }
    await work.sql
      .update(syncLinks)
      .set({
        remoteId: remote.id,
        remoteKey: remote.key,
        remoteUrl: remote.url,
        seen,
        notes,
        status: isSettled({ wanted: link.wanted, seen, notes }) ? 'synced' : 'pending',
        claimedUntil: null,
        attempts: 0,
        detail: null,
      })
      .where(eq(syncLinks.id, id))
    return { outcome: { kind: 'applied', target: id } }
  },
}

type Step = readonly [IncidentAction, object]

/** The way from a state of ours to where the other desk says that the ticket is. */
const stepsTo = (from: IncidentState, to: SharedStatus, by: string): Step[] => {
  const reopen: Step[] =
    from === 'resolved' || from === 'closed' ? [['reopen', { reason: `by ${by}` }]] : []
  if (to === SHARED_STATUS[from]) return []
  switch (to) {
    case 'new':
      return reopen
    case 'in-progress':
      return from === 'on-hold' ? [['resume', {}]] : [...reopen, ['start', {}]]
    case 'on-hold':
      return [...reopen, ['hold', { reason: `by ${by}` }]]
    case 'resolved':
      return from === 'closed' ? [] : [['resolve', { resolution: `by ${by}` }]]
    case 'closed':
      return from === 'resolved'
        ? [['close', {}]]
        : [
            ['resolve', { resolution: `by ${by}` }],
            ['close', {}],
          ]
  }
}

const ACTIONS = new Map(incidentCommands())

/** Does what a person could have done, in the other desk's name; what is not legal is left. */
const act = async (
  work: Work,
  { ifVersion: _, ...command }: CommandRecord,
  { target, incidentId }: SyncLinkRow,
  [action, body]: Step,
): Promise<boolean> => {
  const done = await ACTIONS.get(`incident.${action}`)!.apply(work, {
    ...command,
    actor: target,
    target: incidentId,
    body: body as CommandRecord['body'],
  })
  return done.outcome.kind === 'applied'
}

const adopt = async (
  work: Work,
  command: CommandRecord,
  link: SyncLinkRow,
  settings: SyncTarget,
): Promise<void> => {
  const { remote, comments } = command.body as unknown as ObservedBody
  const found = merge(link.wanted, link.seen, remote, settings.onConflict).adopt
  for (const { author, text } of comments)
    await act(work, command, link, ['notes', { text: `${author}: ${text}`.slice(0, 16_384) }])
  const { assignee } = found
  const person = typeof assignee === 'string' ? personOf(settings, assignee) : undefined
  if (person !== undefined) await act(work, command, link, ['assign', { assignee: person }])
  const row = await work.incidents.get(link.incidentId)
  const status = found.state && vocabularyOf(settings).statusOf(found.state)
  if (row === undefined || !status) return
  for (const step of stepsTo(row.status, status, `${link.target} (${remote.key})`))
    if (!(await act(work, command, link, step))) return
}

const observed: Command = {
  body: ObservedBody,
  async apply(work, command) {
    const { target: id, at, body } = command
    const { base, remote, commentCount } = body as unknown as ObservedBody
    const link = await readLink(work, id)
    const settings = link && work.settings.sync.targets[link.target]
    const seen = link?.seen
    if (settings === undefined || !seen)
      return { outcome: refuse('not-found', `there is no link ${id}`) }
    const current = (['state', 'assignee', 'comments'] as const).every(
      (field) => base[field] === seen[field],
    )
    if (!current) return { outcome: refuse('version-conflict', 'a newer look was first') }
    // Agreed first: what follows is then no news for them.
    const { state, assignee } = remote
    await work.sql
      .update(syncLinks)
      .set({
        seen: { ...seen, state, assignee, comments: commentCount },
        ...(link.status === 'claimed' ? {} : { status: 'pending' }),
      })
      .where(eq(syncLinks.id, id))
    await adopt(work, command, link, settings)
    const row = await work.incidents.get(link.incidentId)
    const news = { action: 'observe', actor: link.target, at, text: '' }
    if (row !== undefined) await enqueueSync(work, row, news)
    return { outcome: { kind: 'applied', target: id }, after: { ...remote } }
  },
}

/** A dead one is tried again from the beginning. */
const retry: Command = {
  body: Type.Object({}, { additionalProperties: false }),
  async apply(work, { target: id, at }) {
    const link = await readLink(work, id)
    if (link === undefined) return { outcome: refuse('not-found', `there is no link ${id}`) }
    if (link.status !== 'dead')
      return { outcome: refuse('illegal-transition', `only a dead one is retried: ${link.status}`) }
    await work.sql
      .update(syncLinks)
      .set({ status: 'pending', attempts: 0, dueAt: at })
      .where(eq(syncLinks.id, id))
    return {
      outcome: { kind: 'applied', target: id },
      before: { status: 'dead' },
      after: { status: 'pending' },
    }
  },
}

export const syncCommands = (): [string, Command][] => [
  ['sync.pushed', pushed],
  ['sync.observed', observed],
  ['sync.retry', retry],
]
