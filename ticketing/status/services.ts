// How services are: from what is open and planned, by what reaches them in the CI graph.
import type { Severity } from '../../domain/severity.ts'
import type { Millis } from '../../domain/time.ts'
import type { Graph } from '../cis/graph.ts'
import type { IncidentState } from '../lifecycles/incident.ts'

/** From bad to good: the first that holds is said. */
export const SERVICE_STATES = ['outage', 'degraded', 'maintenance', 'operational'] as const
export type ServiceState = (typeof SERVICE_STATES)[number]

export interface Disturbance {
  readonly number: string
  readonly title: string
  readonly status: IncidentState
  readonly severity: Severity
  readonly openedAt: Millis
  readonly resolvedAt: Millis | null
  readonly cis: readonly string[]
}

export interface PlannedWork {
  readonly title: string
  readonly startsAt: Millis
  readonly endsAt: Millis
  readonly cis: readonly string[]
}

export interface ServiceStatus {
  readonly id: string
  readonly name: string
  readonly state: ServiceState
  /** Open and felt, what hurts most first. */
  readonly disturbances: readonly Disturbance[]
  /** Over, the newest first. */
  readonly past: readonly Disturbance[]
  readonly work: readonly PlannedWork[]
}

/** What an open incident makes of a service: worst where the service itself is hit. */
const stateBy = ({ severity, cis }: Disturbance, service: string): ServiceState => {
  if (severity === 'info') return 'operational'
  return severity === 'critical' && cis.includes(service) ? 'outage' : 'degraded'
}

const worst = (states: readonly ServiceState[]): ServiceState =>
  SERVICE_STATES.find((state) => states.includes(state)) ?? 'operational'

/** Without those that leave the service as it is; the oldest of equally bad ones first. */
const felt = (open: readonly Disturbance[], service: string): Disturbance[] => {
  const rank = (each: Disturbance): number => SERVICE_STATES.indexOf(stateBy(each, service))
  return open
    .filter((each) => stateBy(each, service) !== 'operational')
    .sort((a, b) => rank(a) - rank(b) || a.openedAt - b.openedAt)
}

/** Each of `items` under every service that it reaches. */
const byService = <T extends { readonly cis: readonly string[] }>(
  graph: Graph,
  services: ReadonlySet<string>,
  items: readonly T[],
): Map<string, T[]> => {
  const found = new Map<string, T[]>()
  for (const item of items) {
    const reached = new Set(item.cis.flatMap((ci) => graph.dependants(ci).map(({ id }) => id)))
    for (const id of reached) {
      if (!services.has(id)) continue
      const list = found.get(id)
      if (list === undefined) found.set(id, [item])
      else list.push(item)
    }
  }
  return found
}

/**
 * @param ids the services to be shown, in their order; unknown ones are left out
 * @param disturbances open ones and recent ones
 * @param work under way and to come
 */
export const serviceStates = (
  graph: Graph,
  ids: readonly string[],
  disturbances: readonly Disturbance[],
  work: readonly PlannedWork[],
  now: Millis,
): ServiceStatus[] => {
  const shown = new Set(ids)
  const disturbing = byService(graph, shown, disturbances)
  const planned = byService(graph, shown, work)
  return ids.flatMap((id) => {
    const ci = graph.ci(id)
    if (ci === undefined) return []
    const all = disturbing.get(id) ?? []
    const open = all.filter(({ resolvedAt }) => resolvedAt === null)
    const own = planned.get(id) ?? []
    const maintained = own.some(({ startsAt, endsAt }) => startsAt <= now && now < endsAt)
    return [
      {
        id,
        name: ci.name,
        state: worst([
          ...open.map((each) => stateBy(each, id)),
          ...(maintained ? (['maintenance'] as const) : []),
        ]),
        disturbances: felt(open, id),
        past: all
          .filter(({ resolvedAt }) => resolvedAt !== null)
          .sort((a, b) => b.resolvedAt! - a.resolvedAt!),
        work: own.sort((a, b) => a.startsAt - b.startsAt),
      },
    ]
  })
}

export const overall = (services: readonly ServiceStatus[]): ServiceState =>
  worst(services.map(({ state }) => state))
