// Which incidents a change is suspected of, and what people said: match, or no match.
import type { CommandRecord } from '../../domain/records.ts'
import type { Millis } from '../../domain/time.ts'
import type { ChangeBodyOf } from '../api/bodies.ts'
import { type Refusal, refuse } from '../commands/outcome.ts'
import { incidentNamed } from '../incidents/named.ts'
import type { ChangeRow, IncidentRow } from '../store/schema.ts'
import type { Plan } from '../tickets/ticket.ts'
import type { Work } from '../work.ts'
import { changeIdOf, correlatedId } from './ticket.ts'

export type Verdict = 'match' | 'no-match'

const INCIDENTS_MAX = 500

const withIncident = (row: ChangeRow, id: string): ChangeRow =>
  row.incidentIds.includes(id) || row.incidentIds.length >= INCIDENTS_MAX
    ? row
    : { ...row, incidentIds: [...row.incidentIds, id] }

/** An incident that the correlator suspects a change of, seen from the change. */
export const attachIncident = async (
  work: Work,
  correlated: string,
  incident: { readonly id: string; readonly number: string },
  at: Millis,
): Promise<void> => {
  const row = await work.changes.get(changeIdOf(correlated))
  if (row === undefined) return
  const attached = withIncident(row, incident.id)
  if (attached === row) return
  work.changes.put(attached)
  work.tell({
    id: `${row.id}+${incident.id}`,
    ticketId: row.id,
    at,
    kind: 'suspected',
    text: `${incident.number} may be caused by it`,
    actor: null,
    alertId: null,
  })
}

/** What a person said of a hint that names a change is said of the change too. */
export const noteVerdict = async (
  work: Work,
  correlated: string,
  incident: IncidentRow,
  verdict: Verdict,
  { id, actor, at }: CommandRecord,
): Promise<void> => {
  const row = await work.changes.get(changeIdOf(correlated))
  if (row === undefined) return
  const verdicts = { ...row.verdicts, [incident.id]: verdict }
  work.changes.put({ ...withIncident(row, incident.id), verdicts })
  work.tell({
    id: `${row.id}~${id}`,
    ticketId: row.id,
    at,
    kind: verdict,
    text:
      verdict === 'match'
        ? `Confirmed as the cause of ${incident.number}`
        : `Not the cause of ${incident.number}`,
    actor,
    alertId: null,
  })
}

/** The CI on which the correlator suspects it; else the first that it touches. */
const suspectedOn = (row: ChangeRow, incident: IncidentRow): string => {
  const hint = incident.correlation.hints.find(
    ({ change }) => change !== undefined && changeIdOf(change) === row.id,
  )
  return hint?.ci ?? row.cis[0]!
}

/** A person says it from the change's side: the detector learns of it as of a confirmed hint. */
export const judge =
  (verdict: Verdict) =>
  async (
    row: ChangeRow,
    { incident: named }: ChangeBodyOf<'match'>,
    work: Work,
    { id: commandId, actor, at }: CommandRecord,
  ): Promise<Plan<ChangeRow> | Refusal> => {
    const incident = await incidentNamed(work, named)
    if (incident === undefined) return refuse('invalid', `there is no incident ${named}`)
    const ci = suspectedOn(row, incident)
    const matches = verdict === 'match'
    const words = matches ? 'Confirmed as the cause' : 'Not the cause'
    return {
      text: `${words} of ${incident.number}`,
      patch: {
        incidentIds: withIncident(row, incident.id).incidentIds,
        verdicts: { ...row.verdicts, [incident.id]: verdict },
      },
      afterwards() {
        const decision = {
          action: matches ? ('confirm-hint' as const) : ('reject-hint' as const),
          incidentId: incident.id,
          ci,
          change: correlatedId(row, ci),
        }
        work.decide(incident.scope, { kind: 'membership', at, commandId, actor, decision })
        work.tell({
          id: `${incident.id}~${commandId}`,
          ticketId: incident.id,
          at,
          kind: verdict,
          text: `${row.number} ${row.title}: ${words.toLowerCase()}`,
          actor,
          alertId: null,
        })
        work.incidents.put(incident)
      },
    }
  }
