// A problem's permanent fix: the change that is to remove it, and the watch whether it did.
import { and, eq, inArray, or } from 'drizzle-orm'
import type { Millis } from '../../domain/time.ts'
import { DAY_MS, isoTime } from '../../domain/time.ts'
import { SYSTEM_ACTOR } from '../incidents/ticket.ts'
import type { ChangeRow, ProblemRow } from '../store/schema.ts'
import { changes, incidents, problems } from '../store/schema.ts'
import { moveTicket } from '../tickets/ticket.ts'
import type { Work } from '../work.ts'
import { PROBLEM } from './kind.ts'

/** The change that a person means, by id or number. */
export const findChange = async (
  work: Work,
  idOrNumber: string,
): Promise<ChangeRow | undefined> => {
  await work.changes.flush()
  const [row] = await work.sql
    .select({ id: changes.id })
    .from(changes)
    .where(or(eq(changes.id, idOrNumber), eq(changes.number, idOrNumber)))
    .limit(1)
  return row && work.changes.get(row.id)
}

/** What became of the change that was to fix problems: they are resolved by it, or told why not. */
export const fixesDone = async (work: Work, change: ChangeRow, at: Millis): Promise<void> => {
  await work.problems.flush()
  const waiting = await work.sql
    .select({ id: problems.id })
    .from(problems)
    .where(
      and(
        eq(problems.fixChangeId, change.id),
        inArray(problems.status, ['investigating', 'known-error']),
      ),
    )
    .orderBy(problems.id)
  for (const { id } of waiting) {
    const row = await work.problems.get(id)
    if (row === undefined) continue
    const said = { actor: SYSTEM_ACTOR, at }
    if (change.outcome === 'successful')
      moveTicket(work, PROBLEM, row, {
        ...said,
        action: 'resolve',
        text: `Resolved by ${change.number} ${change.title}; watched from now on`,
        patch: { resolvedAt: at },
      })
    else
      moveTicket(work, PROBLEM, row, {
        ...said,
        action: 'notes',
        text: `Its fix ${change.number} ended ${change.outcome ?? 'without an outcome'}: not resolved`,
      })
  }
}

const EVIDENCE_SHOWN_MAX = 5

/** Incidents of the pattern that began after it was resolved, oldest first. */
const recurrences = async (
  work: Work,
  incidentIds: readonly string[],
  since: Millis,
): Promise<{ number: string; openedAt: Millis }[]> => {
  await work.incidents.load(incidentIds)
  const rows = await Promise.all(incidentIds.map((id) => work.incidents.get(id)))
  return rows
    .flatMap((row) => (row !== undefined && row.openedAt > since ? [row] : []))
    .sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1))
}

const daysBetween = (from: Millis, to: Millis): string => {
  const days = Math.floor((to - from) / DAY_MS)
  return days === 1 ? '1 day' : `${days} days`
}

/** A resolved problem whose pattern is seen again is open again, with what shows it. */
export const reopenIfRecurred = async (
  work: Work,
  row: ProblemRow,
  incidentIds: readonly string[],
  at: Millis,
): Promise<ProblemRow> => {
  const { resolvedAt, status } = row
  if (resolvedAt === null || PROBLEM.lifecycle[status].recur === null) return row
  const seen = await recurrences(work, incidentIds, resolvedAt)
  const [first] = seen
  if (first === undefined) return row
  const change = row.fixChangeId === null ? undefined : await work.changes.get(row.fixChangeId)
  const after = change === undefined ? 'it was resolved' : `${change.number} was to have fixed it`
  const shown = seen
    .slice(0, EVIDENCE_SHOWN_MAX)
    .map(({ number, openedAt }) => `${number} on ${isoTime(openedAt).slice(0, 10)}`)
  const more = seen.length > shown.length ? ` and ${seen.length - shown.length} more` : ''
  return moveTicket(work, PROBLEM, row, {
    action: 'recur',
    actor: SYSTEM_ACTOR,
    at,
    text: `Recurred ${daysBetween(resolvedAt, first.openedAt)} after ${after}: ${shown.join(', ')}${more}`,
    patch: { resolvedAt: null, details: { ...row.details, recurredAt: at } },
  })
}

/** Ids of incidents that a person or the correlator put into the problem and that still need work. */
export const openIncidentsOf = async (work: Work, row: ProblemRow): Promise<string[]> => {
  await work.incidents.flush()
  const found = await work.sql
    .select({ id: incidents.id })
    .from(incidents)
    .where(
      and(
        or(eq(incidents.problemId, row.id), inArray(incidents.id, [...row.candidate.incidentIds])),
        inArray(incidents.status, ['new', 'acknowledged', 'in-progress', 'on-hold', 'reopened']),
      ),
    )
    .orderBy(incidents.openedAt, incidents.id)
  return found.map(({ id }) => id)
}
