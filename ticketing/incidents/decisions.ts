// Taking back what people decided about membership: by the id of the command that decided it.
import { and, desc, eq, like, lt } from 'drizzle-orm'
import { type Static, Type } from 'typebox'
import type { MembershipDecision } from '../../domain/records.ts'
import { DAY_MS, isoTime, type Millis } from '../../domain/time.ts'
import { Time } from '../api/schema-parts.ts'
import type { Command, Done } from '../commands/command.ts'
import { refuse } from '../commands/outcome.ts'
import type { DeskSql } from '../store/database.ts'
import type { IncidentRow } from '../store/schema.ts'
import type { Work } from '../work.ts'
import { type DecisionRow, decisions } from './decision-tables.ts'
import { happen } from './ticket.ts'
import { present, timeOrNone } from './views.ts'

/** Decisions can be taken back for this long. */
const KEPT_MS = 90 * DAY_MS
const LISTED_MAX = 100

/** What is taken back by an action of its own instead: an incident resolved is reopened. */
const UNDOABLE: ReadonlySet<MembershipDecision['action']> = new Set([
  'merge',
  'split',
  'move',
  'confirm-hint',
  'reject-hint',
  'same-problem',
  'not-same-problem',
])

const incidentsIn = (decision: MembershipDecision): string[] => {
  switch (decision.action) {
    case 'merge':
      return [decision.incidentId, decision.into]
    case 'split':
      return [decision.incidentId, decision.newIncidentId]
    case 'move':
      return [decision.from, decision.to]
    default:
      return 'incidentId' in decision ? [decision.incidentId] : []
  }
}

const wrapped = (id: string): string => ` ${id} `

/** Keeps a decision with what decided it. */
export const keepDecision = async (
  work: Work,
  row: IncidentRow,
  decision: MembershipDecision,
  { id, at, actor }: { readonly id: string; readonly at: Millis; readonly actor: string },
  summary: string,
): Promise<void> => {
  if (!UNDOABLE.has(decision.action)) return
  await work.sql.insert(decisions).values({
    id,
    incidentId: row.id,
    scope: row.scope,
    at,
    actor,
    summary,
    decision: JSON.stringify(decision),
    about: incidentsIn(decision).map(wrapped).join(''),
    undoneBy: null,
    undoneAt: null,
  })
}

export const forgetDecisions = (work: Work, at: Millis) =>
  work.sql.delete(decisions).where(lt(decisions.at, at - KEPT_MS))

export const UndoBody = Type.Object(
  { command: Type.String({ minLength: 1, maxLength: 256 }) },
  { additionalProperties: false },
)

const undo: Command = {
  body: UndoBody,
  async apply(work, { id, target, actor, at, body }): Promise<Done> {
    const row = await work.incidents.get(target)
    if (row === undefined) return { outcome: refuse('not-found', `there is no incident ${target}`) }
    const { command } = body as Static<typeof UndoBody>
    const [kept] = await work.sql.select().from(decisions).where(eq(decisions.id, command))
    if (kept === undefined || !kept.about.includes(wrapped(row.id)))
      return { outcome: refuse('invalid', `no decision ${command} about ${row.number} is known`) }
    if (kept.undoneBy !== null)
      return { outcome: refuse('invalid', `${kept.undoneBy} has taken it back already`) }
    const change = { undoneBy: actor, undoneAt: at }
    await work.sql.update(decisions).set(change).where(eq(decisions.id, command))
    const decision = JSON.parse(kept.decision) as MembershipDecision
    work.decide(kept.scope, { kind: 'membership', at, commandId: id, actor, decision, undo: true })
    const text = `To be taken back: ${kept.summary}`
    const changed = await happen(work, row, { action: 'undo', actor, at, text })
    return {
      outcome: { kind: 'applied', target, version: changed.version, pending: true },
      before: { undoneBy: null },
      after: { command, ...change },
    }
  },
}

export const decisionCommands = (): [string, Command][] => [['incident.undo', undo]]

export const DecisionView = Type.Object({
  /** What `undo` names. */
  command: Type.String(),
  action: Type.String(),
  actor: Type.String(),
  at: Time,
  text: Type.String(),
  undoneBy: Type.Optional(Type.String()),
  undoneAt: Type.Optional(Time),
})
export type DecisionView = Static<typeof DecisionView>

const decisionView = (row: DecisionRow): DecisionView => ({
  command: row.id,
  action: (JSON.parse(row.decision) as MembershipDecision).action,
  actor: row.actor,
  at: isoTime(row.at),
  text: row.summary,
  ...present({ undoneBy: row.undoneBy, undoneAt: timeOrNone(row.undoneAt) }),
})

/** `%` and `_` of an id stand for themselves. */
const literally = (id: string): string => id.replace(/[\\%_]/g, '\\$&')

export const decisionQueries = (database: DeskSql) => ({
  /** What people decided about an incident's alerts, newest first. */
  async listDecisions(incidentId: string): Promise<DecisionView[]> {
    const rows = await database
      .select()
      .from(decisions)
      .where(and(like(decisions.about, `%${wrapped(literally(incidentId))}%`)))
      .orderBy(desc(decisions.at), desc(decisions.id))
      .limit(LISTED_MAX)
    return rows.map(decisionView)
  },
})
