// As a ticket moves: what the other desks are to have, written down with the move itself.
import { eq } from 'drizzle-orm'
import { isoTime, type Millis } from '../../domain/time.ts'
import { type IncidentRow, type SyncLinkRow, syncLinks } from '../store/schema.ts'
import type { Work } from '../work.ts'
import { SHARED_STATUS, type Wanted } from './other-desk.ts'
import type { SyncTarget } from './settings.ts'
import { vocabularyOf } from './vocabularies.ts'

/** Comments waiting for one ticket; of more the oldest are let go. */
const NOTES_MAX = 100

interface Move {
  readonly action: string
  readonly actor: string
  readonly at: Millis
  readonly text: string
}

const fits = (target: SyncTarget, row: IncidentRow): boolean =>
  (target.priorities?.includes(row.priority) ?? true) &&
  (target.scopes?.includes(row.scope) ?? true) &&
  (target.teams === undefined || (row.team !== null && target.teams.includes(row.team)))

const wantedOf = (
  { settings }: Work,
  target: SyncTarget,
  row: IncidentRow,
  link: SyncLinkRow | undefined,
): Wanted => {
  const { publicUrl } = settings.notifications
  const assignee = row.assignee === null ? undefined : target.people[row.assignee]
  return {
    title: `${row.number} ${row.title}`,
    text: [
      `${row.number} of Faultline, opened ${isoTime(row.openedAt)}, severity ${row.severity}.`,
      `CIs: ${row.correlation.cis.slice(0, 20).join(', ') || 'none known'}`,
      ...(publicUrl === undefined ? [] : [`${publicUrl}/incidents/${encodeURIComponent(row.id)}`]),
    ].join('\n\n'),
    priority: row.priority,
    state: vocabularyOf(target).stateOf(row.status),
    // Somebody whom they do not know, or nobody, is no reason to take theirs away.
    assignee: assignee ?? link?.seen?.assignee ?? null,
    resolution: row.resolution ?? '',
  }
}

/** Is there nothing left to tell the other desk? */
export const isSettled = ({
  wanted,
  seen,
  notes,
}: Pick<SyncLinkRow, 'wanted' | 'seen' | 'notes'>) =>
  notes.length === 0 &&
  seen !== null &&
  (['title', 'priority', 'state', 'assignee'] as const).every(
    (field) => wanted[field] === seen[field],
  )

/** What was over before anybody there could know of it need not be known there. */
const neverAsked = ({ remoteId, status, attempts }: SyncLinkRow): boolean =>
  remoteId === null && status === 'pending' && attempts === 0

const enqueueFor = async (
  work: Work,
  name: string,
  target: SyncTarget,
  row: IncidentRow,
  move: Move,
): Promise<void> => {
  const id = `${name}/${row.id}`
  const [link] = await work.sql.select().from(syncLinks).where(eq(syncLinks.id, id))
  const status = SHARED_STATUS[row.status]
  const over = status === 'resolved' || status === 'closed'
  if (link === undefined && (over || !fits(target, row))) return
  if (link !== undefined && over && neverAsked(link)) {
    await work.sql.delete(syncLinks).where(eq(syncLinks.id, id))
    return
  }
  const wanted = wantedOf(work, target, row, link)
  // What came from there does not go back.
  const noted = move.action === 'notes' && move.actor !== name
  const note = { id: `${row.id}@${row.version}`, text: `${move.actor}: ${move.text}` }
  const notes = [...(link?.notes ?? []), ...(noted ? [note] : [])].slice(-NOTES_MAX)
  const seen = link?.seen ?? null
  const settled = isSettled({ wanted, seen, notes })
  // What is under way is not begun again beside it: its end finds that there is more to say.
  const claimed = link?.status === 'claimed'
  const next = {
    wanted,
    notes,
    ...(claimed ? {} : { status: settled ? ('synced' as const) : ('pending' as const) }),
    ...(claimed || settled ? {} : { dueAt: move.at, attempts: 0 }),
  }
  const identity = { target: name, incidentId: row.id }
  await work.sql
    .insert(syncLinks)
    .values({ id, ...identity, status: 'pending', dueAt: move.at, attempts: 0, ...next })
    .onConflictDoUpdate({ target: syncLinks.id, set: next })
}

/** Called with each transition of an incident. */
export const enqueueSync = async (work: Work, row: IncidentRow, move: Move): Promise<void> => {
  for (const [name, target] of Object.entries(work.settings.sync.targets))
    await enqueueFor(work, name, target, row, move)
}
