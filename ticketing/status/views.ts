// What the status page says: as JSON for programs, with no more of the inside than is to be seen.
import { type Static, Type } from 'typebox'
import { isoTime } from '../../domain/time.ts'
import { Time } from '../api/schema-parts.ts'
import type { IncidentState } from '../lifecycles/incident.ts'
import { type Disturbance, SERVICE_STATES, type ServiceStatus } from './services.ts'

const STEPS = ['noticed', 'being worked on', 'on hold', 'resolved'] as const
type Step = (typeof STEPS)[number]

/** A customer need not know our words for it. */
const STEP_OF: Readonly<Record<IncidentState, Step>> = {
  new: 'noticed',
  reopened: 'noticed',
  acknowledged: 'being worked on',
  'in-progress': 'being worked on',
  'on-hold': 'on hold',
  resolved: 'resolved',
  closed: 'resolved',
  merged: 'resolved',
}

const State = Type.Enum([...SERVICE_STATES])

const DisturbanceView = Type.Object({
  number: Type.String(),
  step: Type.Enum([...STEPS]),
  since: Time,
  resolvedAt: Type.Optional(Time),
  /** Only where the configuration shows titles. */
  title: Type.Optional(Type.String()),
})
type DisturbanceView = Static<typeof DisturbanceView>

export const ServiceStatusView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  status: State,
  incidents: Type.Array(DisturbanceView),
  past: Type.Array(DisturbanceView),
  maintenance: Type.Array(Type.Object({ title: Type.String(), startsAt: Time, endsAt: Time })),
})
export type ServiceStatusView = Static<typeof ServiceStatusView>

export const StatusView = Type.Object({
  title: Type.String(),
  status: State,
  asOf: Time,
  services: Type.Array(ServiceStatusView),
})
export type StatusView = Static<typeof StatusView>

const disturbanceView = (each: Disturbance, titles: boolean): DisturbanceView => ({
  number: each.number,
  step: STEP_OF[each.status],
  since: isoTime(each.openedAt),
  ...(each.resolvedAt === null ? {} : { resolvedAt: isoTime(each.resolvedAt) }),
  ...(titles ? { title: each.title } : {}),
})

export const serviceStatusView = (
  { id, name, state, disturbances, past, work }: ServiceStatus,
  titles: boolean,
): ServiceStatusView => ({
  id,
  name,
  status: state,
  incidents: disturbances.map((each) => disturbanceView(each, titles)),
  past: past.map((each) => disturbanceView(each, titles)),
  maintenance: work.map(({ title, startsAt, endsAt }) => ({
    title,
    startsAt: isoTime(startsAt),
    endsAt: isoTime(endsAt),
  })),
})
