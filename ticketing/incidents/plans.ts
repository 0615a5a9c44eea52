// What each action on an incident would change, worked out before anything is changed.
import { and, eq, inArray } from 'drizzle-orm'
import { hash64 } from '../../domain/hash.ts'
import type { CommandRecord, MembershipDecision } from '../../domain/records.ts'
import { type IncidentBody, RATINGS_MAX } from '../api/bodies.ts'
import { noteVerdict } from '../changes/suspects.ts'
import { type Refusal, refuse } from '../commands/outcome.ts'
import type { IncidentAction } from '../lifecycles/incident.ts'
import { absence } from '../people/absent.ts'
import { alerts, type IncidentDetails, type IncidentRow, type TaskRow } from '../store/schema.ts'
import { newTask } from '../tasks/task.ts'
import type { Work } from '../work.ts'
import { incidentNamed, problemNamed } from './named.ts'
import { assess } from './ticket.ts'

export interface Plan {
  readonly text: string
  readonly patch?: Partial<IncidentRow>
  /** For the correlator, which owns membership. */
  readonly decision?: MembershipDecision
  readonly result?: Record<string, unknown>
  readonly tasks?: readonly TaskRow[]
  /** Another incident that changes with it. */
  readonly other?: IncidentRow
  /** What follows once the incident has moved. */
  readonly afterwards?: () => Promise<void>
}

type Planner<A extends IncidentAction> = (
  row: IncidentRow,
  body: IncidentBody<A>,
  work: Work,
  command: CommandRecord,
) => Plan | Refusal | Promise<Plan | Refusal>

const assign: Planner<'assign'> = async (row, { assignee, team }, work) => {
  if (assignee === undefined && team === undefined)
    return refuse('invalid', 'name an assignee, a team or both; null takes one away')
  const to = {
    assignee: assignee === undefined ? row.assignee : assignee,
    team: team === undefined ? row.team : team,
  }
  const gone = await absence(work.sql, [assignee], team)
  if (gone !== undefined) return gone
  const hadOne = row.assignee !== null || row.team !== null
  const moved = to.assignee !== row.assignee || to.team !== row.team
  const names = [to.assignee, to.team].filter((name) => name !== null)
  return {
    text: names.length === 0 ? 'Assigned to nobody' : `Assigned to ${names.join(', ')}`,
    patch: { ...to, reassignmentCount: row.reassignmentCount + (hadOne && moved ? 1 : 0) },
  }
}

const prioritise: Planner<'prioritise'> = async (row, { priority, reason }, work) => {
  if (priority !== undefined)
    return {
      text: `Priority ${priority} (was ${row.priority}): ${reason}`,
      patch: { priority, priorityReason: reason },
    }
  const derived = await assess(work, row.correlation)
  return {
    text: `Priority ${derived.priority} by impact and urgency again: ${reason}`,
    patch: { ...derived, priorityReason: null },
  }
}

/** Another incident that alerts can go to: known, in the same scope, not merged away. */
const destination = async (
  work: Work,
  row: IncidentRow,
  named: string,
): Promise<IncidentRow | Refusal> => {
  const other = await incidentNamed(work, named)
  if (other === undefined) return refuse('invalid', `there is no incident ${named}`)
  if (other.id === row.id) return refuse('invalid', 'an incident cannot be joined with itself')
  if (other.scope !== row.scope)
    return refuse('invalid', `${other.number} is in another scope (${other.scope})`)
  if (other.status === 'merged') return refuse('invalid', `${other.number} was itself merged`)
  return other
}

export const isRefusal = (value: object): value is Refusal =>
  'kind' in value && value.kind === 'refused'

const strangers = async (
  work: Work,
  row: IncidentRow,
  alertIds: readonly string[],
): Promise<Refusal | undefined> => {
  const own = await work.sql
    .select({ id: alerts.id })
    .from(alerts)
    .where(and(eq(alerts.incidentId, row.id), inArray(alerts.id, [...alertIds])))
  const known = new Set(own.map(({ id }) => id))
  const foreign = alertIds.filter((id) => !known.has(id))
  return foreign.length === 0
    ? undefined
    : refuse('invalid', `not alerts of ${row.number}: ${foreign.slice(0, 10).join(', ')}`)
}

const merge: Planner<'merge'> = async (row, { into }, work) => {
  const other = await destination(work, row, into)
  if (isRefusal(other)) return other
  return {
    text: `To be merged into ${other.number}`,
    decision: { action: 'merge', incidentId: row.id, into: other.id },
  }
}

const split: Planner<'split'> = async (row, { alertIds }, work, command) => {
  const refusal = await strangers(work, row, alertIds)
  if (refusal !== undefined) return refusal
  if (alertIds.length >= row.alertCount)
    return refuse('invalid', 'a split must leave at least one alert behind')
  const newIncidentId = `split-${hash64(command.id)}`
  return {
    text: `${alertIds.length} alerts to be split off`,
    decision: { action: 'split', incidentId: row.id, alertIds, newIncidentId },
    result: { newIncidentId },
  }
}

const move: Planner<'move'> = async (row, { alertIds, to }, work) => {
  const other = await destination(work, row, to)
  if (isRefusal(other)) return other
  const refusal = await strangers(work, row, alertIds)
  return (
    refusal ?? {
      text: `${alertIds.length} alerts to be moved to ${other.number}`,
      decision: { action: 'move', alertIds, from: row.id, to: other.id },
    }
  )
}

const hintChoice =
  (action: 'confirm-hint' | 'reject-hint', word: string): Planner<'confirm-hint'> =>
  (row, { ci, change }, work, command) => ({
    text: `${word} as the root cause: ${change === undefined ? ci : `change ${change} on ${ci}`}`,
    decision: { action, incidentId: row.id, ci, ...(change === undefined ? {} : { change }) },
    async afterwards() {
      const verdict = action === 'confirm-hint' ? 'match' : 'no-match'
      if (change !== undefined) await noteVerdict(work, change, row, verdict, command)
    },
  })

const problemChoice =
  (action: 'same-problem' | 'not-same-problem', word: string): Planner<'link-problem'> =>
  async (row, { problemId: named }, work) => {
    const problem = await problemNamed(work, named)
    if (problem === undefined) return refuse('invalid', `there is no problem ${named}`)
    return {
      text: `${word} ${problem.number}`,
      decision: { action, incidentId: row.id, problemId: problem.id },
    }
  }

const because = (sentence: string, reason: string | undefined): string =>
  reason === undefined ? sentence : `${sentence}: ${reason}`

const tasks: Planner<'tasks'> = (row, { title, assignee, kind }, work, command) => {
  const task = newTask(work, row.id, kind ?? 'task', title, command)
  return {
    text: `To do: ${title}`,
    tasks: [assignee === undefined ? task : { ...task, assignee }],
    result: { taskId: task.id },
  }
}

const runbook: Planner<'runbook'> = async (row, { process }, work, command) => {
  const found = await work.processes.get(process)
  if (found === undefined || found.kind !== 'runbook' || found.retired)
    return refuse('invalid', `there is no runbook ${process}`)
  const { name, version, body } = found
  return {
    text: `Runbook ${name}, version ${version}, begun`,
    tasks: body.steps.map((step, nth) => newTask(work, row.id, 'runbook-step', step, command, nth)),
  }
}

const WATCHERS_MAX = 200

const watching =
  (on: boolean): Planner<'watch'> =>
  (row, { person }, _work, { actor }) => {
    const who = person ?? actor
    const others = (row.details.watchers ?? []).filter((name) => name !== who)
    if (on && others.length >= WATCHERS_MAX)
      return refuse('invalid', `more than ${WATCHERS_MAX} watchers`)
    const watchers = on ? [...others, who] : others
    return {
      text: on ? `${who} watches` : `${who} no longer watches`,
      patch: { details: { ...row.details, watchers } },
    }
  }

const RELATED_MAX = 100

const withRelated = (row: IncidentRow, id: string, on: boolean): IncidentRow => {
  const others = (row.details.related ?? []).filter((each) => each !== id)
  return { ...row, details: { ...row.details, related: on ? [...others, id] : others } }
}

const relating =
  (on: boolean): Planner<'relate'> =>
  async (row, { incident }, work) => {
    const other = await incidentNamed(work, incident)
    if (other === undefined) return refuse('invalid', `there is no incident ${incident}`)
    if (other.id === row.id) return refuse('invalid', 'an incident is not related to itself')
    if (on && (row.details.related ?? []).length >= RELATED_MAX)
      return refuse('invalid', `more than ${RELATED_MAX} related incidents`)
    return {
      text: on ? `Related to ${other.number}` : `No longer related to ${other.number}`,
      patch: { details: withRelated(row, other.id, on).details },
      other: withRelated(other, row.id, on),
    }
  }

/** null takes a role away, absent leaves it. */
const roles: Planner<'roles'> = async (row, body, work) => {
  const named = Object.entries(body) as [keyof typeof body, string | null][]
  if (named.length === 0) return refuse('invalid', 'name a commander, communications or both')
  const gone = await absence(
    work.sql,
    named.map(([, person]) => person),
  )
  if (gone !== undefined) return gone
  const kept = Object.entries(row.details).filter(([key]) => !named.some(([role]) => role === key))
  const given = named.filter(([, person]) => person !== null)
  return {
    text: named.map(([role, person]) => `${role}: ${person ?? 'nobody'}`).join(', '),
    patch: { details: Object.fromEntries([...kept, ...given]) as IncidentDetails },
  }
}

const review: Planner<'review'> = (row, body, _work, { actor, at }) => ({
  text: 'The review was written',
  patch: { details: { ...row.details, review: { ...body, by: actor, at } } },
})

const rate: Planner<'rate'> = (row, { rating, comment }, _work, { actor, at }) => {
  const times = (row.details.rating?.times ?? 0) + 1
  if (times > RATINGS_MAX) return refuse('invalid', `rated ${RATINGS_MAX} times already`)
  const said = comment === undefined ? {} : { comment }
  return {
    text: because(`Rated ${rating} of 5`, comment),
    patch: { details: { ...row.details, rating: { rating, times, by: actor, at, ...said } } },
  }
}

export const PLANNERS: { readonly [A in IncidentAction]: Planner<A> } = {
  acknowledge: (_row, { note }) => ({ text: because('Acknowledged', note) }),
  start: () => ({ text: 'Work began' }),
  hold: (_row, { reason }) => ({ text: `On hold: ${reason}`, patch: { holdReason: reason } }),
  resume: () => ({ text: 'Work goes on' }),
  resolve: (row, { resolution }) => ({
    text: because('Resolved', resolution),
    patch: { resolution: resolution ?? null },
    decision: { action: 'resolve', incidentId: row.id },
  }),
  close: () => ({ text: 'Closed' }),
  reopen: (row, { reason }) => ({
    text: because('Reopened', reason),
    decision: { action: 'reopen', incidentId: row.id },
  }),
  notes: (_row, { text }) => ({ text }),
  tasks,
  watch: watching(true),
  unwatch: watching(false),
  relate: relating(true),
  unrelate: relating(false),
  review,
  rate,
  runbook,
  assign,
  roles,
  prioritise,
  merge,
  split,
  move,
  'confirm-hint': hintChoice('confirm-hint', 'Confirmed'),
  'reject-hint': hintChoice('reject-hint', 'Ruled out'),
  'link-problem': problemChoice('same-problem', 'Belongs to'),
  'unlink-problem': problemChoice('not-same-problem', 'Does not belong to'),
}
