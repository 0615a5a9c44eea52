// The fixture's incidents, how they change, and who hears of it.
import type { IncidentDetail, IncidentSummary } from '../src/api/types.ts'
import { actionsFor, createIncidents } from './incidents.ts'
import { createStream } from './stream.ts'

export interface FixtureOptions {
  /** ms UTC that the data set leads up to. */
  readonly now: number
  /** Default 60. */
  readonly incidents?: number
  /** Asked for, where given. */
  readonly token?: string
  /** False answers 404 where the stream would be. */
  readonly stream?: boolean
  /** Paths that this installation does not have. */
  readonly without?: readonly string[]
}

export const summaryOf = (incident: IncidentDetail): IncidentSummary => {
  const { alerts: _a, timeline: _t, hints: _h, knownErrors: _k, actions: _c, ...summary } = incident
  return summary
}

export const createDesk = ({ now, incidents: count = 60 }: FixtureOptions) => {
  const incidents = createIncidents(now, count)
  const stream = createStream()
  const publish = (incident: IncidentDetail): void =>
    stream.publish({ event: 'incident', data: summaryOf(incident) })

  const change = (id: string, patch: Partial<IncidentDetail>): void => {
    const at = incidents.findIndex((one) => one.id === id)
    const before = incidents[at]
    if (before === undefined) return
    const after = { ...before, ...patch, version: before.version + 1 }
    incidents[at] = { ...after, actions: actionsFor(after.status) }
    publish(incidents[at])
  }

  const add = (incident: IncidentDetail): void => {
    incidents.unshift(incident)
    publish(incident)
  }

  return { incidents, stream, change, add }
}

export type Desk = ReturnType<typeof createDesk>
