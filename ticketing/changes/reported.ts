// Changes that tools report (deployments and the like): listed beside those that people request.
import { type Static, Type } from 'typebox'
import type { Command } from '../commands/command.ts'
import { refuse } from '../commands/outcome.ts'
import type { ChangeRow } from '../store/schema.ts'
import { moveTicket, openTicketOf } from '../tickets/ticket.ts'
import type { Work } from '../work.ts'
import { CHANGE } from './ticket.ts'

const Instant = Type.Integer({ minimum: 0 })

/** A change as the edge has checked it; see domain/change.ts. */
const Reported = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 256 }),
  ci: Type.String({ minLength: 1, maxLength: 256 }),
  type: Type.String({ maxLength: 64 }),
  summary: Type.String({ minLength: 1, maxLength: 1_024 }),
  startedAt: Instant,
  endedAt: Type.Optional(Instant),
  link: Type.Optional(Type.String({ maxLength: 2_048 })),
})
type Reported = Static<typeof Reported>

const said = ({ type, ci, summary, startedAt, endedAt, link }: Reported) => ({
  type,
  title: summary,
  cis: [ci],
  plannedStart: startedAt,
  plannedEnd: endedAt ?? startedAt,
  startedAt,
  endedAt: endedAt ?? null,
  link: link ?? null,
})

const opened = (work: Work, change: Reported, actor: string, at: number): ChangeRow => ({
  id: change.id,
  number: `CHG-${work.next('change-number')}`,
  origin: 'reported',
  status: change.endedAt === undefined ? 'implementing' : 'closed',
  ...said(change),
  requester: actor,
  assignee: null,
  outcome: null,
  risk: null,
  body: { description: '' },
  assessment: null,
  votes: [],
  incidentIds: [],
  verdicts: {},
  createdAt: at,
  version: 1,
  change: 0,
})

/** A tool that sends no time means each time the first it said. */
const withFirstStart = (known: ChangeRow, change: Reported): Reported => ({
  ...change,
  startedAt: Math.min(change.startedAt, known.startedAt ?? change.startedAt),
})

const report: Command = {
  body: Reported,
  async apply(work, { target, actor, at, body }) {
    const change = body as Reported
    const known = await work.changes.get(target)
    if (known === undefined) {
      const row = opened(work, change, actor, at)
      openTicketOf(work, CHANGE, row, { actor, at, text: `Reported: ${change.summary}` })
      return { outcome: { kind: 'applied', target, version: 1 }, before: {}, after: row }
    }
    if (known.origin !== 'reported')
      return { outcome: refuse('invalid', `${known.number} was requested by people`) }
    const patch = said(withFirstStart(known, change))
    const ends = change.endedAt !== undefined && CHANGE.lifecycle[known.status].report !== null
    if (!ends) work.changes.put({ ...known, ...patch })
    else moveTicket(work, CHANGE, known, { action: 'report', actor, at, text: 'Done', patch })
    return { outcome: { kind: 'applied', target } }
  },
}

export const reportedChangeCommands = (): [string, Command][] => [['change.report', report]]
