// One ticket and its like at another desk: what is to be said there, what is news here.
import type { SyncLinkRow } from '../store/schema.ts'
import type { ObservedBody, PushedBody } from './commands.ts'
import { merge } from './merge.ts'
import { MARK, marked, type OtherDesk, type RemoteTicket, type Wanted } from './other-desk.ts'
import type { SyncTarget } from './settings.ts'

const NOTES_PER_TURN_MAX = 5
const COMMENTS_PER_LOOK_MAX = 100
const COMMENT_CHARACTERS_MAX = 16_000
/** Find, read, create or update with a way through a workflow, the comments, and some of ours. */
export const REQUESTS_MAX = 7 + NOTES_PER_TURN_MAX

type Pushed = { readonly action: 'sync.pushed'; readonly body: PushedBody }
type Observed = { readonly action: 'sync.observed'; readonly body: ObservedBody }
export type Came = Pushed | Observed

/** Comments of ours that are not there yet; a crash after sending left their marks. */
const sendNotes = async (
  desk: OtherDesk,
  ticket: RemoteTicket,
  notes: SyncLinkRow['notes'],
): Promise<string[]> => {
  if (notes.length === 0) return []
  const there = new Set((await desk.comments(ticket.id)).map(({ text }) => MARK.exec(text)?.[1]))
  const turn = notes.slice(0, NOTES_PER_TURN_MAX)
  for (const { id, text } of turn)
    if (!there.has(id)) await desk.comment(ticket.id, marked(id, text))
  return turn.map(({ id }) => id)
}

const toldChanges = ({ wanted, seen }: SyncLinkRow): Partial<Wanted> => ({
  ...(seen?.title === wanted.title ? {} : { title: wanted.title, text: wanted.text }),
  ...(seen?.priority === wanted.priority ? {} : { priority: wanted.priority }),
})

const observation = (
  seen: NonNullable<SyncLinkRow['seen']>,
  { id, key, url, state, assignee }: RemoteTicket,
  commentCount = seen.comments,
  comments: ObservedBody['comments'] = [],
): Observed => ({
  action: 'sync.observed',
  body: {
    base: { state: seen.state, assignee: seen.assignee, comments: seen.comments },
    remote: { id, key, url, state, assignee },
    commentCount,
    comments,
  },
})

/**
 * Brings the other ticket to where it is wanted, unless it has something to say first.
 * @throws OutboundError where the other desk did not do what was asked
 */
export const carry = async (
  desk: OtherDesk,
  target: SyncTarget,
  link: SyncLinkRow,
): Promise<Came> => {
  const { wanted, seen, incidentId } = link
  const known =
    link.remoteId === null ? await desk.find(incidentId) : await desk.read(link.remoteId)
  let remote = known
  if (remote === undefined) remote = await desk.create(incidentId, wanted)
  else {
    const { push, adopt } = merge(wanted, seen, remote, target.onConflict)
    if (seen !== null && Object.keys(adopt).length > 0) return observation(seen, remote)
    const change = {
      ...toldChanges(link),
      ...push,
      ...(push.state === undefined ? {} : { resolution: wanted.resolution }),
    }
    if (Object.keys(change).length > 0) remote = await desk.update(remote, change)
  }
  const notes = await sendNotes(desk, remote, link.notes)
  const { id, key, url, state, assignee } = remote
  const { title, priority } = wanted
  return {
    action: 'sync.pushed',
    body: { remote: { id, key, url, state, assignee }, title, priority, notes },
  }
}

/** @returns undefined where the other ticket has no news for us */
export const look = async (
  desk: OtherDesk,
  { seen }: SyncLinkRow,
  remote: RemoteTicket,
): Promise<Came | undefined> => {
  if (seen === null) return undefined
  const all = await desk.comments(remote.id)
  const fresh = all
    .slice(seen.comments)
    .filter(({ text }) => !MARK.test(text))
    .slice(0, COMMENTS_PER_LOOK_MAX)
  const same = remote.state === seen.state && remote.assignee === seen.assignee
  if (same && fresh.length === 0) return undefined
  const comments = fresh.map(({ author, text }) => ({
    author,
    text: text.slice(0, COMMENT_CHARACTERS_MAX),
  }))
  return observation(seen, remote, all.length, comments)
}
