// What people do with incidents: each action as one plan, all of them carried out the same way.
import type { CommandRecord } from '../../domain/records.ts'
import { INCIDENT_BODIES, type IncidentBody } from '../api/bodies.ts'
import { type Command, type Done, difference } from '../commands/command.ts'
import { refuse } from '../commands/outcome.ts'
import {
  INCIDENT_ACTIONS,
  type IncidentAction,
  legalIncidentActions,
} from '../lifecycles/incident.ts'
import type { IncidentRow } from '../store/schema.ts'
import type { Work } from '../work.ts'
import { keepDecision } from './decisions.ts'
import { isRefusal, PLANNERS } from './plans.ts'
import { targetState, transition } from './ticket.ts'

/** Decisions that only the correlator's answer makes true. */
const PENDING: ReadonlySet<IncidentAction> = new Set(['merge', 'split', 'move'])

const auditable = ({ correlation: _, change: __, ...row }: IncidentRow) => row

const carryOut = async <A extends IncidentAction>(
  action: A,
  work: Work,
  command: CommandRecord,
): Promise<Done> => {
  const { target, actor, at } = command
  const row = await work.incidents.get(target)
  if (row === undefined) return { outcome: refuse('not-found', `there is no incident ${target}`) }
  const { version } = row
  if (command.ifVersion !== undefined && command.ifVersion !== version)
    return {
      outcome: refuse('version-conflict', `${row.number} has moved on to version ${version}`, {
        version,
      }),
    }
  if (targetState(row, action) === null)
    return {
      outcome: refuse('illegal-transition', `${action} is not legal: it is ${row.status}`, {
        legalActions: legalIncidentActions(row.status),
      }),
    }
  const body = command.body as IncidentBody<A>
  const plan = await PLANNERS[action](row, body, work, command)
  if (isRefusal(plan)) return { outcome: plan }
  const { text, patch, decision, result, tasks = [], other, afterwards } = plan
  const changed = await transition(work, row, {
    action,
    actor,
    at,
    text,
    ...(patch ? { patch } : {}),
  })
  tasks.forEach(work.tasks.put)
  if (other !== undefined) work.incidents.put(other)
  await afterwards?.()
  if (decision !== undefined) {
    work.decide(row.scope, { kind: 'membership', at, commandId: command.id, actor, decision })
    await keepDecision(work, row, decision, command, text)
  }
  return {
    outcome: {
      kind: 'applied',
      target,
      version: changed.version,
      ...(PENDING.has(action) ? { pending: true } : {}),
      // By its command a decision can be taken back.
      ...(decision === undefined && result === undefined
        ? {}
        : { result: { ...result, ...(decision && { command: command.id }) } }),
    },
    ...difference(auditable(row), auditable(changed)),
  }
}

export const incidentCommands = (): [string, Command][] =>
  INCIDENT_ACTIONS.map((action) => [
    `incident.${action}`,
    {
      body: INCIDENT_BODIES[action],
      apply: (work, command) => carryOut(action, work, command),
    },
  ])
