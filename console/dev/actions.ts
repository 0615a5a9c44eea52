// What the fixture's service desk does with a person's action.
import type { IncidentDetail } from '../src/api/types.ts'

const LEADS_TO: Readonly<Record<string, IncidentDetail['status']>> = {
  acknowledge: 'acknowledged',
  start: 'in-progress',
  resume: 'in-progress',
  hold: 'on-hold',
  resolve: 'resolved',
  reopen: 'reopened',
  close: 'closed',
  merge: 'merged',
}

/** @param at ISO time of the action */
export const patchFor = (
  incident: IncidentDetail,
  action: string,
  body: Readonly<Record<string, unknown>>,
  at: string,
): Partial<IncidentDetail> => {
  const text = String(
    body.text ?? body.reason ?? body.resolution ?? body.ci ?? body.command ?? action,
  )
  const id = `${incident.id}-${incident.version}`
  return {
    status: LEADS_TO[action] ?? incident.status,
    timeline: [...incident.timeline, { id, at, kind: action, text, actor: 'local' }],
    ...(action === 'rate' && {
      rating: { rating: Number(body.rating), times: 1, by: 'local', at },
    }),
    ...(action === 'assign' && { assignee: String(body.assignee ?? '') }),
    ...(action === 'resolve' && { resolvedAt: at }),
    ...(action === 'merge' && { mergedInto: String(body.into) }),
  }
}
