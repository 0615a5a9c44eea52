// What people do with problems: accept, analyse, record cause, workaround and fix, close.
import { inArray, or } from 'drizzle-orm'
import type { CommandRecord } from '../../domain/records.ts'
import { PROBLEM_BODIES, type ProblemBody } from '../api/bodies.ts'
import type { Command } from '../commands/command.ts'
import { type Refusal, refuse } from '../commands/outcome.ts'
import { PROBLEM_ACTIONS, type ProblemAction } from '../lifecycles/problem.ts'
import { incidents, type ProblemRow } from '../store/schema.ts'
import { assigning } from '../tickets/assign.ts'
import { type Plan, ticketCommands } from '../tickets/ticket.ts'
import type { Work } from '../work.ts'
import { type Analysis, type Evidence, evidenceOf, linkFault } from './analysis.ts'
import { findChange } from './fix.ts'
import { PROBLEM } from './kind.ts'
import { pushWorkaround } from './workaround.ts'

type Planned = Plan<ProblemRow> | Refusal
type Planner<A extends ProblemAction> = (
  row: ProblemRow,
  body: ProblemBody<A>,
  work: Work,
  command: CommandRecord,
) => Planned | Promise<Planned>

/** Evidence that nobody can follow is none. @returns what leads nowhere, one sentence each */
const unknownEvidence = async (work: Work, evidence: readonly Evidence[]): Promise<string[]> => {
  const faults = evidence.flatMap((each) => linkFault(each) ?? [])
  const graph = await work.graph()
  const named = evidence.flatMap(({ kind, ref }) => (kind === 'incident' ? [ref] : []))
  await work.incidents.flush()
  const found = await work.sql
    .select({ id: incidents.id, number: incidents.number })
    .from(incidents)
    .where(or(inArray(incidents.id, named), inArray(incidents.number, named)))
  const known = new Set(found.flatMap(({ id, number }) => [id, number]))
  for (const { kind, ref } of evidence) {
    if (kind === 'incident' && !known.has(ref)) faults.push(`there is no incident ${ref}`)
    if (kind === 'ci' && graph.ci(ref) === undefined) faults.push(`there is no CI ${ref}`)
    if (kind === 'change' && (await findChange(work, ref)) === undefined)
      faults.push(`there is no change ${ref}`)
  }
  return faults
}

const analyse: Planner<'analyse'> = async (row, analysis: Analysis, work) => {
  const faults = await unknownEvidence(work, evidenceOf(analysis))
  if (faults.length > 0) return refuse('invalid', faults.join('; '))
  const { whys, factors } = analysis
  if (whys === undefined && factors === undefined)
    return refuse('invalid', 'give whys, factors or both')
  const root = whys?.at(-1)?.because
  const said = [
    ...(whys === undefined ? [] : [`${whys.length} whys${root ? `, down to: ${root}` : ''}`]),
    ...(factors === undefined ? [] : [`${factors.length} contributing factors`]),
  ]
  return {
    text: `Analysed: ${said.join('; ')}`,
    patch: { details: { ...row.details, ...analysis } },
  }
}

const workaround: Planner<'workaround'> = (_row, body, work, { at }) => ({
  text:
    body.workaround === null ? 'The workaround was taken back' : `Workaround: ${body.workaround}`,
  patch: { workaround: body.workaround },
  afterwards: (changed) => pushWorkaround(work, changed, at),
})

const recordCause: Planner<'record-cause'> = (_row, body, work, { at }) => ({
  text: `Cause: ${body.cause}`,
  patch: {
    cause: body.cause,
    ...(body.workaround === undefined ? {} : { workaround: body.workaround }),
  },
  async afterwards(changed) {
    if (body.workaround !== undefined) await pushWorkaround(work, changed, at)
  },
})

const fix: Planner<'fix'> = async (_row, { change }, work) => {
  if (change === null) return { text: 'No change is to fix it', patch: { fixChangeId: null } }
  const found = await findChange(work, change)
  if (found === undefined) return refuse('invalid', `there is no change ${change}`)
  return {
    text: `To be fixed by ${found.number} ${found.title}`,
    patch: { fixChangeId: found.id },
  }
}

/** The detector forgets or remembers it with the person's word. */
const tellDetector = (
  work: Work,
  { id, scope }: ProblemRow,
  { id: commandId, actor, at }: CommandRecord,
  undo: boolean,
): void =>
  work.decide(scope, {
    kind: 'membership',
    at,
    commandId,
    actor,
    decision: { action: 'dismiss-problem', problemId: id },
    ...(undo ? { undo: true } : {}),
  })

const dismiss: Planner<'dismiss'> = (row, { reason }, work, command) => ({
  text: `Dismissed: ${reason}`,
  patch: { details: { ...row.details, dismissedBecause: reason } },
  afterwards: (changed) => tellDetector(work, changed, command, false),
})

const accept: Planner<'accept'> = (row, _body, work, command) => {
  const { dismissedBecause: _, ...details } = row.details
  return {
    text: 'Accepted for analysis',
    patch: { details },
    afterwards(changed) {
      if (row.status === 'dismissed') tellDetector(work, changed, command, true)
    },
  }
}

const PLANNERS: { readonly [A in ProblemAction]: Planner<A> } = {
  accept,
  dismiss,
  'record-cause': recordCause,
  resolve: (_row, { resolution }, _work, { at }) => ({
    text: `Resolved: ${resolution}`,
    patch: { resolvedAt: at },
  }),
  close: () => ({ text: 'Closed' }),
  reopen: (_row, { reason }) => ({ text: `Reopened: ${reason}`, patch: { resolvedAt: null } }),
  analyse,
  workaround,
  fix,
  assign: (_row, { assignee }, work) => assigning(work, assignee, 'Owned by'),
  notes: (_row, { text }) => ({ text }),
}

const planFor = <A extends ProblemAction>(
  action: A,
  work: Work,
  row: ProblemRow,
  command: CommandRecord,
): Planned | Promise<Planned> =>
  PLANNERS[action](row, command.body as ProblemBody<A>, work, command)

export const problemCommands = (): [string, Command][] =>
  ticketCommands(
    PROBLEM,
    PROBLEM_ACTIONS,
    PROBLEM_BODIES,
    planFor,
    ({ candidate: _, change: __, ...row }) => row,
  )
